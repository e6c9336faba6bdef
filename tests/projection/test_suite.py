"""The official JSONata suite, if its folder is named: on what is kept of a value nothing changes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonata2py
import pytest

from layers.runtime import projection
from layers.runtime.projection import Projection
from layers.runtime.references import BrokenReferenceError, hydrated
from translator.expressions.syntax import parse_expression
from translator.projection.reading import read_wants
from translator.projection.want import PASSED

CORPORA = os.environ.get("STEPLOOM_CORPORA")
NOT_REPEATABLE = ("$now", "$millis", "$random")


def evaluate(source: str, bindings: Mapping[str, Any]) -> Any:
    try:
        compiled = jsonata2py.compile(source)
        compiled.set_timeout(1000)
        for name, value in bindings.items():
            compiled.assign(name, value)
        return compiled.evaluate({})
    except jsonata2py.JsonataError as error:
        return f"error {getattr(error, 'error_code', None)}"


def made_whole(value: Any, document: Any) -> Any:
    try:
        return hydrated(value, lambda _: document)
    except BrokenReferenceError as error:
        return error


@pytest.mark.slow
@pytest.mark.skipif(CORPORA is None, reason="STEPLOOM_CORPORA names no folder with the JSONata suite")
def test_a_case_of_the_suite_gives_the_same_on_what_is_kept_of_its_data(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "SMALL_BYTES", 0)
    suite = json.loads((Path(str(CORPORA)) / "conformance" / "jsonata_suite.json").read_text())
    cases, cut, wrong = 0, 0, []
    for case in suite["cases"]:
        document = suite["datasets"].get(case.get("dataset"), case.get("data"))
        source = f"$document.({case['expr']})"
        tree = parse_expression(source)
        if tree.root is None or document is None or any(name in source for name in NOT_REPEATABLE):
            continue
        bindings = {**(case.get("bindings") or {}), "document": document}
        want = read_wants(tree, PASSED).get("document")
        size = len(json.dumps(document))
        kept = None if want is None else Projection("all").of(document, want.to_json(), size)
        after = evaluate(source, {**bindings, "document": kept})
        cases += 1
        cut += len(json.dumps(kept)) < size
        if repr(made_whole(after, document)) != repr(evaluate(source, bindings)):
            wrong.append(case["expr"])
    with capsys.disabled():
        print(f"\njsonata suite, same value on what is kept: {cases - len(wrong)}/{cases}, {cut} cut down")  # noqa: T201
    assert wrong == []
