"""What every rule may ask about a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from translator.analyses.elements import Elements
from translator.analyses.loops import LoopTree, find_loops
from translator.analyses.order import forward_order
from translator.graph import ENTRY, FlowEdge, FlowGraph, FlowNode
from translator.node_type import Repeating
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
        """The normal part, the part that handles failures and those of the bodies, each with its loops."""
        handling, loops = self.resolved.handling, self.handling_loops
        found = [(self.resolved.graph, self.loops)]
        if handling is not None and loops is not None:
            found.append((handling.graph, loops))
        for parts in self.body_graphs.values():
            found += parts
        return tuple(found)

    @cached_property
    def body_graphs(self) -> Mapping[str, tuple[tuple[FlowGraph, LoopTree], ...]]:
        """By body node its parts and what handles its failures, each with its loops; outer ones first."""
        handling = self.resolved.handling
        running = {*self.resolved.graph.nodes, *(handling.graph.nodes if handling is not None else ())}
        found: dict[str, tuple[tuple[FlowGraph, LoopTree], ...]] = {}
        pending = sorted(running & self.resolved.bodies.keys())
        while pending:
            node = pending.pop(0)
            graphs = self.resolved.bodies[node].graphs()
            found[node] = tuple((graph, find_loops(graph)) for graph in graphs)
            pending += sorted(
                name for graph in graphs for name in graph.nodes if name in self.resolved.bodies
            )
        return found

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
        self._fill(before, (self.resolved.graph, self.loops), 0)
        if self.resolved.handling is not None and self.handling_loops is not None:
            normal = sum(1 << self._bit[node] for node in self.resolved.graph.nodes)
            self._fill(before, (self.resolved.handling.graph, self.handling_loops), normal)
        waiting = dict(self.body_graphs)
        while waiting:
            # A body node may stand in what handles another body's failures.
            body = next((node for node in waiting if node in before), next(iter(waiting)))
            parts, earlier = waiting.pop(body), before.get(body, 0)
            own = 1 << self._bit[body] if isinstance(self.nodes[body].lowering, Repeating) else 0
            for number, part in enumerate(parts):
                is_inside = number < len(self.resolved.bodies[body].parts)
                self._fill(before, part, earlier | own if is_inside else earlier)
        return before

    def _fill(self, before: dict[str, int], part: tuple[FlowGraph, LoopTree], earlier: int) -> None:
        graph, loops = part
        order = forward_order(graph, loops.turning)
        has_changed = True
        while has_changed:
            has_changed = False
            for node in order:
                found = earlier
                for edge in graph.incoming[node]:
                    if edge.source != ENTRY and edge.index not in loops.back:
                        found |= before.get(edge.source, 0) | 1 << self._bit[edge.source]
                # Only where plain jumps lead back does a second round find more.
                has_changed |= found != before.get(node) and loops.turning != loops.back
                before[node] = found

    def can_precede(self, first: str, second: str) -> bool:
        """Whether `first` may have ended when `second` starts, in the same iteration."""
        if first not in self._before or second not in self._before:
            return False
        return bool(self._before[second] >> self._bit[first] & 1)

    def can_overlap(self, first: str, second: str) -> bool:
        """Whether the two may be under way at the same time."""
        first, second, are_branches = self._side_by_side(first, second)
        if are_branches:
            return True
        elements = self._around(first, second)
        if elements is None:
            return False
        return bool(elements.concurrent[elements.nodes[first]] >> elements.nodes[second] & 1)

    def _side_by_side(self, first: str, second: str) -> tuple[str, str, bool]:
        """The two, or the bodies around them, in one level; and whether they are branches of a `parallel`."""
        around = self.resolved.nesting.around
        ways = [[*reversed(list(around(node))), node] for node in (first, second)]
        for here, there in zip(*ways, strict=False):
            if here != there:
                homes = {self._part_of.get(here), self._part_of.get(there)}
                same_body = self.resolved.nesting.parent(here) is not None
                return here, there, len(homes) == 2 and same_body and None not in homes
        return first, second, False

    @cached_property
    def _part_of(self) -> Mapping[str, tuple[str, str]]:
        """By node of a body the body's node and its part, those of handlers left out."""
        return {
            node: (body, name)
            for body, found in self.resolved.bodies.items()
            for name, graph in found.parts.items()
            for node in graph.nodes
        }

    def exclude(self, first: FlowEdge, second: FlowEdge) -> bool:
        """Whether never both edges are taken, in the innermost part that holds them."""
        elements = self._around(first.source, second.source)
        if elements is None or first.index not in elements.edges or second.index not in elements.edges:
            return False
        return not elements.coexist(first, second)

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
