"""Removes a state that was put before a loop and turned out to have nothing to do."""

from __future__ import annotations

from dataclasses import replace

from translator.asl import Machine, Pass, States, with_inner


def drop_empty(machine: Machine) -> Machine:
    """The machine whose scopes start with what does something."""
    return replace(machine, states=_without(machine.states))


def _without(scope: States) -> States:
    states = {key: with_inner(state, _without) for key, state in scope.states.items()}
    first = states[scope.start_at]
    is_empty = isinstance(first, Pass) and first.origin.role == "entry" and not first.assign
    if not is_empty or not isinstance(first, Pass) or first.next is None:
        return States(scope.start_at, states)
    del states[scope.start_at]
    return States(first.next, states)
