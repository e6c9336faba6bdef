"""The official JSONata suite, through the evaluator that the machine's expressions go through."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.interpreter.comparison import same_numbers
from tests.interpreter.verdict import Verdict
from translator.expressions.evaluator import (
    NOTHING,
    Ambient,
    EvaluationError,
    ExpressionSyntaxError,
    compile_expression,
)

_REFUSED = "Steploom"
"""The code of what JSONata has and the service refuses."""


def judge_suite(folder: Path) -> list[Verdict]:
    """Evaluate every case."""
    suite = json.loads((folder / "conformance" / "jsonata_suite.json").read_text())
    return [_judge(case, suite["datasets"]) for case in suite["cases"]]


def _judge(case: Mapping[str, Any], datasets: Mapping[str, Any]) -> Verdict:
    family = str(case["id"]).partition("/")[0]
    document = datasets[case["dataset"]] if case.get("dataset") else case.get("data", NOTHING)
    try:
        # Some cases compare with the present day.
        ambient = Ambient(round(time.time() * 1000), random.Random(0))
        value = compile_expression(case["expr"]).evaluate(case.get("bindings") or {}, ambient, document)
        problem = _difference(case, value)
    except (ExpressionSyntaxError, EvaluationError) as error:
        problem = _wrong_code(case, error.code)
    except Exception as error:
        problem = repr(error)
    return Verdict(case["id"], family, problem)


def _wrong_code(case: Mapping[str, Any], code: str) -> str | None:
    if code == _REFUSED:
        # Step Functions has no $eval, so that refusing it is what it does too.
        return None if "$eval" in case["expr"] else "refused"
    expected = case.get("code") or case.get("error", {}).get("code")
    return None if code == expected else f"failed with {code}, not {expected}"


def _difference(case: Mapping[str, Any], value: Any) -> str | None:
    if "code" in case or "error" in case:
        return f"gave {value!r} instead of failing"
    if case.get("undefinedResult"):
        return None if value is NOTHING else f"gave {value!r} instead of nothing"
    expected = case.get("result")
    if case.get("unordered") and isinstance(value, list) and isinstance(expected, list):
        return None if Counter(map(repr, value)) == Counter(map(repr, expected)) else f"gave {value!r}"
    return None if same_numbers(value, expected) else f"gave {value!r}, not {expected!r}"
