"""The resolved graph of a workflow: typed nodes, edges by port, and one ENTRY before all triggers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from translator.definition.model import Node
from translator.diagnostics import Position
from translator.node_type import Lowering, NodeType

ENTRY: Final = "$entry"
"""The node before all triggers; its ports are the triggers, and exclude one another."""

OUT: Final = "out"
ERROR: Final = "error"


@dataclass(frozen=True, slots=True)
class FlowEdge:
    """One edge; `index` is its place in `FlowGraph.edges`, `port` is `error:<n>` for the n-th error edge.

    Every error edge has a port of its own, because a failure takes one of them and leaves the others dead.
    """

    index: int
    source: str
    port: str
    target: str
    position: Position
    when: str | None = None
    errors: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether a failure of the source takes this edge."""
        return self.port.startswith(f"{ERROR}:")


@dataclass(frozen=True, slots=True)
class EndedBefore:
    """How a node of a loop ended in one iteration, before the run: in that one it does not run again."""

    rounds: tuple[tuple[str, int], ...]
    """The loops around it by header with the iteration of each, outermost first."""
    status: str
    port: str | None
    """The port that it took: one of its own, or that of an error edge; None if it was skipped."""


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One node with its type, its checked parameters and what it lowers to."""

    id: str
    name: str
    definition: Node
    type: NodeType
    lowering: Lowering
    ports: tuple[str, ...]
    position: Position
    ended: EndedBefore | None = None

    @property
    def join(self) -> str:
        """`any`, `all` or `first`."""
        return self.definition.join


@dataclass(frozen=True)
class FlowGraph:
    """What the analyses and the structure phase work on; nodes and edges are in the definition's order."""

    workflow: str
    nodes: Mapping[str, FlowNode]
    edges: tuple[FlowEdge, ...]
    triggers: tuple[str, ...]

    @classmethod
    def ordered(
        cls,
        workflow: str,
        nodes: Mapping[str, FlowNode],
        edges: Iterable[FlowEdge],
        triggers: tuple[str, ...],
    ) -> FlowGraph:
        """A graph whose order the file does not decide; error edges that name errors come before `*`."""
        numbered: list[FlowEdge] = []
        errors: dict[str, int] = {}
        for edge in sorted(edges, key=_order):
            port = edge.port
            if port.split(":")[0] == ERROR:
                port = f"{ERROR}:{errors.setdefault(edge.source, 0)}"
                errors[edge.source] += 1
            numbered.append(replace(edge, index=len(numbered), port=port))
        return cls(workflow, nodes, tuple(numbered), triggers)

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[FlowEdge, ...]]:
        """Edges by source, ENTRY included."""
        return self._grouped(source=True)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """By node its place among all of them, ENTRY first."""
        return {name: place for place, name in enumerate((ENTRY, *self.nodes))}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[FlowEdge, ...]]:
        """Edges by target."""
        return self._grouped(source=False)

    def _grouped(self, *, source: bool) -> Mapping[str, tuple[FlowEdge, ...]]:
        groups: dict[str, list[FlowEdge]] = defaultdict(list)
        for edge in self.edges:
            groups[edge.source if source else edge.target].append(edge)
        return {name: tuple(groups.get(name, ())) for name in (ENTRY, *self.nodes)}

    def ports_of(self, node: str) -> Iterator[tuple[str, tuple[FlowEdge, ...]]]:
        """Each port of a node that could be taken, with its edges; ENTRY's ports are the triggers."""
        by_port: dict[str, list[FlowEdge]] = defaultdict(list)
        for edge in self.outgoing[node]:
            by_port[edge.port].append(edge)
        names = list(self.triggers if node == ENTRY else self.nodes[node].ports)
        names += [port for port in by_port if port not in names]
        for port in names:
            yield port, tuple(by_port.get(port, ()))

    def to_text(self) -> str:
        """One line a node: its type, its join if it is not `any`, and where each port leads."""
        lines = [f"workflow {self.workflow}"]
        for node in (ENTRY, *self.nodes):
            lines.append(self._line_of(node))
            lines.extend(f"  {edge.port} -> {edge.target}{_suffix(edge)}" for edge in self.outgoing[node])
        return "\n".join(lines) + "\n"

    def _line_of(self, node: str) -> str:
        if node == ENTRY:
            return "entry"
        found = self.nodes[node]
        join = "" if found.join == "any" else f" join {found.join}"
        return f"{found.id}: {found.type.name}{join}"


def _order(edge: FlowEdge) -> tuple[str, str, bool, tuple[str, ...], str, str]:
    catches_all = not edge.errors or "*" in edge.errors
    return (edge.source, edge.port, catches_all, edge.errors, edge.target, edge.when or "")


def _suffix(edge: FlowEdge) -> str:
    errors = f" on {', '.join(edge.errors)}" if edge.errors else ""
    return errors + (f" when {edge.when}" if edge.when else "")
