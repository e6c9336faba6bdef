"""Folds a Pass into its neighbours: what it assigns is assigned on every way to it, or by what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from translator.asl import Choice, Fail, Machine, Origin, Pass, State
from translator.lower.substitution import substituted
from translator.optimize.drop_unread import is_output
from translator.optimize.ending import ending_elsewhere, share_end
from translator.optimize.failing import fails_apart, may_fail_leaving
from translator.optimize.forward import folded_forward, is_foldable_forward
from translator.optimize.reading import (
    InputReaders,
    is_repeatable,
    reads_its_place,
    reads_variables,
    size_of,
)
from translator.optimize.scope import Scope, in_every_scope
from translator.optimize.ways import Way, can_end, ways_of, with_ways

Chosen: TypeAlias = Callable[[Pass], bool]
"""Which of the Passes that may be folded shall be."""
_LONGEST = 2_000
"""Characters of all that a state evaluates as it is left, beyond which nothing is added."""


def fold(machine: Machine, chosen: Chosen, *, is_deep: bool) -> Machine:
    """The machine without the chosen Passes, wherever a neighbour can do the same.

    With `is_deep` a state that ends its scope may also become a way to another end.

    The state that does a node's work for it names the node in its origin.
    """
    return in_every_scope(machine, partial(_fold_in, chosen, InputReaders(), is_deep))


def _fold_in(chosen: Chosen, readers: InputReaders, is_deep: bool, scope: Scope) -> None:
    free = [key for key, state in scope.states.items() if _is_free(chosen, state) is not None]
    if not free:
        return
    # A scope's first state may read its input: that stays, whatever becomes of the others.
    hands_on = any(readers.reads(state) for key, state in scope.states.items() if key != scope.start)
    for key in free:
        state = _is_free(chosen, scope.states.get(key))
        if state is not None and not (hands_on and state.next):
            _try_to_fold(scope, key, state, is_deep=is_deep)


def _is_free(chosen: Chosen, state: State | None) -> Pass | None:
    """The state, if it is one of those that may be folded."""
    if not isinstance(state, Pass) or state.origin.role != "pass" or reads_its_place(state):
        return None
    return state if chosen(state) else None


def _try_to_fold(scope: Scope, key: str, state: Pass, *, is_deep: bool) -> None:
    """Into all states that lead to it if each of them can, else into the one that follows."""
    if _is_taken_back(scope, key, state):
        _fold_back(scope, key, state)
        return
    following = state.next
    if following is None:
        elsewhere = ending_elsewhere(scope, state) if is_deep else None
        if elsewhere is not None and _is_taken_back(scope, key, elsewhere):
            share_end(scope)
            _fold_back(scope, key, elsewhere)
        return
    is_only_way = following != key and scope.is_reached_once(following)
    if is_only_way and is_foldable_forward(state, scope.states[following]):
        scope.put(following, folded_forward(state, scope.states[following]))
        scope.lead_past(key, following)


def _is_taken_back(scope: Scope, key: str, state: Pass) -> bool:
    leading = dict.fromkeys(scope.leading[key])
    return (
        key != scope.start
        and bool(leading)
        and all(_takes(scope.states[each], key, state) for each in leading)
    )


def _fold_back(scope: Scope, key: str, state: Pass) -> None:
    for each in dict.fromkeys(scope.leading[key]):
        scope.put(each, _with_pass(scope.states[each], key, state))
    scope.drop(key)


def _takes(before: State, key: str, state: Pass) -> bool:
    """Whether a state can do the Pass's work as it leaves, and a history then tells that it did."""
    outputs = outputs_of(state)
    if not outputs or before.origin.node == state.origin.node or not fails_apart(before, state):
        return False
    for place, way in enumerate(ways_of(before)):
        if way.target != key:
            if not outputs.isdisjoint(way.assign):
                return False
        elif (state.next is None and not can_end(before, place)) or not _is_readable(way, state):
            return False
    return size_of(_with_pass(before, key, state)) <= max(_LONGEST, size_of(before))


def _is_readable(way: Way, state: Pass) -> bool:
    """Whether what the Pass reads may be evaluated again in its place."""
    read = reads_variables(state) & way.assign.keys()
    return all(is_repeatable(way.assign[name]) for name in read)


def outputs_of(state: Pass) -> frozenset[str]:
    """The variables that hold the outputs of all nodes whose work the Pass does; none if one has none."""
    nodes = (*state.origin.before, state.origin.node, *state.origin.after)
    found = [name for node in nodes for name in state.assign if is_output(name, node)]
    return frozenset(found) if len(found) >= len(nodes) else frozenset()


def _with_pass(before: State, key: str, state: Pass) -> State:
    """The state that leads to a Pass, doing its work too."""
    ways: list[Way] = []
    output = None
    for way in ways_of(before):
        if way.target == key:
            given = {name: substituted(value, way.assign) for name, value in state.assign.items()}
            output = substituted(state.output, way.assign)
            ways.append(Way(state.next, {**way.assign, **given}))
        else:
            ways.append(way)
    done = with_ways(before, ways)
    if state.next is None and state.has_output and not isinstance(done, (Choice, Fail)):
        done = replace(done, output=output, has_output=True)
    return replace(done, origin=_with_node(before.origin, state))


def _with_node(origin: Origin, folded: Pass) -> Origin:
    own = folded.origin
    failing = own.failing or (own.node if may_fail_leaving(folded) else "")
    nodes = (*own.before, own.node, *own.after)
    return replace(origin, after=(*origin.after, *nodes), failing=origin.failing or failing)
