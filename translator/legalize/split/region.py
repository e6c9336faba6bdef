"""Parts of one scope that can become a machine of their own: one way in, few ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from translator.analyses.components import strongly_connected
from translator.asl import Map, State, States
from translator.legalize.split.reading import ENDED, Liveness, assigned, reads_of_states, values, ways

MOST_EXITS: Final = 6
_ENOUGH: Final = 0.6
"""Of the bytes that a region may have: from here on fewer values count for more than more bytes."""


@dataclass(frozen=True, slots=True)
class Region:
    """Some states of a scope: entered at `entry` only; `exits` are the states outside that they lead to.

    A region that ends its scope has no exits.
    """

    entry: str
    states: tuple[str, ...]
    exits: tuple[str, ...]
    size: int
    passing: int = 0
    """How many variables it gives that something behind it reads."""


@dataclass(frozen=True)
class Regions:
    """Looks for regions in a scope; `sizes` are the bytes of its states."""

    scope: States
    sizes: Mapping[str, int]

    @cached_property
    def liveness(self) -> Liveness:
        """What is still to be read where."""
        return Liveness(self.scope)

    @cached_property
    def _units(self) -> tuple[tuple[str, ...], ...]:
        """The states in an order in which they run, those of a loop together."""
        following = {
            name: [way.target for way in ways(state) if way.target != ENDED]
            for name, state in self.scope.states.items()
        }
        return tuple(reversed(strongly_connected(following)))

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {name: place for place, unit in enumerate(self._units) for name in unit}

    def find(self, most_bytes: int) -> Iterator[Region]:
        """Regions that share no state, each as large as it may be; in the order in which they run."""
        place = 0
        crossing: dict[str, int] = {self.scope.start_at: -1}
        while place < len(self._units):
            region, behind = self._from(place, crossing, most_bytes)
            if region is not None:
                yield region
            for one in range(place, behind):
                self._pass(one, crossing)
            place = behind

    def _pass(self, place: int, crossing: dict[str, int]) -> None:
        """`crossing` are the states at or behind a place that something before it leads to."""
        for name in self._units[place]:
            crossing.pop(name, None)
        for name in self._units[place]:
            for way in ways(self.scope.states[name]):
                if way.target != ENDED and self._place[way.target] > place:
                    crossing[way.target] = place

    def _from(self, place: int, crossing: Mapping[str, int], most: int) -> tuple[Region | None, int]:
        """The best region that begins at a place, and the place behind it."""
        entries = [name for name in self._units[place] if name in crossing]
        if len(entries) != 1:
            return None, place + 1
        last = min((self._place[name] for name in crossing if name != entries[0]), default=len(self._units))
        best: tuple[tuple[int, int, int], Region, int] | None = None
        for region, behind in self._growing(entries[0], place, last, most):
            enough = region.size >= _ENOUGH * most
            passing = 2 * len(region.exits) + region.passing
            worth = (0, passing, -region.size) if enough else (1, -region.size, passing)
            if best is None or worth < best[0]:
                best = (worth, region, behind)
        return (None, place + 1) if best is None else (best[1], best[2])

    def _growing(self, entry: str, place: int, last: int, most: int) -> Iterator[tuple[Region, int]]:
        states: list[str] = []
        given: set[str] = set()
        size, ends = 0, False
        exits: dict[str, None] = {}
        for behind in range(place, last):
            unit = self._units[behind]
            size += sum(self.sizes[name] for name in unit)
            if size > most or not all(self._may_move(name, entry) for name in unit):
                return
            states += unit
            given |= assigned(self.scope.states[name] for name in unit)
            for target in self._followers(unit):
                ends = ends or target == ENDED
                if target != ENDED and self._place[target] > behind:
                    exits[target] = None
            for name in unit:
                exits.pop(name, None)
            if self._is_closed(exits, ends=ends):
                live = frozenset[str]().union(*(self.liveness.on_entry[name] for name in exits))
                yield Region(entry, tuple(states), tuple(exits), size, len(given & live)), behind + 1

    def _followers(self, unit: Iterable[str]) -> Iterator[str]:
        return (way.target for name in unit for way in ways(self.scope.states[name]))

    def _is_closed(self, exits: Mapping[str, None], *, ends: bool) -> bool:
        """Whether it either ends its scope or leads on, to few states that need nothing but variables."""
        if (exits and ends) or len(exits) > MOST_EXITS:
            return False
        return not any(reads_input(self.scope.states[name]) for name in exits)

    def _may_move(self, name: str, entry: str) -> bool:
        return may_move(self.scope.states[name], is_entry=name == entry)


def may_move(state: State, *, is_entry: bool) -> bool:
    """Whether a state means the same in another machine, all its variables and the run given."""
    for path in reads_of_states(values(state)):
        if path in {(), ("context",)} or (is_entry and path[:1] == ("input",)):
            return False
        # A Map brings its item along; without it there is none in another machine.
        if path[:2] == ("context", "Map") and not isinstance(state, Map):
            return False
    return True


def reads_input(state: State) -> bool:
    """Whether a state reads what the state before it gave as its output."""
    return any(path[:1] in ((), ("input",)) for path in reads_of_states(values(state)))


def whole(scope: States, size: int) -> Region | None:
    """All states of a scope, if they may move."""
    if not all(may_move(state, is_entry=name == scope.start_at) for name, state in scope.states.items()):
        return None
    return Region(scope.start_at, tuple(scope.states), (), size)
