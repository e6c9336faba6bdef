"""The official JSONata suite, if its folder is named: every case is read, rewritten and evaluated."""

from __future__ import annotations

import pytest

from tests.expressions.official_suite import Failed, cases, evaluate, needs_the_suite, suite
from translator.expressions.certainty import may_fail
from translator.expressions.folding import folded
from translator.expressions.rewrite import rewrite
from translator.expressions.syntax import parse_expression

DOCUMENT = "$states.context.document"


@pytest.mark.slow
@needs_the_suite
def test_rewriting_and_folding_an_expression_of_the_suite_does_not_change_its_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rewritten, wrong = 0, []
    for case in cases():
        # Inside a block behind a variable this evaluator has no parent for `%`.
        if not isinstance(case.document, dict) or "%" in case.expression:
            continue
        bindings = {**case.bindings, "states": {"context": {"document": case.document}}}
        before = evaluate(case.source, bindings)
        replaced = folded(rewrite(case.source, {"document": DOCUMENT}))
        rewritten += replaced != case.source
        failed_safely = not may_fail(case.tree) and isinstance(before, Failed)
        if failed_safely or repr(before) != repr(evaluate(replaced, bindings)):
            wrong.append(case.expression)
    with capsys.disabled():
        print(f"\njsonata suite, same value after rewriting: {rewritten - len(wrong)}/{rewritten}")  # noqa: T201
    assert wrong == []
    assert rewritten > 500


@needs_the_suite
def test_an_expression_of_the_suite_is_read_or_refused_as_the_suite_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    every = suite()["cases"]
    right = [
        case
        for case in every
        if (parse_expression(case["expr"]).root is None)
        == str(case.get("code", "")).startswith(("S01", "S02"))
    ]
    with capsys.disabled():
        print(f"\njsonata suite, read or refused: {len(right)}/{len(every)}")  # noqa: T201
    assert len(right) >= 0.99 * len(every)
