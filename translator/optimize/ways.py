"""The ways out of a typed state: where each leads and what it assigns, and the same state with other ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from translator.asl import Assigns, Choice, Fail, Map, Parallel, Pass, State, Succeed, Task, Wait


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a state; `target` None ends the scope."""

    target: str | None
    assign: Assigns


def ways_of(state: State) -> tuple[Way, ...]:
    """All of them: of a Choice its rules and its Default, else success first and then the catchers."""
    if isinstance(state, (Succeed, Fail)):
        return ()
    if isinstance(state, Choice):
        rules = tuple(Way(rule.next, rule.assign) for rule in state.rules)
        return rules if state.default is None else (*rules, Way(state.default, state.assign))
    success = Way(state.next, state.assign)
    if isinstance(state, (Task, Parallel, Map)):
        return (success, *(Way(catcher.next, catcher.assign) for catcher in state.catch))
    return (success,)


def with_ways(state: State, ways: Sequence[Way]) -> State:
    """The state with these ways instead of its own, one for one."""
    if isinstance(state, (Succeed, Fail)):
        return state
    if isinstance(state, Choice):
        return _choice(state, ways)
    if isinstance(state, (Pass, Wait)):
        return replace(state, next=ways[0].target, assign=ways[0].assign)
    caught = zip(state.catch, ways[1:], strict=True)
    catch = tuple(replace(one, next=_named(way), assign=way.assign) for one, way in caught)
    return replace(state, next=ways[0].target, assign=ways[0].assign, catch=catch)


def can_end(state: State, place: int) -> bool:
    """Whether the way at this place may end the scope: a Choice and a Catch must name a state."""
    return isinstance(state, (Pass, Wait, Task, Parallel, Map)) and place == 0


def all_assigned(state: State) -> Iterator[str]:
    """The variables that the state assigns, once for each way that does."""
    for way in ways_of(state):
        yield from way.assign


def _choice(state: Choice, ways: Sequence[Way]) -> Choice:
    count = len(state.rules)
    ruled = zip(state.rules, ways[:count], strict=True)
    rules = tuple(replace(one, next=_named(way), assign=way.assign) for one, way in ruled)
    if state.default is None:
        return replace(state, rules=rules)
    return replace(state, rules=rules, default=ways[count].target, assign=ways[count].assign)


def _named(way: Way) -> str:
    assert way.target is not None, "a Choice and a Catch cannot end a scope"
    return way.target
