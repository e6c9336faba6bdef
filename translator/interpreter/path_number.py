"""Fields of JSONPath mode that hold a number or a time, or the path to one (`SecondsPath` and the like)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from translator.interpreter.failure import PathFailure
from translator.interpreter.moment import parse_moment
from translator.interpreter.path import View, parse_path
from translator.interpreter.path_flow import Flow
from translator.interpreter.payload import encode
from translator.interpreter.read import COUNT, Bounds, Reader
from translator.interpreter.template import Template
from translator.json_value import JsonValue

Check: TypeAlias = "Callable[[str, str, JsonValue], JsonValue]"
"""Gives the value of a field at a path, or raises PathFailure with what is wrong with it."""


def at_path(flow: Flow, reader: Reader, field: str, check: Check) -> Template | None:
    """What stands in the state's input where the field's path leads, if there is the field."""
    text = reader.text(field)
    if text is None:
        return None
    path = parse_path(text)
    if path is None:
        raise reader.refuse(field, "Value must be a valid JSONPath.")
    first = flow.input()

    def find(view: View) -> JsonValue:
        states = view.names["states"]
        found = path.find(view, first(view, states["input"]))  # type: ignore[index, call-overload]
        if not found:
            raise PathFailure(f"The {field} parameter does not reference an input value: {text}")
        return check(field, text, found[0] if path.definite else found)

    return flow.template(field, find)


def number(
    flow: Flow, reader: Reader, field: str, bounds: Bounds = COUNT, check: Check | None = None
) -> Template | None:
    """A number in the field within the bounds, or at the path in the field with `Path`: a whole one there."""
    reader.alone(field, f"{field}Path")
    reader.number(field, bounds)
    return reader.constant(field) or at_path(flow, reader, f"{field}Path", check or whole)


def whole(field: str, text: str, value: JsonValue) -> JsonValue:
    """A number of things, from 0."""
    number = integer(field, text, value)
    if number < 0:
        raise PathFailure(f"{field.removesuffix('Path')} cannot be negative.")
    return number


def integer(field: str, text: str, value: JsonValue) -> int:
    """A whole number of either sign."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        # Recorded: digits in a string will do.
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _not_valid(field, text, value, "integer")
    return value


def percentage(field: str, text: str, value: JsonValue) -> JsonValue:
    """A number from 0 to 100."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _not_valid(field, text, value, "float")
    if not 0 <= value <= 100:
        raise PathFailure(f"{field.removesuffix('Path')} must be between 0 and 100.")
    return value


def text(field: str, path: str, value: JsonValue) -> JsonValue:
    """The error or the cause of a Fail."""
    if not isinstance(value, str):
        raise _not_valid(field, path, value, "string")
    return value


def _not_valid(field: str, text: str, value: JsonValue, kind: str) -> PathFailure:
    return PathFailure(
        f'The {field} field refers to value "{_shown(value)}" which is not a valid {kind}: {text}'
    )


def seconds(field: str, text: str, value: JsonValue) -> JsonValue:
    """How long a Wait waits."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise PathFailure(
            f"The {field} parameter cannot be parsed as a long value: {text} == {_shown(value)}"
        )
    if value < 0:
        raise PathFailure(f"The {field} parameter references a negative value: {text} == {value}")
    return value


def moment(field: str, text: str, value: JsonValue) -> JsonValue:
    """Until when a Wait waits."""
    if not isinstance(value, str) or not is_moment(value):
        raise PathFailure(
            f"The {field} parameter does not reference a valid ISO-8601 extended offset date-time format "
            f"string: {text} == {_shown(value)}"
        )
    return value


def is_moment(text: str) -> bool:
    """Whether the text is a time of the kind that a Wait takes (ISO 8601, extended, with an offset)."""
    return parse_moment(text) is not None


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else encode(value)
