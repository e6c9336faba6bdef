"""The official JSONata suite, if its folder is named: every case is read, rewritten and evaluated."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonata2py
import pytest

from translator.expressions.certainty import may_fail
from translator.expressions.rewrite import rewrite
from translator.expressions.syntax import parse_expression

CORPORA = os.environ.get("STEPLOOM_CORPORA")
DOCUMENT = "$states.context.document"


def _evaluate(source: str, bindings: Mapping[str, Any]) -> Any:
    try:
        compiled = jsonata2py.compile(source)
        compiled.set_timeout(1000)
        for name, value in bindings.items():
            compiled.assign(name, value)
        return compiled.evaluate({})
    except jsonata2py.JsonataError as error:
        return ("error", getattr(error, "error_code", None))


@pytest.mark.slow
@pytest.mark.skipif(CORPORA is None, reason="STEPLOOM_CORPORA names no folder with the JSONata suite")
def test_rewriting_an_expression_of_the_suite_does_not_change_its_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    suite = json.loads((Path(str(CORPORA)) / "conformance" / "jsonata_suite.json").read_text())
    rewritten, wrong = 0, []
    for case in suite["cases"]:
        document = suite["datasets"].get(case.get("dataset"), case.get("data"))
        source = f"$document.({case['expr']})"
        tree = parse_expression(source)
        # Inside a block behind a variable this evaluator has no parent for `%`.
        if tree.root is None or not isinstance(document, dict) or "%" in case["expr"]:
            continue
        bindings = {
            **(case.get("bindings") or {}),
            "document": document,
            "states": {"context": {"document": document}},
        }
        before = _evaluate(source, bindings)
        replaced = rewrite(source, {"document": DOCUMENT})
        rewritten += replaced != source
        failed_safely = not may_fail(tree) and isinstance(before, tuple)
        if failed_safely or repr(before) != repr(_evaluate(replaced, bindings)):
            wrong.append(case["expr"])
    with capsys.disabled():
        print(f"\njsonata suite, same value after rewriting: {rewritten - len(wrong)}/{rewritten}")  # noqa: T201
    assert wrong == []
    assert rewritten > 500


@pytest.mark.skipif(CORPORA is None, reason="STEPLOOM_CORPORA names no folder with the JSONata suite")
def test_an_expression_of_the_suite_is_read_or_refused_as_the_suite_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    suite = json.loads((Path(str(CORPORA)) / "conformance" / "jsonata_suite.json").read_text())
    right = [
        case
        for case in suite["cases"]
        if (parse_expression(case["expr"]).root is None)
        == str(case.get("code", "")).startswith(("S01", "S02"))
    ]
    with capsys.disabled():
        print(f"\njsonata suite, read or refused: {len(right)}/{len(suite['cases'])}")  # noqa: T201
    assert len(right) >= 0.99 * len(suite["cases"])
