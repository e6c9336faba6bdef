"""Names of states that the service accepts and people can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from translator.asl import Machine, State, States, inner_scopes, with_inner
from translator.asl_targets import retargeted
from translator.legalize.failing_node import with_failing_nodes
from translator.lower import Lowered

MAX_NAME: Final = 80
"""Characters of a state's name (AWS: Step Functions quotas)."""


def with_names(lowered: Lowered, machine: Machine) -> Machine:
    """The machine with states called by names: unique in the whole machine, at most 80 characters.

    States that would share a name all carry their node's id, so the name of a state depends on no other
    part of the definition than those that wish for the same.
    """
    names = _names(lowered.wishes, machine)
    return replace(machine, states=with_failing_nodes(_renamed(machine.states, names)))


def _names(wishes: Mapping[str, str], machine: Machine) -> Mapping[str, str]:
    origins = {key: state.origin for key, state in _all_states(machine.states)}
    short = {key: _cut(" ".join(wishes[key].split()), MAX_NAME) for key in origins}
    shared = Counter(short.values())
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key, origin in origins.items():
        name = short[key]
        if shared[name] > 1 and origin.node:
            suffix = f" ({origin.node})"
            name = _cut(name, MAX_NAME - len(suffix)) + suffix
        names[key] = _free(name, taken)
        taken.add(names[key])
    return names


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{_cut(name, MAX_NAME - 4)} {number}" in taken:
        number += 1
    return f"{_cut(name, MAX_NAME - 4)} {number}"


def _cut(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1]}…"


def _all_states(scope: States) -> Iterator[tuple[str, State]]:
    for key, state in scope.states.items():
        yield key, state
        for inner in inner_scopes(state):
            yield from _all_states(inner)


def _renamed(scope: States, names: Mapping[str, str]) -> States:
    states: dict[str, State] = {}
    for key, state in scope.states.items():
        states[names[key]] = with_inner(retargeted(state, names), lambda scope: _renamed(scope, names))
    return States(names[scope.start_at], states)
