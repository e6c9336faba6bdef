"""Evaluates expressions where the data is: of transforms that ask for it, and over large outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.runtime.json_value import JsonValue
from translator.error_classes import Validation
from translator.expressions.evaluating import ExpressionFailedError, evaluated


def evaluate(node: str, source: str, values: Mapping[str, Any]) -> JsonValue:
    """The value of JSONata source on names and their values, null where it yields nothing.

    Raises Validation with what is wrong, as Step Functions' own evaluation would fail the node.
    """
    try:
        found = evaluated(source, values)
    except ExpressionFailedError as error:
        raise Validation(f'the expression of node "{node}" failed: {error}') from error
    return None if found is None else found[0]
