"""Lets a Catch tell whose expression failed in a branch: by the name of the state, which the Cause tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from translator.asl import Assigns, Catcher, Map, Parallel, State, States, Task, inner_scopes, with_inner
from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.certainty import may_fail
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.lower.node import BY_STATE, NO_STATES, TOLD, TOLD_OR_BY_STATE
from translator.optimize.reading import sources


def with_failing_nodes(scope: States) -> States:
    """The scope, its states called by their last names, with these names where Catches look for them."""
    states: dict[str, State] = {}
    for name, state in scope.states.items():
        states[name] = with_inner(_with_catches(state), with_failing_nodes)
    return States(scope.start_at, states)


def _with_catches(state: State) -> State:
    if not isinstance(state, (Parallel, Map)) or not any(_asks(catcher) for catcher in state.catch):
        return state
    nodes = dict(_failing(state))
    return replace(state, catch=tuple(_told(catcher, nodes) for catcher in state.catch))


def _asks(catcher: Catcher) -> bool:
    return any(isinstance(value, str) and BY_STATE in value for value in catcher.assign.values())


def _failing(around: State) -> Iterator[tuple[str, str]]:
    """By state inside whose expressions may fail: the node that has failed then."""
    if isinstance(around, Map) and around.distributed is not None:
        return  # it fails by an error of its own
    for scope in inner_scopes(around):
        for name, state in scope.states.items():
            node = state.origin.failing or state.origin.node
            if node and not _tells_itself(state) and _may_fail(state):
                yield name, node
            yield from _failing(state)


def _tells_itself(state: State) -> bool:
    """Whether it is a call that catches its failures and is failed again with its node named."""
    return isinstance(state, Task) and any(EXPRESSION_FAILED in each.errors for each in state.catch)


def _may_fail(state: State) -> bool:
    return any(may_fail(parse_expression(source)) for source in sources(state))


def _told(catcher: Catcher, nodes: dict[str, str]) -> Catcher:
    return replace(catcher, assign=_filled(catcher.assign, nodes))


def _filled(assign: Assigns, nodes: dict[str, str]) -> dict[str, JsonValue]:
    """A value that looks up a state: with all of them, or without looking where there are none."""
    filled: dict[str, JsonValue] = {}
    for name, value in assign.items():
        text = value
        if isinstance(text, str) and BY_STATE in text:
            listed = json.dumps(nodes, ensure_ascii=False)
            plain = text.replace(TOLD_OR_BY_STATE, TOLD).replace(BY_STATE, "")
            text = text.replace(NO_STATES, listed) if nodes else plain
        filled[name] = text
    return filled
