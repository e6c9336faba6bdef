"""Where a state leads inside its own scope, and the same state leading elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from translator.asl import Choice, Fail, Map, Parallel, State, Succeed, Task


def targets(state: State) -> tuple[str, ...]:
    """Every state that may follow, in the order of the definition."""
    if isinstance(state, (Succeed, Fail)):
        return ()
    if isinstance(state, Choice):
        default = () if state.default is None else (state.default,)
        return (*(rule.next for rule in state.rules), *default)
    following = () if state.next is None else (state.next,)
    if isinstance(state, (Task, Parallel, Map)):
        return (*following, *(catcher.next for catcher in state.catch))
    return following


def retargeted(state: State, names: Mapping[str, str]) -> State:
    """The state with every target called by its name in `names`."""
    if isinstance(state, (Succeed, Fail)):
        return state
    if isinstance(state, Choice):
        rules = tuple(replace(rule, next=names[rule.next]) for rule in state.rules)
        default = None if state.default is None else names[state.default]
        return replace(state, rules=rules, default=default)
    following = None if state.next is None else names[state.next]
    if isinstance(state, (Task, Parallel, Map)):
        catch = tuple(replace(catcher, next=names[catcher.next]) for catcher in state.catch)
        return replace(state, next=following, catch=catch)
    return replace(state, next=following)
