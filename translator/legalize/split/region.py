"""Parts of one scope that can become a machine of their own: one way in, few ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from translator.analyses.components import strongly_connected
from translator.asl import Map, State, States, inner_scopes
from translator.json_value import JsonValue
from translator.legalize.split.reading import (
    ENDED,
    Liveness,
    Outside,
    assigned,
    own_values,
    reads_of_states,
    values,
    ways,
)

Jump: TypeAlias = tuple[str, str]
Jumps: TypeAlias = frozenset[Jump]

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
class Known:
    """What was found out of states, by their identity; keeps them alive. Most are the same after a cut."""

    outside: Outside = field(default_factory=Outside)
    _found: dict[tuple[int, str], tuple[State, bool]] = field(default_factory=dict)

    def may_move(self, state: State, *, is_entry: bool) -> bool:
        """As the function, found out once."""
        if is_entry:
            return may_move(state, is_entry=True)
        return self._once(state, "moves", lambda each: may_move(each, is_entry=False))

    def reads_input(self, state: State) -> bool:
        """As the function, found out once."""
        return self._once(state, "reads", reads_input)

    def _once(self, state: State, question: str, ask: Callable[[State], bool]) -> bool:
        key = id(state), question
        if key not in self._found:
            self._found[key] = (state, ask(state))
        return self._found[key][1]


@dataclass(frozen=True)
class Regions:
    """Looks for regions in a scope; `sizes` are those of its states, in whatever is to become less.

    A loop is in a region as a whole or not at all, unless the jumps that repeat it are in `back`.
    """

    scope: States
    sizes: Mapping[str, int]
    back: Jumps = frozenset()
    known: Known = field(default_factory=Known)

    @cached_property
    def liveness(self) -> Liveness:
        """What is still to be read where."""
        return Liveness(self.scope, self.known.outside)

    @cached_property
    def _headers(self) -> frozenset[str]:
        return frozenset(header for _, header in self.back)

    @cached_property
    def _units(self) -> tuple[tuple[str, ...], ...]:
        """The states in an order in which they run, those of a loop together."""
        return tuple(reversed(strongly_connected(_following(self.scope, self.back))))

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
            if not self._headers.isdisjoint(unit) and behind > place:
                return  # what jumps back to it would come in by a second way
            size += sum(self.sizes[name] for name in unit)
            if size > most or not all(self._may_move(name, entry) for name in unit):
                return
            states += unit
            given |= assigned(self.scope.states[name] for name in unit)
            for target in self._followers(unit):
                ends = ends or target == ENDED
                if target != ENDED and not place <= self._place[target] <= behind:
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
        return not any(self.known.reads_input(self.scope.states[name]) for name in exits)

    def _may_move(self, name: str, entry: str) -> bool:
        return self.known.may_move(self.scope.states[name], is_entry=name == entry)


def jumps_back(scope: States, sizes: Mapping[str, int], most: int) -> Jumps:
    """The jumps that repeat loops with more than `most`, so that what those repeat can be cut.

    A loop with several ways in has none: there is no state that an iteration begins with.
    """
    found: Jumps = frozenset()
    while True:
        following = _following(scope, found)
        large = [
            frozenset(unit)
            for unit in strongly_connected(following)
            if len(unit) > 1 and sum(sizes[name] for name in unit) > most
        ]
        more = {jump for unit in large for jump in _repeating(scope.start_at, unit, following)}
        if not more:
            return found
        found |= more


def _repeating(start: str, unit: frozenset[str], following: Mapping[str, Sequence[str]]) -> Iterator[Jump]:
    entered = {one for name, after in following.items() if name not in unit for one in after} | {start}
    if len(entered & unit) == 1:
        (header,) = entered & unit
        yield from ((name, header) for name in unit if header in following[name])


def _following(scope: States, back: Jumps) -> dict[str, list[str]]:
    return {
        name: [way.target for way in ways(state) if way.target != ENDED and (name, way.target) not in back]
        for name, state in scope.states.items()
    }


def may_move(state: State, *, is_entry: bool) -> bool:
    """Whether a state means the same in another machine, all its variables and the run given."""
    if is_entry and reads_input(state):
        return False
    return not (
        _reads_item(state) or any(map({(), ("context",)}.__contains__, reads_of_states(values(state))))
    )


def _reads_item(state: State) -> bool:
    """Whether it reads the item of a Map around it: in another machine there is none."""
    own: list[JsonValue] = [state.items] if isinstance(state, Map) else list(own_values(state))
    own += [value for way in ways(state) for value in way.assign.values()]
    if any(path[:2] == ("context", "Map") for path in reads_of_states(own)):
        return True
    # What is inside a Map has the items of that one.
    inside = () if isinstance(state, Map) else inner_scopes(state)
    return any(_reads_item(inner) for scope in inside for inner in scope.states.values())


def reads_input(state: State) -> bool:
    """Whether a state reads what the state before it gave as its output."""
    own = [*own_values(state), *(value for way in ways(state) for value in way.assign.values())]
    if any(path[:1] in ((), ("input",)) for path in reads_of_states(own)):
        return True
    # What is inside a Map gets an item.
    inside = () if isinstance(state, Map) else inner_scopes(state)
    return any(reads_input(inner) for scope in inside for inner in scope.states.values())


def whole(scope: States, size: int) -> Region | None:
    """All states of a scope, if they may move."""
    if not all(may_move(state, is_entry=name == scope.start_at) for name, state in scope.states.items()):
        return None
    return Region(scope.start_at, tuple(scope.states), (), size)
