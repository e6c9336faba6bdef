"""The loops of a workflow, and what runs only after a failure, by the definition's own names."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from translator.analyses.loops import Loop, find_loops
from translator.compiler import Compilation
from translator.graph import FlowGraph
from translator.resolve import resolve


@dataclass(frozen=True, slots=True)
class LoopsOf:
    """What repeats what."""

    bodies: Mapping[str, Set[str]]
    """By the node that begins a loop all nodes of the loop, itself among them."""
    back: Set[tuple[str, str]]
    handling: Set[str]
    """The nodes that only an error handler leads to."""

    def goes_back(self, source: str, target: str) -> bool:
        """Whether an edge begins another iteration."""
        return (source, target) in self.back

    def leaves(self, source: str, target: str) -> bool:
        """Whether an edge leads out of a loop."""
        return any(source in body and target not in body for body in self.bodies.values())


def loops_of(compilation: Compilation) -> LoopsOf:
    """The loops of the normal part and of what handles failures; the definition must be without errors."""
    graphs = [compilation.graph]
    handling: list[FlowGraph] = []
    if compilation.definition.error_handlers or any(node.parent for node in compilation.definition.nodes):
        resolved = resolve(compilation.definition, compilation.source.positions)
        found = [resolved.handling, *(body.handling for body in resolved.bodies.values())]
        handling = [each.graph for each in found if each is not None]
        graphs += [graph for body in resolved.bodies.values() for graph in body.parts.values()]
    graphs += handling
    loops: list[Loop] = [loop for graph in graphs for loop in find_loops(graph).all_loops()]
    return LoopsOf(
        bodies={loop.header: loop.nodes for loop in loops},
        back={(edge.source, edge.target) for loop in loops for edge in loop.back},
        handling=frozenset(node for graph in handling for node in graph.nodes),
    )
