"""Whether an event matches a pattern, arrays of objects element by element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from translator.event_pattern.matcher import Exists, Scalar
from translator.event_pattern.pattern import AllOf, OneOf, Pattern
from translator.json_value import JsonValue


def matches(pattern: Pattern, event: JsonValue) -> bool:
    """True if every field of the pattern holds in the event.

    Fields of one object pattern must hold in the same element where the event has an array of objects.
    """
    if isinstance(pattern, OneOf):
        return _leaf(pattern, event)
    return any(_object(pattern, element) for element in _elements(event))


def _object(pattern: AllOf, event: Mapping[str, JsonValue]) -> bool:
    if not all(_field(wanted, name, event) for name, wanted in pattern.fields.items()):
        return False
    return not pattern.choices or any(_object(choice, event) for choice in pattern.choices)


def _field(wanted: Pattern, name: str, event: Mapping[str, JsonValue]) -> bool:
    if name in event:
        return matches(wanted, event[name])
    return _absent(wanted)


def _absent(wanted: Pattern) -> bool:
    """A field that is not there still satisfies `exists: false`, at any depth below it."""
    if isinstance(wanted, OneOf):
        return any(isinstance(matcher, Exists) and not matcher.wanted for matcher in wanted.matchers)
    if not all(_absent(inner) for inner in wanted.fields.values()):
        return False
    return not wanted.choices or any(_absent(choice) for choice in wanted.choices)


def _leaf(pattern: OneOf, value: JsonValue) -> bool:
    scalars = tuple(_scalars(value))
    for matcher in pattern.matchers:
        if isinstance(matcher, Exists):
            if matcher.wanted == bool(scalars):
                return True
        elif any(matcher.holds(scalar) for scalar in scalars):
            return True
    return False


def _elements(value: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    """The objects of a value; something else than an object has no fields."""
    if isinstance(value, list | tuple):
        if not value:
            yield {}
        for item in value:
            yield from _elements(item)
    else:
        yield value if isinstance(value, Mapping) else {}


def _scalars(value: JsonValue) -> Iterator[Scalar]:
    """The plain values of a leaf, those in arrays too; an object or an empty array holds none."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _scalars(item)
    elif not isinstance(value, Mapping):
        assert value is None or isinstance(value, str | int | float)
        yield value
