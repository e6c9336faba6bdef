"""A pattern read into matchers, or refused with the place that is wrong.

Sources: EventBridge user guide, "Comparison operators for use in event patterns"; the semantics of the
service's published rule engine (aws/event-ruler).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from translator.event_pattern.matcher import Matcher
from translator.event_pattern.matcher_reading import read_matcher
from translator.event_pattern.problem import EventPatternError
from translator.json_value import JsonValue

__all__ = ["AllOf", "EventPatternError", "OneOf", "Pattern", "parse_pattern"]

_OR: Final = "$or"
_LEAST_CHOICES: Final = 2


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every named field matches, and for each `$or` one of its patterns."""

    fields: Mapping[str, Pattern]
    choices: tuple[AllOf, ...] = ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """A leaf: one of the matchers holds."""

    matchers: tuple[Matcher, ...]


Pattern: TypeAlias = AllOf | OneOf


def parse_pattern(pattern: JsonValue) -> AllOf:
    """Reads a whole pattern.

    Raises EventPatternError: the path of what is wrong, and what EventBridge wants there.
    """
    if not isinstance(pattern, Mapping):
        raise EventPatternError((), "an event pattern is an object")
    if not pattern:
        raise EventPatternError((), "an empty event pattern matches nothing: name a field")
    return _object(pattern, ())


def _object(pattern: Mapping[str, JsonValue], path: tuple[str, ...]) -> AllOf:
    if not pattern:
        raise EventPatternError(path, "an empty object is no pattern: name a field in it")
    choices = pattern.get(_OR)
    if not _is_choice(choices):
        return AllOf({name: _field(value, (*path, name)) for name, value in pattern.items()})
    fields = {name: _field(value, (*path, name)) for name, value in pattern.items() if name != _OR}
    return AllOf(fields, _choices(choices, (*path, _OR)))


def _is_choice(value: JsonValue) -> bool:
    """A field of an event may be named `$or`, too: then it holds no list of two or more patterns."""
    return (
        isinstance(value, list | tuple)
        and len(value) >= _LEAST_CHOICES
        and all(isinstance(choice, Mapping) and choice for choice in value)
    )


def _choices(choices: JsonValue, path: tuple[str, ...]) -> tuple[AllOf, ...]:
    assert isinstance(choices, list | tuple)
    return tuple(
        _object(choice, (*path, str(index)))
        for index, choice in enumerate(choices)
        if isinstance(choice, Mapping)
    )


def _field(value: JsonValue, path: tuple[str, ...]) -> Pattern:
    if isinstance(value, Mapping):
        return _object(value, path)
    if not isinstance(value, list | tuple):
        raise EventPatternError(path, "a value stands in a list: write [value]")
    if not value:
        raise EventPatternError(path, "an empty list matches nothing: name a value in it")
    return OneOf(tuple(read_matcher(item, path) for item in value))
