"""Ways through a definition as it is written, whether or not it holds together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from translator.interpreter.template import is_expression

_INNER: Final = ("Branches", "ItemProcessor", "Iterator")
_PLAIN: Final = frozenset({"Type", "Comment", "QueryLanguage", "Resource", "Next", "Default", *_INNER})
"""Fields that hold no expressions."""


@dataclass(frozen=True, slots=True)
class Container:
    """A list of states: the machine's, a branch's or a processor's; `place` is empty for the machine."""

    place: str
    start: Any
    states: Mapping[str, Mapping[str, Any]]


def containers(scope: Mapping[str, Any], place: str) -> Iterator[Container]:
    """The scope's own list of states, and all within it."""
    states = scope.get("States")
    if not isinstance(states, Mapping):
        return
    found = {name: state for name, state in states.items() if isinstance(state, Mapping)}
    yield Container(place, scope.get("StartAt"), found)
    for name, state in found.items():
        for field in _INNER:
            inner = state.get(field)
            parts = inner if isinstance(inner, list) else [inner]
            for index, part in enumerate(parts):
                number = f"[{index}]" if isinstance(inner, list) else ""
                if isinstance(part, Mapping):
                    yield from containers(part, f"{place}/States/{name}/{field}{number}")


def targets(value: Any) -> Iterator[str]:
    """What a state leads to, in any of its rules and catchers, but not within its own states."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in {"Next", "Default"} and isinstance(inner, str):
                yield inner
            elif name not in {"States", *_INNER}:
                yield from targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from targets(inner)


def expressions(state: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """The place and the source of each expression of a state, without those of its own states."""
    for name, value in state.items():
        if name not in _PLAIN:
            yield from _expressions(value, f"{place}/{name}")


def _expressions(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and is_expression(value):
        yield place, value[2:-2].strip()
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _expressions(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _expressions(inner, f"{place}[{index}]")
