"""The official JSONata suite, if its folder is named: no case with a result is said to fail."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.shapes.membership import holds
from translator.expressions.syntax import parse_expression
from translator.shapes import kinds
from translator.shapes.expression import infer
from translator.shapes.literal import shape_of
from translator.shapes.shape import ANYTHING, NOTHING, Shape

CORPORA = os.environ.get("STEPLOOM_CORPORA")


def shape_of_data(suite: dict[str, Any], case: dict[str, Any]) -> Shape:
    """The case's data taken as known; without any, nothing."""
    if case.get("dataset"):
        return shape_of(suite["datasets"][case["dataset"]])
    return shape_of(case["data"]) if "data" in case else NOTHING


def is_right(shape: Shape, case: dict[str, Any]) -> bool:
    return shape.may_be(kinds.NOTHING) if case.get("undefinedResult") else holds(shape, case["result"])


@pytest.mark.slow
@pytest.mark.skipif(CORPORA is None, reason="STEPLOOM_CORPORA names no folder with the JSONata suite")
def test_no_case_of_the_suite_that_has_a_result_is_said_to_fail(capsys: pytest.CaptureFixture[str]) -> None:
    suite = json.loads((Path(str(CORPORA)) / "conformance" / "jsonata_suite.json").read_text())
    false_alarms, unsound, foreseen, good, bad, nodes, seconds = [], [], 0, 0, 0, 0, 0.0
    for case in suite["cases"]:
        root = parse_expression(case["expr"]).root
        context = shape_of_data(suite, case)
        names: defaultdict[str, Shape] = defaultdict(lambda: ANYTHING)
        names |= {name: shape_of(value) for name, value in (case.get("bindings") or {}).items()}
        start = time.process_time()
        inferred = infer(case["expr"], names.__getitem__, context)
        seconds += time.process_time() - start
        nodes += sum(1 for _ in root.walk()) if root else 0
        always_fails = any(finding.always_fails for finding in inferred.findings)
        if "code" in case or "error" in case:
            bad += 1
            foreseen += always_fails
            continue
        good += 1
        false_alarms += [case["expr"]] if always_fails else []
        unsound += [] if is_right(inferred.shape, case) else [case["expr"]]
    with capsys.disabled():
        print(  # noqa: T201
            f"\njsonata suite, inferred shapes: {good - len(unsound)}/{good} hold the result, "
            f"{len(false_alarms)} false errors, {foreseen}/{bad} failures foreseen, "
            f"{seconds / nodes * 1e6:.1f} µs a syntax node"
        )
    assert false_alarms == []
    assert unsound == []
    assert foreseen >= 100
