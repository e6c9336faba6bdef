"""Finds what runs between a fork and the `join: first` behind it, and whether all of it leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from translator.analyses.elements import Bits, Elements, members
from translator.graph import FlowEdge


@dataclass(frozen=True, slots=True)
class Race:
    """A `join: first` with several edges, and all elements between it and its fork.

    The fork is the nearest node, or loop, through which every way to the join goes.
    """

    join: int
    fork: int
    between: Bits

    @property
    def whole(self) -> Bits:
        """What must stay in one part: the join can only cut short what nothing else is nested with."""
        return self.between | 1 << self.join


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An edge from between a fork and a `join: first` that does not lead to the join."""

    join: str
    edge: FlowEdge


def races_of(elements: Elements) -> dict[int, Race]:
    """By element of the join, every race of one part of the graph."""
    return {join: _race(elements, join) for join in members(elements.firsts)}


def elsewhere(elements: Elements) -> Iterator[Elsewhere]:
    """The edges that refuse a `join: first`, the first one of each."""
    for join, race in races_of(elements).items():
        leaving = (edge for edge in _leaving(elements, race) if edge is not None)
        edge = next(leaving, None)
        if edge is not None:
            yield Elsewhere(elements.names[join] or "", edge)


def _race(elements: Elements, join: int) -> Race:
    above = elements.ancestors[join]
    fork = next(
        element
        for element in reversed(list(members(above)))
        if elements.names[element] is not None and not above & ~_ordered_with(elements, element)
    )
    return Race(join, fork, above & elements.descendants[fork])


def _ordered_with(elements: Elements, element: int) -> Bits:
    return elements.ancestors[element] | elements.descendants[element] | 1 << element


def _leaving(elements: Elements, race: Race) -> Iterator[FlowEdge | None]:
    for element in members(race.between):
        if elements.names[element] is not None:
            for after in elements.successors[element]:
                if not race.between >> after & 1:
                    yield elements.flow_edges[after]
