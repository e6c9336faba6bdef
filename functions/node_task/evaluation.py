"""Evaluates an expression where the data is, for transforms that ask for it."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

from layers.runtime.json_value import JsonValue
from translator.error_classes import Validation


def evaluate(node: str, source: str, values: Mapping[str, Any]) -> JsonValue:
    """The value of JSONata source on names and their values, null where it yields nothing.

    Raises Validation with what is wrong, as Step Functions' own evaluation would fail the node.
    """
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
        raise Validation(f'the expression of node "{node}" failed: {error}') from error
    return None if value is NOTHING else value
