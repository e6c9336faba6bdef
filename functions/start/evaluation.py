"""Evaluates the keys of workflow triggers."""

from __future__ import annotations

from collections.abc import Mapping

from layers.runtime.firing.selecting import SelectionError
from layers.runtime.json_value import JsonValue


def evaluate(source: str, names: Mapping[str, JsonValue]) -> JsonValue:
    """The value of JSONata source, null where it yields nothing; raises SelectionError."""
    # Only few firings need it.
    from translator.error_classes import Validation  # noqa: PLC0415
    from translator.expressions import evaluating  # noqa: PLC0415

    try:
        return evaluating.evaluate(source, names)
    except Validation as error:
        raise SelectionError(str(error)) from error
