"""What every rule may ask about a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from translator.analyses.elements import Elements
from translator.analyses.loops import LoopTree, find_loops
from translator.analyses.order import forward_order
from translator.graph import ENTRY, FlowEdge, FlowGraph, FlowNode
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

    @cached_property
    def handling_loops(self) -> LoopTree | None:
        """The same for the part that handles failures, None if there is none."""
        handling = self.resolved.handling
        return None if handling is None else find_loops(handling.graph)

    @property
    def graphs(self) -> tuple[tuple[FlowGraph, LoopTree], ...]:
        """The normal part and the part that handles failures, each with its loops."""
        handling, loops = self.resolved.handling, self.handling_loops
        normal = (self.resolved.graph, self.loops)
        return (normal,) if handling is None or loops is None else (normal, (handling.graph, loops))

    @cached_property
    def nodes(self) -> Mapping[str, FlowNode]:
        """All nodes that can run."""
        return {name: node for graph, _ in self.graphs for name, node in graph.nodes.items()}

    @property
    def is_structured(self) -> bool:
        """Whether every loop makes sense, so that the questions below have answers."""
        return all(loops.refused is None for _, loops in self.graphs)

    def forward(self, node: str) -> tuple[FlowEdge, ...]:
        """The edges that a node waits for: those that repeat a loop are not among them."""
        graph, loops = next((graph, loops) for graph, loops in self.graphs if node in graph.nodes)
        return tuple(edge for edge in graph.incoming[node] if edge.index not in loops.back)

    @cached_property
    def _bit(self) -> dict[str, int]:
        return {node: index for index, node in enumerate(self.nodes)}

    @cached_property
    def _before(self) -> dict[str, int]:
        """By node the set of those that can come before it; all of the normal part before what handles."""
        before: dict[str, int] = {}
        earlier = 0
        for graph, loops in self.graphs:
            for node in forward_order(graph, loops.back):
                found = earlier
                for edge in graph.incoming[node]:
                    if edge.source != ENTRY and edge.index not in loops.back:
                        found |= before[edge.source] | 1 << self._bit[edge.source]
                before[node] = found
            earlier = sum(1 << self._bit[node] for node in graph.nodes)
        return before

    def can_precede(self, first: str, second: str) -> bool:
        """Whether `first` may have ended when `second` starts, in the same iteration."""
        if first not in self._before or second not in self._before:
            return False
        return bool(self._before[second] >> self._bit[first] & 1)

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
        parts = reversed(self._parts_of.get(first, ()))
        return next((part for part in parts if second in part.nodes), None)

    @cached_property
    def _parts_of(self) -> Mapping[str, Sequence[Elements]]:
        """By node the parts that hold it, outermost first."""
        found: dict[str, list[Elements]] = {}
        for _, loops in self.graphs:
            parts = [] if loops.root is None else [loops.root]
            for part in (*parts, *(loop.elements for loop in loops.all_loops())):
                for node in part.nodes:
                    found.setdefault(node, []).append(part)
        return found
