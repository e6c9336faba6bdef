"""Turn what a JSONata library returns into JSON as Step Functions prints it."""

from __future__ import annotations

import math
from typing import Any, Final

from translator.expressions.limits import MOST_WRITTEN
from translator.json_value import JsonValue

_LARGEST_PLAIN: Final = 1e21
"""From here on JavaScript, and so the service, prints a number with an exponent."""
_A_SCALAR: Final = 4


class NotJsonError(ValueError):
    """The result is a function or a regular expression."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def to_json(value: Any) -> JsonValue:
    """`value` itself where it is JSON already; whole floats become integers: JSONata has one number type.

    Raises NotJsonError, also where it is too large when written out; RecursionError where it is nested too
    deeply.
    """
    converted: JsonValue = _converted(value, {})[0]
    return converted


_Known = dict[int, tuple[Any, int]]
"""Of what stands in a value, by its identity: what it becomes and how large that is when written."""


def _converted(value: Any, known: _Known) -> tuple[Any, int]:
    kind = type(value)
    if kind is str:
        return value, len(value) + 2
    if kind is int or kind is bool or value is None:
        return value, _A_SCALAR
    if kind is float:
        return _number(value), _A_SCALAR
    if not isinstance(value, list | dict):
        raise NotJsonError("", "The result is a function or a regular expression, which is not JSON.")
    found = known.get(id(value))
    if found is None:
        found = _array(value, known) if isinstance(value, list) else _object(value, known)
        if found[1] > MOST_WRITTEN:
            raise NotJsonError("U1001", f"The result has more than {MOST_WRITTEN} characters.")
        known[id(value)] = found
    return found


def _number(value: float) -> int | float | str:
    if not math.isfinite(value):
        # JSON has no such number: the service gives JavaScript's word for it, also inside of others
        # (measured: https://github.com/floci-io/floci/issues/2737).
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < _LARGEST_PLAIN:
        return int(value)
    return value


def _array(value: list[Any], known: _Known) -> tuple[Any, int]:
    size, is_same, items = len(value) + 2, type(value) is list, []
    for item in value:
        converted, more = _converted(item, known)
        size += more
        is_same = is_same and converted is item
        items.append(converted)
    return (value if is_same else items), size


def _object(value: dict[str, Any], known: _Known) -> tuple[Any, int]:
    size, is_same, fields = 2, True, {}
    for key, item in value.items():
        converted, more = _converted(item, known)
        size += more + len(key) + 4
        is_same = is_same and converted is item
        fields[key] = converted
    return (value if is_same else fields), size
