"""What must come before what, among the nodes of one part: reduced to the edges that say something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.analyses.bits import Bits, members, set_of

_MANY: Final = 3


@dataclass(frozen=True)
class PartialOrder:
    """Places 0, 1, … in a topological order; no edge that follows from others is left."""

    predecessors: Sequence[tuple[int, ...]]
    successors: Sequence[tuple[int, ...]]
    ancestors: Sequence[Bits]
    descendants: Sequence[Bits]
    beside: Sequence[Bits]
    """By place its predecessors and successors."""

    @property
    def everything(self) -> Bits:
        """All places."""
        return (1 << len(self.predecessors)) - 1

    def parts(self, inside: Bits) -> list[Bits]:
        """The connected components of a convex set."""
        found: list[Bits] = []
        while inside:
            part = self._part(inside)
            found.append(part)
            inside &= ~part
        return found

    def is_connected(self, inside: Bits) -> bool:
        """Whether a set is one part."""
        return self._part(inside) == inside

    def _part(self, inside: Bits) -> Bits:
        """The component of the least place."""
        part = frontier = inside & -inside
        while frontier:
            low = frontier & -frontier
            fresh = self.beside[low.bit_length() - 1] & inside & ~part
            part |= fresh
            frontier ^= low | fresh
        return part

    def series(self, inside: Bits) -> list[Bits]:
        """The parts of a convex set of which each wholly precedes the next; one if there is no such split."""
        places = list(members(inside))
        common, part = inside, 0
        found: list[Bits] = []
        for before in range(len(places) - 1, 0, -1):
            place = places[before]
            part |= 1 << place
            common &= self.ancestors[place]
            if not common:
                break
            if common.bit_count() == before:
                found.append(part)
                inside &= ~part
                part = 0
        found.append(inside)
        found.reverse()
        return found


def partial_order(predecessors: Sequence[Sequence[int]]) -> PartialOrder:
    """The order that edges span; places must be numbered topologically, edges may repeat."""
    ancestors: list[Bits] = []
    reduced: list[tuple[int, ...]] = []
    successors: list[list[int]] = [[] for _ in predecessors]
    for place, before in enumerate(predecessors):
        known, kept = 0, []
        for near in sorted(set(before), reverse=True):
            if not known >> near & 1:
                kept.append(near)
                known |= ancestors[near] | 1 << near
                successors[near].append(place)
        ancestors.append(known)
        reduced.append(tuple(reversed(kept)))
    descendants = [0] * len(reduced)
    for place in range(len(reduced) - 1, -1, -1):
        for after in successors[place]:
            descendants[place] |= descendants[after] | 1 << after
    beside = [set_of((*before, *after)) for before, after in zip(reduced, successors, strict=True)]
    return PartialOrder(reduced, [tuple(after) for after in successors], ancestors, descendants, beside)


def without_twins(order: PartialOrder) -> tuple[PartialOrder, tuple[tuple[int, ...], ...]]:
    """The order with places of equal predecessors and successors made one, and what each new place holds."""
    first: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    groups: list[list[int]] = []
    group_of: list[int] = []
    for place, key in enumerate(zip(order.predecessors, order.successors, strict=True)):
        group = first.setdefault(key, len(groups))
        if group == len(groups):
            groups.append([])
        groups[group].append(place)
        group_of.append(group)
    edges = [[group_of[before] for before in order.predecessors[group[0]]] for group in groups]
    return partial_order(edges), tuple(tuple(group) for group in groups)


def positions(order: PartialOrder) -> Iterator[tuple[int, int, int, int]]:
    """By place: how many stand above it and below it at most, and whether few or many lead in and out."""
    above = _heights(order.predecessors, range(len(order.predecessors)))
    below = _heights(order.successors, range(len(order.predecessors) - 1, -1, -1))
    for place, (before, after) in enumerate(zip(order.predecessors, order.successors, strict=True)):
        yield above[place], below[place], min(len(before), _MANY), min(len(after), _MANY)


def _heights(neighbours: Sequence[Sequence[int]], places: range) -> Mapping[int, int]:
    heights: dict[int, int] = {}
    for place in places:
        heights[place] = max((heights[near] + 1 for near in neighbours[place]), default=0)
    return heights
