"""What the words are made from: a compiled definition, and what its graphs say of ways, joins and loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from steploom.story.order import Item, in_order, nodes_of
from steploom.story.wording import listed
from translator.analyses.loops import Loop, LoopTree
from translator.checks.facts import Facts
from translator.compiler import Compilation
from translator.definition.model import ErrorHandler, WorkflowDefinition
from translator.graph import ENTRY, FlowEdge, FlowGraph, FlowNode
from translator.resolve import resolve
from translator.structure.waits import Wait, waits_at


@dataclass(frozen=True)
class Reading:
    """A compilation without errors, with the questions that telling it asks."""

    compilation: Compilation

    @property
    def definition(self) -> WorkflowDefinition:
        """What the author wrote."""
        return self.compilation.definition

    @cached_property
    def facts(self) -> Facts:
        """The graphs with their analyses."""
        return Facts(resolve(self.definition, self.compilation.source.positions))

    @cached_property
    def place(self) -> Mapping[str, int]:
        """By node where the definition lists it."""
        return {node.id: place for place, node in enumerate(self.definition.nodes)}

    def title(self, node: str) -> str:
        """A node as sentences call it: its name in quotes, its id if it has none."""
        name = self.definition.nodes[self.place[node]].name
        return f'"{name}"' if name else node

    def titles(self, nodes: Sequence[str], word: str = "and") -> str:
        """Several of them."""
        return listed([self.title(node) for node in nodes], word)

    def node(self, name: str) -> FlowNode:
        """A node that can run."""
        return self.facts.nodes[name]

    @cached_property
    def source_map(self) -> Mapping[str, Any]:
        """Which state does which node's work."""
        return self.compilation.source_map.to_json()

    @cached_property
    def unreached(self) -> tuple[str, ...]:
        """The nodes that nothing leads to."""
        return tuple(node.id for node in self.definition.nodes if node.id not in self.facts.nodes)

    @cached_property
    def normal(self) -> tuple[Item, ...]:
        """What runs without any failure, in the order of telling."""
        return self._told(self.facts.resolved.graph, self.facts.loops)

    @cached_property
    def handling(self) -> tuple[Item, ...]:
        """What runs after a failure that nothing took."""
        handling, loops = self.facts.resolved.handling, self.facts.handling_loops
        return () if handling is None or loops is None else self._told(handling.graph, loops)

    def body(self, node: str) -> tuple[Sequence[Item], Sequence[Item]]:
        """What is in a node's body, and what handles its failures."""
        graphs = self.facts.body_graphs.get(node, ())
        count = len(self.facts.resolved.bodies[node].parts) if graphs else 0
        parts = [self._told(graph, loops) for graph, loops in graphs]
        inside = sorted(parts[:count], key=lambda items: self.place[nodes_of(items)[0]])
        return [item for items in inside for item in items], [
            item for items in parts[count:] for item in items
        ]

    def branches(self, node: str) -> list[str]:
        """What the branches of a `parallel` are called."""
        return list(self.facts.resolved.bodies[node].parts)

    def handlers(self, of: str | None) -> list[ErrorHandler]:
        """The error handlers of a body, of the workflow if None, in the order in which they are asked."""
        return [handler for handler in self.definition.error_handlers if handler.of == of]

    def _told(self, graph: FlowGraph, tree: LoopTree) -> tuple[Item, ...]:
        return in_order(graph, tree.outermost, self.place)

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """All loops, inner ones too."""
        return tuple(loop for _, tree in self.facts.graphs for loop in tree.all_loops())

    @cached_property
    def _graph_of(self) -> Mapping[str, FlowGraph]:
        return {node: graph for graph, _ in self.facts.graphs for node in graph.nodes}

    @cached_property
    def _order(self) -> Mapping[str, int]:
        found: list[str] = []
        for graph, tree in self.facts.graphs:
            found += nodes_of(self._told(graph, tree))
        return {node: number for number, node in enumerate(found)}

    def outgoing(self, node: str) -> tuple[FlowEdge, ...]:
        """The edges that leave a node, by what they say."""
        return tuple(sorted(self._graph_of[node].outgoing[node], key=lambda edge: self.place[edge.target]))

    def goes_back(self, edge: FlowEdge) -> bool:
        """Whether an edge begins something anew that the run has been through."""
        is_round = any({edge.source, edge.target} <= loop.nodes for loop in self.loops)
        return is_round and self._order[edge.target] <= self._order[edge.source]

    def left_by(self, edge: FlowEdge) -> Loop | None:
        """The loop that an edge leads out of."""
        return next(
            (loop for loop in self.loops if edge.source in loop.nodes and edge.target not in loop.nodes), None
        )

    def waits_for(self, node: str) -> list[str]:
        """The nodes that lead here of which more than one may in one run; none where a node just follows."""
        incoming = [edge for edge in self.facts.forward(node) if edge.source != ENTRY]
        beside = [pair for pair in combinations(incoming, 2) if not self.facts.exclude(*pair)]
        sources = dict.fromkeys(edge.source for edge in incoming)
        if not beside or len(sources) < 2 or any(loop.jumps and node in loop.nodes for loop in self.loops):
            return []
        return sorted(sources, key=self.place.__getitem__)

    def last_nodes(self) -> Iterator[str]:
        """The nodes whose outputs are the run's, where the definition does not say another."""
        for node in nodes_of(self.normal):
            if all(edge.index in self.facts.loops.back for edge in self.outgoing(node)):
                yield node

    def waits(self) -> Iterator[tuple[Wait, ...]]:
        """What waits for what at each barrier that holds something up."""
        parts = [part for body in self.compilation.bodies.values() for part in body.parts.values()]
        whole = [(part.regions, part.graph) for part in parts]
        for regions, graph in [(self.compilation.regions, self.compilation.graph), *whole]:
            found = (waits_at(barrier, part, graph) for part, barrier in regions.barriers())
            yield from (waits for waits in found if waits)
