"""The most or the least of one figure on any way through a machine, as a formula over its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Final, TypeAlias

from translator.asl import Choice, Fail, Map, Parallel, State, States, Succeed, Task, inner_scopes
from translator.asl_targets import targets
from translator.forecast.cycles import Cycle, Level
from translator.forecast.formula import Extreme, constant, only
from translator.forecast.visit import MOST_CHILDREN, MOST_INLINE, Figure
from translator.legalize.split import part_of

Levels: TypeAlias = Mapping[int, Level]
"""By the identity of a scope."""
Leaving: TypeAlias = Callable[[str, str], Extreme | None]
"""By source and target: what follows an edge that leaves some states; None if it may not be taken."""

_ENDED: Final = ""
_FAILED: Final = "!"
"""The targets of what ends a scope: no state has such a name."""


@dataclass(frozen=True)
class Extent:
    """One figure of one machine: the most of any run, or the least of a run in which nothing fails.

    Retries are no part of it; the figure `retries` counts them by itself.
    """

    figure: Figure
    levels: Levels
    items: Mapping[int, str]
    """By the identity of a Map the count of its items."""
    parts: Mapping[str, States]
    """By name the scopes of machines that parts of the workflow run in."""
    is_most: bool
    _repeats: dict[int, Extreme | None] = field(default_factory=dict)
    _inner: dict[int, Extreme | None] = field(default_factory=dict)
    _scopes: dict[tuple[int, frozenset[str]], Extreme | None] = field(default_factory=dict)

    def of_run(self, scope: States) -> Extreme:
        """The whole run of the top scope."""
        found = self._of_scope(scope, frozenset({_ENDED, _FAILED}))
        of_run = self._constant(self.figure.of_run)
        return of_run if found is None else found + of_run

    def of_repeat(self, cycle: Cycle) -> Extreme | None:
        """One iteration of a cycle, from its header to the jump back; fills in during `of_run`."""
        return self._repeats.get(id(cycle))

    def _constant(self, value: int) -> Extreme:
        return only(constant(value), is_most=self.is_most)

    def _of_scope(self, scope: States, ends: frozenset[str]) -> Extreme | None:
        key = (id(scope), ends)
        if key not in self._scopes:
            nothing = self._constant(0)

            def leaving(_source: str, target: str) -> Extreme | None:
                return nothing if target in ends else None

            level = self.levels[id(scope)]
            self._scopes[key] = self._along(scope.states, level, leaving)[scope.start_at]
        return self._scopes[key]

    def _along(
        self, states: Mapping[str, State], level: Level, leaving: Leaving, header: str | None = None
    ) -> dict[str, Extreme | None]:
        """By state what is to come from it on; a jump to the `header` leaves."""
        known: dict[str, Extreme | None] = {}

        def following(source: str, target: str) -> Extreme | None:
            if target in known and target != header:
                return known[target]
            return leaving(source, target)

        for part in level.parts:
            if isinstance(part, Cycle):
                known.update(self._of_cycle(states, part, following))
            else:
                known[part] = self._of_state(part, states[part], following)
        return known

    def _of_cycle(
        self, states: Mapping[str, State], cycle: Cycle, following: Leaving
    ) -> dict[str, Extreme | None]:
        """Every repeat is an iteration at its most (or least); the last passage leaves the cycle."""
        repeat = self._repeat(states, cycle)

        def out(source: str, target: str) -> Extreme | None:
            return None if target == cycle.header else following(source, target)

        last = self._along(states, cycle.inside, out, cycle.header)
        found: dict[str, Extreme | None] = {}
        for entry in cycle.entries:
            leave = self._either(last[one] for one in {entry: 0, cycle.header: 0})
            found[entry] = leave if leave is None or repeat is None else repeat.times(cycle.count) + leave
        return found

    def _repeat(self, states: Mapping[str, State], cycle: Cycle) -> Extreme | None:
        if id(cycle) not in self._repeats:
            nothing = self._constant(0)

            def back(_source: str, target: str) -> Extreme | None:
                return nothing if target == cycle.header else None

            once = self._along(states, cycle.inside, back, cycle.header)
            self._repeats[id(cycle)] = self._either(once[entry] for entry in (cycle.header, *cycle.entries))
        return self._repeats[id(cycle)]

    def _of_state(self, name: str, state: State, following: Leaving) -> Extreme | None:
        visit = self._constant(self.figure.of_visit(state))
        return self._either(
            (
                _sum(visit, self._either(self._ways(name, state, following))),
                self._failing(name, state, following),
            )
        )

    def _ways(self, name: str, state: State, following: Leaving) -> Iterator[Extreme | None]:
        """What may come behind a visit that is left."""
        if isinstance(state, Fail):
            yield following(name, _FAILED)
        elif isinstance(state, Choice):
            for target in targets(state):
                yield following(name, target)
        elif isinstance(state, Succeed):
            yield following(name, _ENDED)
        else:
            target = _ENDED if state.next is None else state.next
            yield _sum(self._inside(state), following(name, target))
            if isinstance(state, (Task, Parallel, Map)):
                yield from self._caught(name, state, following)

    def _caught(
        self, name: str, state: Task | Parallel | Map, following: Leaving
    ) -> Iterator[Extreme | None]:
        """What follows a failure; where nothing fails, only a branch that ends in a Fail leads there."""
        if isinstance(state, Task) and not self.is_most:
            return
        inside = self._inside(state) if self.is_most else self._cut_short(state)
        for catcher in state.catch:
            more = self._constant(self.figure.of_failing(state, catcher.errors) if self.is_most else 0)
            yield _sum(inside, _sum(more, following(name, catcher.next)))

    def _failing(self, name: str, state: State, following: Leaving) -> Extreme | None:
        """The least of a visit that fails on purpose, with all around it: a branch of it ends in a Fail."""
        if self.is_most or not isinstance(state, (Parallel, Map)):
            return None
        visit = self._constant(self.figure.of_open(state))
        return _sum(visit, _sum(self._cut_short(state), following(name, _FAILED)))

    def _inside(self, state: State) -> Extreme | None:
        """What the scopes inside a state take together."""
        part = part_of(state)
        if part is not None and not self.figure.of_children:
            return self._constant(0)
        scopes = inner_scopes(state) if part is None else (self.parts[part],)
        if not scopes:
            return self._constant(0)
        if id(state) not in self._inner:
            is_map = isinstance(state, Map)
            self._inner[id(state)] = self._of_items(state) if is_map else self._together(scopes)
        return self._inner[id(state)]

    def _of_items(self, state: State) -> Extreme | None:
        """What all iterations of a Map take; where none can end well there may be no items."""
        assert isinstance(state, Map)
        nothing = self._constant(0)
        if state.distributed is not None and not self.figure.of_children:
            return nothing
        inside = self._together((state.processor,))
        if inside is None:
            return nothing
        if self.figure.beside == "longest":
            one_more = inside if self.is_most else nothing
            return one_more + inside.shared(_beside(state)).times(self.items[id(state)])
        return (self._constant(self.figure.of_item(state)) + inside).times(self.items[id(state)])

    def _together(self, scopes: Iterable[States]) -> Extreme | None:
        ends = frozenset({_ENDED, _FAILED}) if self.is_most else frozenset({_ENDED})
        found = [self._of_scope(scope, ends) for scope in scopes]
        if self.figure.beside == "sum":
            return reduce(_sum, found)
        if self.is_most:
            return self._either(found)
        return None if None in found else found[0]

    def _cut_short(self, state: State) -> Extreme | None:
        """One branch fails on purpose; the least of the others is that they have not begun."""
        fail = frozenset({_FAILED})
        return self._either(self._of_scope(scope, fail) for scope in inner_scopes(state))

    def _either(self, found: Iterable[Extreme | None]) -> Extreme | None:
        ways = [one for one in found if one is not None]
        return reduce(Extreme.either, ways) if ways else None


def _beside(state: Map) -> int:
    """How many iterations run at once."""
    most = MOST_INLINE if state.distributed is None else MOST_CHILDREN
    return min(state.max_concurrency or most, most)


def _sum(one: Extreme | None, two: Extreme | None) -> Extreme | None:
    return None if one is None or two is None else one + two
