"""Evaluates expressions where the data is: of transforms that ask for it, and over large outputs."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

from layers.runtime.json_value import JsonValue
from translator.error_classes import Validation


class ExpressionFailedError(Exception):
    """An expression failed; the message is the evaluator's."""


def evaluate(node: str, source: str, values: Mapping[str, Any]) -> JsonValue:
    """The value of JSONata source on names and their values, null where it yields nothing.

    Raises Validation with what is wrong, as Step Functions' own evaluation would fail the node.
    """
    try:
        found = evaluated(source, values)
    except ExpressionFailedError as error:
        raise Validation(f'the expression of node "{node}" failed: {error}') from error
    return None if found is None else found[0]


def evaluated(source: str, values: Mapping[str, Any]) -> tuple[JsonValue] | None:
    """The value, None where the source yields nothing; raises ExpressionFailedError."""
    from translator.expressions.evaluator import (  # noqa: PLC0415 (for few nodes only)
        NOTHING,
        Ambient,
        EvaluationError,
        ExpressionSyntaxError,
        compile_expression,
    )

    ambient = Ambient(int(time.time() * 1000), random.Random())  # noqa: S311 (what $random gives)
    try:
        value = compile_expression(source).evaluate(values, ambient)
    except (EvaluationError, ExpressionSyntaxError) as error:
        raise ExpressionFailedError(str(error)) from error
    return None if value is NOTHING else (value,)
