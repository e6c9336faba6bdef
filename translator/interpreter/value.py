"""Check what a field's expression gave against what the field takes."""

from __future__ import annotations

from translator.interpreter.failure import QueryFailure
from translator.interpreter.template import Template, unexpected
from translator.json_value import JsonValue


def whole_number(template: Template, value: JsonValue) -> int:
    """A number of things or seconds, from 0; raises QueryFailure."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise unexpected(template, "integer", value)
    if value < 0:
        raise QueryFailure(
            f"The value of the field '{template.location}' must be a number from 0 on, but was {value}",
            template.location,
        )
    return value


def percentage(template: Template, value: JsonValue) -> float:
    """A number from 0 to 100; raises QueryFailure."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unexpected(template, "number", value)
    if not 0 <= value <= 100:
        raise QueryFailure(
            f"The value of the field '{template.location}' must be a number from 0 to 100, but was {value}",
            template.location,
        )
    return value


def text(template: Template, value: JsonValue) -> str:
    """A string; raises QueryFailure."""
    if not isinstance(value, str):
        raise unexpected(template, "string", value)
    return value


def boolean(template: Template, value: JsonValue) -> bool:
    """A boolean; raises QueryFailure."""
    if not isinstance(value, bool):
        raise unexpected(template, "boolean", value)
    return value
