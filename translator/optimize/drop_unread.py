"""Removes assignments that nothing reads, but for the outputs by which a history shows a node's run."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

from translator.asl import Assigns, Machine, Pass, State, States, inner_scopes, with_inner
from translator.optimize.reading import reads_variables
from translator.optimize.ways import ways_of, with_ways

_NOTHING: Assigns = {}


def drop_unread(machine: Machine) -> Machine:
    """The machine without them; what only such assignments read goes too."""
    read = _read(machine.states)
    return replace(machine, states=_without(machine.states, read))


def is_output(name: str, node: str) -> bool:
    """Whether a variable is the node's output in some scope."""
    return name == node or (name.startswith(f"{node}__") and name.removeprefix(f"{node}__").isdigit())


def _read(scope: States) -> Set[str]:
    """The variables that something reads besides assignments to variables that nothing reads."""
    read: set[str] = set()
    readers: dict[str, list[frozenset[str]]] = {}
    """By variable that is assigned, what the values read that it is given."""
    for state in _all(scope):
        ways = ways_of(state)
        read |= reads_variables(with_ways(state, [replace(way, assign=_NOTHING) for way in ways]))
        for way in ways:
            for name, value in way.assign.items():
                if _shows_a_run(state, name):
                    read |= reads_variables(value)
                else:
                    readers.setdefault(name, []).append(reads_variables(value))
    pending = list(read)
    while pending:
        fresh = frozenset[str]().union(*readers.pop(pending.pop(), ())) - read
        read |= fresh
        pending += fresh
    return read


def _without(scope: States, read: Set[str]) -> States:
    return States(scope.start_at, {key: _lean(state, read) for key, state in scope.states.items()})


def _lean(state: State, read: Set[str]) -> State:
    ways = [
        replace(
            way,
            assign={
                name: value for name, value in way.assign.items() if name in read or _shows_a_run(state, name)
            },
        )
        for way in ways_of(state)
    ]
    return with_inner(with_ways(state, ways), lambda inner: _without(inner, read))


def _shows_a_run(state: State, name: str) -> bool:
    origin = state.origin
    own = (origin.node,) if isinstance(state, Pass) and origin.role == "pass" else ()
    return any(is_output(name, node) for node in (*origin.before, *own, *origin.between, *origin.after))


def _all(scope: States) -> Iterator[State]:
    for state in scope.states.values():
        yield state
        for inner in inner_scopes(state):
            yield from _all(inner)
