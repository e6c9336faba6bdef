"""What a typed state's expressions read of the state they stand in, besides variables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.asl import Parallel, Pass, State, States
from translator.expressions.sources import sources as sources_of_value
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue

_PASSED_ON: Final = "input"
_CHANGING: Final = frozenset({"random", "uuid", "now", "millis", "shuffle"})


def sources(value: object) -> Iterator[str]:
    """The source of every expression in a state or value; inner scopes are asked by themselves."""
    pending = [value]
    while pending:
        one = pending.pop()
        parts = getattr(one, "__dataclass_fields__", None)
        if isinstance(one, tuple):
            pending += one
        elif parts is None:
            yield from sources_of_value(one)
        elif not isinstance(one, States):
            pending += [getattr(one, name) for name in parts]


@dataclass(frozen=True)
class InputReaders:
    """Finds the states that read what came before them; what it has found of a scope it remembers."""

    _known: dict[int, tuple[States, bool]] = field(default_factory=dict)
    """By id of a scope, which is kept so that no other gets the id."""

    def reads(self, state: State) -> bool:
        """Whether the state, or one inside it, reads what the state before it gave as `Output`."""
        if any(_reads_states(source, _PASSED_ON) for source in sources(state)):
            return True
        # A Map gives its processor an input of its own.
        return any(map(self._reads_inside, state.branches if isinstance(state, Parallel) else ()))

    def _reads_inside(self, scope: States) -> bool:
        if id(scope) not in self._known:
            self._known[id(scope)] = (scope, any(map(self.reads, scope.states.values())))
        return self._known[id(scope)][1]


def reads_its_place(state: Pass) -> bool:
    """Whether the state's values would be others in another state."""
    return any(
        any(_reads_states(source, name) for name in (_PASSED_ON, "result", "errorOutput", "State"))
        for value in (state.assign, state.output)
        for source in sources(value)
    )


def reads_variables(value: JsonValue | State) -> frozenset[str]:
    """Every variable that the expressions in a value or state read."""
    return frozenset[str]().union(*(parse_expression(source).free_names for source in sources(value)))


def is_repeatable(value: JsonValue) -> bool:
    """Whether evaluating twice gives the same, so that a value may be written where its variable was read."""
    called = (use.name for source in sources(value) for use in parse_expression(source).functions)
    return _CHANGING.isdisjoint(called)


def size_of(value: object) -> int:
    """Characters of all expressions in a state or value."""
    return sum(len(source) for source in sources(value))


def _reads_states(source: str, field: str) -> bool:
    if "$states" not in source:
        return False
    for reference in parse_expression(source).references:
        if reference.name == "states":
            path = reference.path
            if not path or path[0] == field or path[:2] == ("context", field) or path == ("context",):
                return True
    return False
