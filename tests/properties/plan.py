"""What the parts of a definition are made of, worked out once for all their iterations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.properties.graph import Graph, Link, first_nodes, handler_part, normal_part, reached
from tests.properties.jumping import jumps_of
from tests.properties.loops import Loop, loops_of
from tests.properties.racing import races_of
from translator.definition.model import ErrorHandler, Node, WorkflowDefinition


@dataclass(frozen=True)
class Plan:
    """One part, the triggers' or a handler's, of the workflow or of a body; raises `loops.Refused`."""

    graph: Graph

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """All loops, inner ones first."""
        return loops_of(self.graph)

    @cached_property
    def back(self) -> frozenset[Link]:
        """The links that repeat a loop."""
        return frozenset(x for x in self.graph.links if any(loop.repeats(x) for loop in self.loops))

    @cached_property
    def forward(self) -> tuple[Link, ...]:
        """All other links."""
        return tuple(link for link in self.graph.links if link not in self.back)

    @cached_property
    def jump_of(self) -> Mapping[str, frozenset[str]]:
        """By node of a loop with several ways in, that loop."""
        return {node: circle for circle in jumps_of(self.graph) for node in circle}

    @cached_property
    def races(self) -> Mapping[str, frozenset[str]]:
        """By node with `join: first`, what it cuts short."""
        return races_of(self.graph, self.loops)

    @cached_property
    def leaving(self) -> Mapping[str, list[Link]]:
        """By node, the links from it."""
        found: dict[str, list[Link]] = {node: [] for node in self.graph.nodes}
        for link in self.graph.links:
            found[link.source].append(link)
        return found

    @cached_property
    def entering(self) -> Mapping[str, list[Link]]:
        """By node, the forward links to it."""
        found: dict[str, list[Link]] = {node: [] for node in self.graph.nodes}
        for link in self.forward:
            found[link.target].append(link)
        return found


class Plans:
    """The parts of one definition."""

    def __init__(self, definition: WorkflowDefinition) -> None:
        self.definition = definition
        self._normal: dict[str | None, Plan] = {}
        self._handlers: dict[str, Plan] = {}

    def normal(self, body: str | None) -> Plan:
        """What starts when a run starts, or an iteration of the body."""
        if body not in self._normal:
            self._normal[body] = Plan(normal_part(self.definition, body))
        return self._normal[body]

    def handler(self, handler: ErrorHandler) -> Plan:
        """The handler's part."""
        if handler.node not in self._handlers:
            beside = self.parent_of(handler.of)
            self._handlers[handler.node] = Plan(handler_part(self.definition, handler.node, beside))
        return self._handlers[handler.node]

    def parent_of(self, node: str | None) -> str | None:
        """The body that the node is in."""
        return next((one.parent for one in self.definition.nodes if one.id == node), None)

    def inside(self, body: str | None) -> list[Node]:
        """The nodes directly in the body, also those of handlers."""
        return [node for node in self.definition.nodes if node.parent == body]

    def branches(self, body: str) -> Mapping[str, frozenset[str]]:
        """The unconnected parts of a `parallel`: by the first node of each its nodes."""
        graph = self.normal(body).graph
        first = sorted(first_nodes(self.definition, body))
        both = [*graph.links, *(link.reversed() for link in graph.links)]
        found: dict[str, frozenset[str]] = {}
        for node in first:
            if not any(node in nodes for nodes in found.values()):
                found[node] = frozenset(reached([node], both))
        return found
