"""What every rule may ask about a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from translator.analyses.elements import Elements, build_elements
from translator.analyses.order import find_cycle
from translator.graph import FlowNode
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
    def cycle(self) -> tuple[str, ...]:
        """The nodes of some cycle, in order; () if there is none."""
        graph = self.resolved.graph
        return find_cycle({node: tuple(edge.target for edge in graph.outgoing[node]) for node in graph.nodes})

    @cached_property
    def elements(self) -> Elements:
        """Only for a graph without a cycle."""
        return build_elements(self.resolved.graph)

    def can_precede(self, first: str, second: str) -> bool:
        """Whether `first` may have ended when `second` starts."""
        nodes = self.elements.nodes
        if first not in nodes or second not in nodes:
            return False
        return bool(self.elements.ancestors[nodes[second]] >> nodes[first] & 1)

    def can_overlap(self, first: str, second: str) -> bool:
        """Whether the two may be under way at the same time."""
        nodes = self.elements.nodes
        return bool(self.elements.concurrent[nodes[first]] >> nodes[second] & 1)
