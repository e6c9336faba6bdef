"""Merges a Choice that only continues another Choice's default into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from translator.asl import Choice, Machine, State, States, with_inner
from translator.asl_targets import targets

_ADDED = frozenset({"entry", "join", "when"})
"""Roles of states that no node asked for: only these may vanish."""


def merge_choices(machine: Machine) -> Machine:
    """The machine with every such pair made one; conditions keep their order."""
    return replace(machine, states=_merged(machine.states))


def _merged(scope: States) -> States:
    states = {key: with_inner(state, _merged) for key, state in scope.states.items()}
    pair = next(_pairs(scope.start_at, states), None)
    while pair is not None:
        first, second = pair
        states[first] = _joined(states[first], states.pop(second))
        pair = next(_pairs(scope.start_at, states), None)
    return States(scope.start_at, states)


def _pairs(start: str, states: Mapping[str, State]) -> Iterator[tuple[str, str]]:
    arrivals = Counter(target for state in states.values() for target in targets(state))
    arrivals[start] += 1
    for key, state in states.items():
        if not isinstance(state, Choice) or state.default is None or state.assign:
            continue
        following = states[state.default]
        if isinstance(following, Choice) and following.origin.role in _ADDED and arrivals[state.default] == 1:
            yield key, state.default


def _joined(first: State, second: State) -> State:
    assert isinstance(first, Choice)
    assert isinstance(second, Choice)
    return replace(first, rules=(*first.rules, *second.rules), default=second.default, assign=second.assign)
