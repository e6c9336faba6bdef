"""How a part is entered, known at compile time."""

from __future__ import annotations

from dataclasses import dataclass

from translator.analyses.elements import Elements
from translator.graph import FlowGraph


@dataclass(frozen=True, slots=True)
class Arrival:
    """One way in which a part can start: edges (by index) that are taken for sure, and some that may be.

    `some` says that at least one of `maybe` is taken; `direct` that nothing but the edges' own conditions
    decides about them, which hold or not right here.
    """

    sure: frozenset[int]
    maybe: frozenset[int] = frozenset()
    some: bool = False
    direct: bool = False

    def within(self, edges: frozenset[int]) -> Arrival:
        """What of it concerns these edges."""
        rest = self.maybe - edges
        return Arrival(self.sure & edges, self.maybe & edges, self.some and not rest, self.direct)

    def surely_takes(self, edges: frozenset[int]) -> bool:
        """Whether one of these edges is taken in any case."""
        return bool(self.sure & edges) or (self.some and self.maybe <= edges)


def edges_into(graph: FlowGraph, elements: Elements, element: int) -> list[int]:
    """The edges that start an element, by index: itself, or those that lead to a node of it."""
    edge = elements.flow_edges[element]
    if edge is not None:
        return [edge.index]
    inside = frozenset(elements.contents[element])
    return [into.index for node in inside for into in graph.incoming[node] if into.source not in inside]
