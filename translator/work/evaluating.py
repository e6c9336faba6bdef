"""Evaluates an expression in a function, as Step Functions would."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

from translator.error_classes import Validation
from translator.json_value import JsonValue


def evaluate(source: str, values: Mapping[str, JsonValue]) -> JsonValue:
    """The value of JSONata source on names and their values, null where it yields nothing.

    Raises Validation with what is wrong.
    """
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
        raise Validation(str(error)) from error
    return None if value is NOTHING else value
