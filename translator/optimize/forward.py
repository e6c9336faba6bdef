"""Folds a Pass into the one state that follows it: that state then reads the values in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

from translator.asl import (
    Assigns,
    Catcher,
    Choice,
    ChoiceRule,
    Map,
    Parallel,
    Pass,
    State,
    States,
    Task,
    Wait,
    inner_scopes,
)
from translator.json_value import JsonValue
from translator.lower.substitution import substituted
from translator.optimize.failing import may_fail_leaving
from translator.optimize.reading import is_repeatable, reads_variables, size_of
from translator.optimize.ways import Way, ways_of, with_ways

_LONGEST: Final = 4_000
"""Characters of all that a state evaluates, beyond which nothing is added to it."""


def is_foldable_forward(state: Pass, following: State) -> bool:
    """Whether the state behind a Pass can assign for it and read its values before they are assigned."""
    if not isinstance(following, (Pass, Task, Wait, Choice, Parallel, Map)) or may_fail_leaving(state):
        return False
    assigned = frozenset(state.assign)
    read = reads_variables(following) & assigned
    if not all(is_repeatable(state.assign[name]) for name in read):
        return False
    if size_of(folded_forward(state, following)) > max(_LONGEST, size_of(following)):
        return False
    return not any(_reads_deep(scope, assigned) for scope in inner_scopes(following))


def folded_forward(state: Pass, following: State) -> State:
    """The state behind a Pass, doing the Pass's work first; it knows the Pass's node in its origin."""
    known = state.assign
    changed = {
        field.name: _with_values(getattr(following, field.name), known)
        for field in fields(following)
        if field.name not in {"origin", "next", "default", "branches", "processor"}
    }
    done = replace(following, **changed)
    ways = [Way(way.target, {**known, **way.assign}) for way in ways_of(done)]
    nodes = (*state.origin.before, state.origin.node, *state.origin.after)
    origin = replace(following.origin, before=(*nodes, *following.origin.before))
    return replace(with_ways(done, ways), origin=origin)


def _with_values(value: Any, known: Assigns) -> Any:
    if isinstance(value, tuple):
        return tuple(_with_values(inner, known) for inner in value)
    if isinstance(value, ChoiceRule):
        assign = _with_values(value.assign, known)
        return replace(value, condition=_condition(value.condition, known), assign=assign)
    if isinstance(value, Catcher):
        return replace(value, assign=_with_values(value.assign, known))
    return substituted(value, known) if isinstance(value, (str, Mapping, list)) else value


def _condition(condition: str, known: Assigns) -> str:
    """A condition is always an expression, also where it turns out to be a fixed value."""
    value: JsonValue = substituted(condition, known)
    return value if isinstance(value, str) else f"{{% {'true' if value is True else 'false'} %}}"


def _reads_deep(scope: States, names: frozenset[str]) -> bool:
    return any(
        reads_variables(state) & names or any(_reads_deep(inner, names) for inner in inner_scopes(state))
        for state in scope.states.values()
    )
