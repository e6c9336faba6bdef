"""The official JSONata suite, if its folder is named: on what is kept of a value nothing changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from layers.runtime import projection
from layers.runtime.projection import Projection
from layers.runtime.references import BrokenReferenceError, hydrated
from tests.expressions.official_suite import cases, evaluate, needs_the_suite
from translator.projection.reading import read_wants
from translator.projection.want import PASSED

NOT_REPEATABLE = ("$now", "$millis", "$random")


def made_whole(value: Any, document: Any) -> Any:
    try:
        return hydrated(value, lambda _: document)
    except BrokenReferenceError as error:
        return error


@pytest.mark.slow
@needs_the_suite
def test_a_case_of_the_suite_gives_the_same_on_what_is_kept_of_its_data(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "SMALL_BYTES", 0)
    asked, cut, wrong = 0, 0, []
    for case in cases():
        if any(name in case.source for name in NOT_REPEATABLE):
            continue
        want = read_wants(case.tree, PASSED).get("document")
        size = len(json.dumps(case.document))
        kept = None if want is None else Projection("all").of(case.document, want.to_json(), size)
        after = evaluate(case.source, {**case.bindings, "document": kept})
        asked += 1
        cut += len(json.dumps(kept)) < size
        if repr(made_whole(after, case.document)) != repr(evaluate(case.source, case.bindings)):
            wrong.append(case.expression)
    with capsys.disabled():
        print(f"\njsonata suite, same value on what is kept: {asked - len(wrong)}/{asked}, {cut} cut down")  # noqa: T201
    assert wrong == []
