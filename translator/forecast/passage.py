"""What a run takes exactly, from the ways that it took: a sum over ways, each with its own factor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from translator.analyses.components import strongly_connected
from translator.asl import Map, Parallel, State, States, Task, inner_scopes
from translator.asl_targets import targets
from translator.forecast.visit import (
    EVENTS_OF_A_RUN,
    calls,
    events,
    events_of_item,
    events_of_open,
    is_submitted,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run takes."""

    transitions: int = 0
    lambda_calls: int = 0
    history_events: int = 0

    def __add__(self, other: Figures) -> Figures:
        """What two parts take."""
        return Figures(
            self.transitions + other.transitions,
            self.lambda_calls + other.lambda_calls,
            self.history_events + other.history_events,
        )

    def times(self, count: int) -> Figures:
        """What a part takes that happens so often."""
        return Figures(self.transitions * count, self.lambda_calls * count, self.history_events * count)


@dataclass(frozen=True)
class Ways:
    """How one run went, by states' names; nothing that only one way leads on from needs to be told."""

    taken: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How often each target followed a state that several may follow."""
    open: Mapping[tuple[str, bool], int] = field(default_factory=dict)
    """How many visits were never left; true: a failure beside them cut them off, false: their own did."""
    iterations: Mapping[str, int] = field(default_factory=dict)
    """How many iterations of an inline Map were begun."""
    cut_before: Mapping[str, int] = field(default_factory=dict)
    """How often a state would surely have come next when a failure beside it cut its branch off."""
    tried_again: Mapping[str, int] = field(default_factory=dict)
    """How many attempts of a Task came after a failed one."""
    failed_attempts: Mapping[str, int] = field(default_factory=dict)
    """Of a Task, those that another attempt followed, or would have if nothing had cut the pause."""
    uncalled: Mapping[str, int] = field(default_factory=dict)
    """How many visits of a Task failed before it could be called: an expression of its arguments did."""
    failed_expressions: int = 0


def figures_of(states: States, ways: Ways) -> Figures:
    """What the run that took these ways takes."""
    total = Figures(history_events=EVENTS_OF_A_RUN + ways.failed_expressions)
    for name, state, visits in _visits(states, ways, 1):
        total += _of_visit(state).times(visits)
        for is_cut in (False, True):
            less = events(state) - events_of_open(state, is_cut=is_cut)
            total += Figures(history_events=-less).times(ways.open.get((name, is_cut), 0))
        iterations = ways.iterations.get(name, 0)
        total += Figures(history_events=events_of_item(state)).times(iterations)
        total += _of_attempts(name, state, ways)
    return total


def _of_attempts(name: str, state: State, ways: Ways) -> Figures:
    if not isinstance(state, Task):
        return Figures()
    function = calls(state)
    again = Figures(1, function, 2).times(ways.tried_again.get(name, 0))
    failed = Figures(history_events=1).times(ways.failed_attempts.get(name, 0))
    uncalled = Figures(0, -function, -3 - is_submitted(state)).times(ways.uncalled.get(name, 0))
    return again + failed + uncalled


def _of_visit(state: State) -> Figures:
    return Figures(1, calls(state), events(state))


def _visits(scope: States, ways: Ways, runs: int) -> Iterator[tuple[str, State, int]]:
    """Every state of the scope and those inside with its number of visits, if the scope runs so often.

    Where one way leads on, all visits that are left take it; where several do, `ways` says how many.
    """
    visits: Counter[str] = Counter({scope.start_at: runs})
    for (source, target), taken in ways.taken.items():
        if source in scope.states:
            visits[target] += taken
    visits.subtract({name: ways.cut_before.get(name, 0) for name in scope.states})
    for name in _in_order(scope):
        state = scope.states[name]
        follower = only_follower(state)
        if follower is not None:
            left = visits[name] - sum(ways.open.get((name, is_cut), 0) for is_cut in (False, True))
            visits[follower] += left
        yield name, state, visits[name]
        begun = ways.iterations.get(name, 0) if isinstance(state, Map) else visits[name]
        for inner in inner_scopes(state):
            yield from _visits(inner, ways, begun)


def only_follower(state: State) -> str | None:
    """The state that follows whenever this one is left; None if there are several ways on, or none."""
    following = set(targets(state))
    may_end = isinstance(state, (Task, Parallel, Map)) and state.next is None
    return following.pop() if len(following) == 1 and not may_end else None


def _in_order(scope: States) -> list[str]:
    """The states so that each stands behind all that lead to it and to nothing else."""
    followers = {name: only_follower(state) for name, state in scope.states.items()}
    decided = {name: () if one is None else (one,) for name, one in followers.items()}
    return [together[0] for together in reversed(strongly_connected(decided))]
