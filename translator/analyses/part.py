"""Some nodes of a graph with every inner loop taken as one: its places, its edges, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from translator.graph import FlowEdge, FlowGraph


class Held(Protocol):
    """What a part must know of an inner loop."""

    @property
    def header(self) -> str:
        """The node that every iteration starts with."""
        ...

    @property
    def nodes(self) -> frozenset[str]:
        """All nodes of an iteration."""
        ...


class Part:
    """Some nodes of a graph with every inner loop taken as one."""

    def __init__(self, graph: FlowGraph, inside: frozenset[str], header: str, loops: Sequence[Held]) -> None:
        self.graph, self.inside, self.header = graph, inside, header
        self.loops = {loop.header: loop for loop in loops}
        self.place = {node: loop.header for loop in loops for node in loop.nodes}
        self.leaving: dict[str, list[FlowEdge]] = {}
        for node in self._in_order(inside):
            here = self.place.get(node, node)
            loop = self.loops.get(here)
            self.leaving.setdefault(here, []).extend(
                edge for edge in graph.outgoing[node] if loop is None or edge.target not in loop.nodes
            )

    def _in_order(self, nodes: frozenset[str]) -> list[str]:
        return sorted(nodes, key=self.graph.place_of.__getitem__)

    def held_by(self, name: str) -> tuple[str, ...]:
        """The nodes that one element holds."""
        loop = self.loops.get(name)
        return (name,) if loop is None else tuple(self._in_order(loop.nodes))

    def is_inside(self, edge: FlowEdge) -> bool:
        """Whether an edge leads on within the part, not out of it and not back to its start."""
        return edge.target in self.inside and edge.target != self.header

    def topological_order(self) -> tuple[str, ...] | None:
        """Its places, sources before targets, ties by id; None if there is a cycle."""
        waiting = dict.fromkeys(self.leaving, 0)
        for edges in self.leaving.values():
            for edge in edges:
                if self.is_inside(edge):
                    waiting[self.place.get(edge.target, edge.target)] += 1
        ready = [place for place in reversed(tuple(self.leaving)) if not waiting[place]]
        order: list[str] = []
        while ready:
            here = ready.pop()
            order.append(here)
            for edge in reversed(self.leaving[here]):
                target = self.place.get(edge.target, edge.target)
                if self.is_inside(edge):
                    waiting[target] -= 1
                    if not waiting[target]:
                        ready.append(target)
        return tuple(order) if len(order) == len(self.leaving) else None


def numbered(part: Part, order: Sequence[str]) -> tuple[list[str | None], list[FlowEdge | None]]:
    """The elements of a part: each place, then the edges that leave it."""
    names: list[str | None] = []
    flow_edges: list[FlowEdge | None] = []
    for place in order:
        names.append(place)
        flow_edges.append(None)
        for edge in part.leaving[place]:
            names.append(None)
            flow_edges.append(edge)
    return names, flow_edges
