"""Which variables typed states read and assign, and which are still to be read where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from translator.asl import (
    Assigns,
    Choice,
    Fail,
    Map,
    Parallel,
    Pass,
    State,
    States,
    Succeed,
    Task,
    Wait,
    inner_scopes,
)
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.lower.draft import reads

ENDED: Final = ""
"""The target of what ends a scope: no state has such a name."""


class Way(NamedTuple):
    """One way out of a state: where it leads, and what is assigned on it."""

    target: str
    assign: Assigns


def ways(state: State) -> Iterator[Way]:
    """All ways out of a state; a Fail has none."""
    if isinstance(state, Fail):
        return
    if isinstance(state, Succeed):
        yield Way(ENDED, {})
    elif isinstance(state, Choice):
        yield from (Way(rule.next, rule.assign) for rule in state.rules)
        if state.default is not None:
            yield Way(state.default, state.assign)
    else:
        yield Way(ENDED if state.next is None else state.next, state.assign)
        if isinstance(state, (Task, Parallel, Map)):
            yield from (Way(catcher.next, catcher.assign) for catcher in state.catch)


def own_values(state: State) -> Iterator[JsonValue]:
    """Everything that a state evaluates itself, without the scopes inside it and without what it assigns."""
    if isinstance(state, (Task, Pass, Wait, Parallel, Map, Succeed)):
        yield state.output
    if isinstance(state, Task):
        yield state.arguments
    elif isinstance(state, Choice):
        yield from (rule.condition for rule in state.rules)
    elif isinstance(state, Wait):
        yield from (state.seconds, state.timestamp)
    elif isinstance(state, Fail):
        yield from (state.error, state.cause)
    elif isinstance(state, Map):
        yield from (state.items, state.selector)
        if state.distributed is not None:
            yield from (state.distributed.written_under, state.distributed.read_from)


def values(state: State) -> Iterator[JsonValue]:
    """Everything that is evaluated in a state and in the scopes inside it."""
    yield from own_values(state)
    yield from (value for way in ways(state) for value in way.assign.values())
    for scope in inner_scopes(state):
        for inner in scope.states.values():
            yield from values(inner)


def assigned(states: Iterable[State]) -> frozenset[str]:
    """The variables that some states of one scope assign, without the scopes inside."""
    return frozenset(name for state in states for way in ways(state) for name in way.assign)


def assigned_anywhere(states: Iterable[State]) -> frozenset[str]:
    """The same with the scopes inside."""
    found: set[str] = set()
    for state in states:
        found |= assigned([state])
        for scope in inner_scopes(state):
            found |= assigned_anywhere(scope.states.values())
    return frozenset(found)


@dataclass(frozen=True)
class Outside:
    """What states read from outside, by their identity; keeps them alive. Most are the same after a cut."""

    _found: dict[int, tuple[State, frozenset[str]]] = field(default_factory=dict)

    def read_by(self, state: State) -> frozenset[str]:
        """As `read_from_outside`, found out once."""
        if id(state) not in self._found:
            self._found[id(state)] = (state, read_from_outside(state))
        return self._found[id(state)][1]


def read_from_outside(state: State) -> frozenset[str]:
    """The variables that a state reads and that none of the scopes inside it assigns."""
    inside = frozenset[str]()
    for scope in inner_scopes(state):
        inside |= assigned_anywhere(scope.states.values())
    return frozenset().union(*(reads(value) for value in _before_leaving(state))) - inside


def _before_leaving(state: State) -> Iterator[JsonValue]:
    yield from own_values(state)
    for scope in inner_scopes(state):
        for inner in scope.states.values():
            yield from values(inner)


@dataclass(frozen=True)
class Liveness:
    """Of one scope: which variables are still to be read where."""

    scope: States
    outside: Outside = field(default_factory=Outside)

    @cached_property
    def on_entry(self) -> Mapping[str, frozenset[str]]:
        """By state what is read from its beginning on before it is assigned again."""
        own = {name: self.outside.read_by(state) for name, state in self.scope.states.items()}
        out = {
            name: [(way.target, frozenset(way.assign), _assigning(way)) for way in ways(state)]
            for name, state in self.scope.states.items()
        }
        live: dict[str, frozenset[str]] = dict.fromkeys(self.scope.states, frozenset())
        changed = True
        while changed:
            changed = False
            for name in reversed(list(self.scope.states)):
                found = own[name]
                for target, given, read in out[name]:
                    found |= read | (live.get(target, frozenset()) - given)
                if found != live[name]:
                    live[name], changed = found, True
        return live


def _assigning(way: Way) -> frozenset[str]:
    return frozenset().union(*(reads(value) for value in way.assign.values()))


_PATH: Final = re.compile(r"\$states((?:\.[A-Za-z_]\w*)+)", re.ASCII)
_PLAIN: Final = re.compile(rf'(?:{_PATH.pattern}|"[^"\\$]*"|\[0\]|[\[\],& ])*', re.ASCII)
"""Paths put together with texts, as most nodes have them each with its own name: not worth a parse."""


def _paths(source: str) -> Iterable[tuple[str, ...]]:
    if _PLAIN.fullmatch(source):
        return (tuple(path.split(".")[1:]) for path in _PATH.findall(source))
    return (one.path for one in parse_expression(source).references if one.name == "states")


def reads_of_states(some: Iterable[JsonValue]) -> Iterator[tuple[str, ...]]:
    """The paths that some values read through `$states`; an empty one where it is read as a whole."""
    for value in some:
        source = source_of(value)
        if source is not None:
            yield from _paths(source)
        elif isinstance(value, Mapping):
            yield from reads_of_states(value.values())
        elif isinstance(value, (list, tuple)):
            yield from reads_of_states(value)
