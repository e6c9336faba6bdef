"""Makes a graph of every body: what runs inside a `for_each`, a `while` or a branch of a `parallel`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.analyses.components import strongly_connected
from translator.analyses.order import reached
from translator.definition.model import WorkflowDefinition
from translator.graph import ENTRY, FlowEdge, FlowGraph, FlowNode
from translator.node_type import Branching
from translator.resolve.first import first_nodes
from translator.resolve.handling import Handling, find_handling
from translator.resolve.nesting import Nesting
from translator.resolve.report import Report

EMPTY_BODY: Final = "WF341"
UNKNOWN_BRANCH: Final = "WF346"
BODY: Final = "body"
"""The one port of a body's ENTRY."""


@dataclass(frozen=True)
class Body:
    """What a body node holds: one graph, of a `parallel` one for each branch by name."""

    node: str
    parts: Mapping[str, FlowGraph]
    handling: Handling | None
    """What runs beside the body node after its body has failed."""

    def graphs(self) -> tuple[FlowGraph, ...]:
        """All its graphs, that of the handling last."""
        return (*self.parts.values(), *((self.handling.graph,) if self.handling else ()))


@dataclass
class Bodies:
    """Finds the bodies of nodes that run, and of those inside them."""

    definition: WorkflowDefinition
    nesting: Nesting
    found: Mapping[str, FlowNode]
    edges: Sequence[FlowEdge]
    report: Report
    bodies: dict[str, Body] = field(default_factory=dict)

    def find(self, kept: Iterable[str]) -> frozenset[str]:
        """Adds the bodies of some nodes of one level; gives those nodes and all that runs because of them."""
        level = set(kept)
        for node in sorted(level):
            if self.found[node].type.has_body:
                level |= self._add(node, frozenset(level))
        return frozenset(level)

    def _add(self, node: str, level: frozenset[str]) -> frozenset[str]:
        own = {name: self.found[name] for name in sorted(self.nesting.inside(node)) if name in self.found}
        wanted = first_nodes(self.definition, node)
        first = [name for name in wanted if name in own]
        if not wanted and not self.nesting.misplaced:
            message = f'node "{node}" (type "{self.found[node].type.name}") has no body'
            hint = f"add `parent: {node}` to the nodes that it shall run"
            self.report.error(EMPTY_BODY, message, hint, self._pointer(node))
        inside = [edge for edge in self.edges if edge.source in own and edge.target in own]
        entries = [FlowEdge(0, ENTRY, BODY, name, own[name].position) for name in first]
        whole = FlowGraph.ordered(self.definition.id, own, [*entries, *inside], (BODY,))
        normal = reached(whole)
        kept = self.find(normal)
        parts = self._parts(node, whole, normal)
        around = self.nesting.inside(self.nesting.parent(node))
        beside = {name: each for name, each in self.found.items() if name in around}
        handling = find_handling(self.definition, beside, self.edges, level, self.report, of=node)
        self.bodies[node] = Body(node, parts, handling)
        return kept | self.find(handling.graph.nodes if handling else ())

    def _parts(self, node: str, whole: FlowGraph, normal: frozenset[str]) -> dict[str, FlowGraph]:
        lowering = self.found[node].lowering
        if not isinstance(lowering, Branching):
            return {node: _only(whole, normal)}
        parts: dict[str, FlowGraph] = {}
        for component in _connected(whole, normal):
            first = sorted(edge.target for edge in whole.outgoing[ENTRY] if edge.target in component)
            named = [lowering.names[name] for name in first if name in lowering.names]
            branch = (named or first)[0]
            if branch in parts:
                message = f'two branches of "{node}" are called "{branch}"'
                hint = "give one of them another name under `branches`"
                self.report.error(UNKNOWN_BRANCH, message, hint, self._pointer(node))
            parts[branch] = _only(whole, component)
        self._check_names(node, lowering, {edge.target for edge in whole.outgoing[ENTRY]})
        return dict(sorted(parts.items()))

    def _pointer(self, node: str) -> str:
        return f"/nodes/{[each.id for each in self.definition.nodes].index(node)}"

    def _check_names(self, node: str, lowering: Branching, first: set[str]) -> None:
        for name in sorted(lowering.names.keys() - first):
            branch = lowering.names[name]
            message = (
                f'branch "{branch}" of "{node}" begins with "{name}", which is no first node of its body'
            )
            hint = f"its first nodes are {', '.join(sorted(first))}" if first else "name a node of the body"
            pointer = f"{self._pointer(node)}/parameters/branches/{branch}"
            self.report.error(UNKNOWN_BRANCH, message, hint, pointer)


def _only(graph: FlowGraph, kept: frozenset[str]) -> FlowGraph:
    nodes = {name: node for name, node in graph.nodes.items() if name in kept}
    edges = [edge for edge in graph.edges if edge.target in kept and edge.source in {ENTRY, *kept}]
    return FlowGraph.ordered(graph.workflow, nodes, edges, graph.triggers)


def _connected(graph: FlowGraph, kept: frozenset[str]) -> list[frozenset[str]]:
    beside: dict[str, list[str]] = {name: [] for name in sorted(kept)}
    for edge in graph.edges:
        if edge.source in kept and edge.target in kept:
            beside[edge.source].append(edge.target)
            beside[edge.target].append(edge.source)
    return [frozenset(component) for component in strongly_connected(beside)]
