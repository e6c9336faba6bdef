"""What every rule may ask about a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from translator.analyses.elements import Elements
from translator.analyses.loops import LoopTree, find_loops
from translator.graph import ENTRY, FlowEdge, FlowNode
from translator.resolve import Resolved


@dataclass(frozen=True)
class Facts:
    """The resolved definition with its analyses, each made once and only if asked for."""

    resolved: Resolved

    def numbered_nodes(self) -> Iterator[tuple[int, FlowNode]]:
        """Every node that could be typed, with its place in the definition's list."""
        for index, node in enumerate(self.resolved.definition.nodes):
            if node.id in self.resolved.nodes:
                yield index, self.resolved.nodes[node.id]

    @cached_property
    def loops(self) -> LoopTree:
        """The graph's loops, or why they make no sense."""
        return find_loops(self.resolved.graph)

    @property
    def is_structured(self) -> bool:
        """Whether every loop makes sense, so that the questions below have answers."""
        return self.loops.refused is None

    def forward(self, node: str) -> tuple[FlowEdge, ...]:
        """The edges that a node waits for: those that repeat a loop are not among them."""
        back = self.loops.back
        return tuple(edge for edge in self.resolved.graph.incoming[node] if edge.index not in back)

    @cached_property
    def _before(self) -> dict[str, int]:
        """By node the set of those that can come before it within one iteration."""
        graph = self.resolved.graph
        bit = {node: 1 << index for index, node in enumerate(graph.nodes)}
        before: dict[str, int] = {}
        for node in self._order():
            found = 0
            for edge in self.forward(node):
                if edge.source != ENTRY:
                    found |= before[edge.source] | bit[edge.source]
            before[node] = found
        return before

    def _order(self) -> list[str]:
        graph = self.resolved.graph
        order: list[str] = []
        waiting = {node: sum(edge.source != ENTRY for edge in self.forward(node)) for node in graph.nodes}
        ready = [node for node, count in waiting.items() if not count]
        back = self.loops.back
        while ready:
            node = ready.pop()
            order.append(node)
            for edge in graph.outgoing[node]:
                if edge.index not in back:
                    waiting[edge.target] -= 1
                    if not waiting[edge.target]:
                        ready.append(edge.target)
        return order

    def can_precede(self, first: str, second: str) -> bool:
        """Whether `first` may have ended when `second` starts, in the same iteration."""
        if first not in self._before or second not in self._before:
            return False
        return bool(self._before[second] >> self._bit[first] & 1)

    @cached_property
    def _bit(self) -> dict[str, int]:
        return {node: index for index, node in enumerate(self.resolved.graph.nodes)}

    def can_overlap(self, first: str, second: str) -> bool:
        """Whether the two may be under way at the same time."""
        elements = self._around(first, second)
        if elements is None:
            return False
        return bool(elements.concurrent[elements.nodes[first]] >> elements.nodes[second] & 1)

    def exclude(self, first: FlowEdge, second: FlowEdge) -> bool:
        """Whether never both edges are taken, in the innermost part that holds them."""
        elements = self._around(first.source, second.source)
        if elements is None or first.index not in elements.edges or second.index not in elements.edges:
            return False
        here, there = elements.edges[first.index], elements.edges[second.index]
        return not elements.coexisting[here] >> there & 1

    def _around(self, first: str, second: str) -> Elements | None:
        """The innermost part in which the two nodes are two elements."""
        parts = [loop.elements for loop in self.loops.all_loops()]
        if self.loops.root is not None:
            parts.insert(0, self.loops.root)
        both = [part for part in parts if first in part.nodes and second in part.nodes]
        return both[-1] if both else None
