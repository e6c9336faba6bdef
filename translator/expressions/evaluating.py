"""Evaluates an expression in a function, as Step Functions would."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

from translator.error_classes import Validation
from translator.json_value import JsonValue


class ExpressionFailedError(Exception):
    """An expression failed; the message is the evaluator's."""


def evaluate(source: str, values: Mapping[str, JsonValue]) -> JsonValue:
    """The value of JSONata source on names and their values, null where it yields nothing.

    Raises Validation with what is wrong.
    """
    try:
        found = evaluated(source, values)
    except ExpressionFailedError as error:
        raise Validation(str(error)) from error
    return None if found is None else found[0]


def evaluated(source: str, values: Mapping[str, JsonValue]) -> tuple[JsonValue] | None:
    """The value, None where the source yields nothing; raises ExpressionFailedError."""
    # Few invocations evaluate anything: the others need not wait for the evaluator.
    from translator.expressions.evaluator import (  # noqa: PLC0415
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
