"""Turn what a JSONata library returns into JSON as Step Functions prints it."""

from __future__ import annotations

import math
from typing import Any, Final

from translator.json_value import JsonValue

_LARGEST_PLAIN: Final = 1e21
"""From here on JavaScript, and so the service, prints a number with an exponent."""


class NotJsonError(ValueError):
    """The result is a function, a regular expression or no finite number."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def to_json(value: Any) -> JsonValue:
    """`value` itself where it is JSON already; whole floats become integers: JSONata has one number type."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value  # type: ignore[no-any-return]
    if kind is float:
        return _number(value)
    if isinstance(value, list):
        return _array(value)
    if isinstance(value, dict):
        return _object(value)
    raise NotJsonError("", "The result is a function or a regular expression, which is not JSON.")


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise NotJsonError("D1001", f"Number out of range: {value}")
    if value.is_integer() and abs(value) < _LARGEST_PLAIN:
        return int(value)
    return value


def _array(value: list[Any]) -> JsonValue:
    converted = [to_json(item) for item in value]
    if type(value) is list and all(new is old for new, old in zip(converted, value, strict=True)):
        return value
    return converted


def _object(value: dict[str, Any]) -> JsonValue:
    converted = {key: to_json(item) for key, item in value.items()}
    if all(converted[key] is item for key, item in value.items()):
        return value
    return converted
