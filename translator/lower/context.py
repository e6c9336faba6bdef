"""What lowering knows of the workflow as a whole, and the names it gives to what it adds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from translator.analyses.loops import Loop
from translator.expressions.joining import joined
from translator.expressions.sources import source_of
from translator.graph import ENTRY, ERROR, OUT, FlowEdge, FlowGraph, FlowNode
from translator.json_value import JsonValue
from translator.lower.values import TRIGGER, Names, passes_of, ran_flag, round_of
from translator.node_type import Ending, Iterating, Passing, Repeating
from translator.projection.want import PASSED, Want
from translator.regions import Regions
from translator.resolve.bodies import BODY
from translator.resolve.handling import Handler

ENDED: Final = "run__ended"
"""The variable that carries how a `terminate` inside a branch ended the run."""
TERMINATED: Final = "Steploom.Terminated"
NO_MATCH: Final = "NoMatch"
TOO_MANY_ITERATIONS: Final = "TooManyIterations"
TOO_MANY_FAILED: Final = "TooManyFailed"


@dataclass(frozen=True)
class Context:
    """The workflow being lowered."""

    project: str
    graph: FlowGraph
    regions: Regions
    back: frozenset[int]
    """The edges that repeat a loop, by index."""
    names: Names
    own_errors: tuple[str, ...]
    """The error names of its own that the definition mentions."""
    nodes: Mapping[str, FlowNode]
    """All nodes of the workflow."""
    wants: Mapping[str, Want] = field(default_factory=lambda: MappingProxyType({}))
    """By name, what the state machine itself looks at of a value."""
    merged: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The variables that iterations may set beside one another, and how their values meet."""
    around: tuple[str, ...] = ()
    """What counts the iterations around this part, outermost first, as expressions."""
    bodies: Mapping[str, Body] = field(default_factory=dict)
    """By body node of this part."""

    def keep(self, node: str) -> dict[str, JsonValue]:
        """What the payload of a node's Task says of its output, should that be large."""
        want = self.wants.get(node, PASSED)
        views: dict[str, JsonValue] = {
            name: {"evaluate": text, "keep": self.wants[text].to_json()}
            for text, name in self.names.views.get(node, {}).items()
        }
        kept: dict[str, JsonValue] = {} if want == PASSED else {"keep": want.to_json()}
        return {**kept, "views": views} if views else kept

    def forward(self, node: str) -> tuple[FlowEdge, ...]:
        """The edges that a node waits for: those that repeat a loop are not among them."""
        return self._forward[node]

    @cached_property
    def _forward(self) -> Mapping[str, tuple[FlowEdge, ...]]:
        return {
            node: tuple(edge for edge in edges if edge.index not in self.back)
            for node, edges in self.graph.incoming.items()
        }

    def reset_names(self, loop: Loop, again: FlowEdge) -> frozenset[str]:
        """The variables that a new iteration finds as at first: outputs and flags of the loop; none of jumps.

        `$error` stays where the failure may have led to the back edge or to the loop.
        """
        if loop.jumps:
            return frozenset()
        edges = [edge for node in loop.nodes for edge in self.graph.outgoing[node]]
        names = {*loop.nodes, *(self.flag(edge) for edge in edges), *(ran_flag(node) for node in loop.nodes)}
        names |= {round_of(node) for node in loop.nodes if node != loop.header}
        names |= {passes_of(node) for node in loop.nodes}
        if self._failing and not self._leads_to(self._failing, {again.source, loop.header}):
            names.add(self.names.caught)
        return frozenset(names)

    @cached_property
    def _failing(self) -> list[str]:
        """Where error edges lead."""
        return [edge.target for edge in self.graph.edges if edge.is_error]

    @cached_property
    def loops_around(self) -> Mapping[str, tuple[str, ...]]:
        """By node the headers of the loops around it, outermost first."""
        found: dict[str, tuple[str, ...]] = {}
        pending: list[tuple[Regions, tuple[str, ...]]] = [(self.regions, ())]
        while pending:
            regions, above = pending.pop()
            for inner in regions.loops.values():
                assert inner.loop is not None
                headers = (*above, inner.loop.header)
                found.update(dict.fromkeys(inner.loop.nodes, headers))
                pending.append((inner, headers))
        return found

    def _leads_to(self, start: list[str], goals: set[str]) -> bool:
        seen: set[str] = set()
        pending = list(start)
        while pending:
            node = pending.pop()
            if node in goals:
                return True
            if node not in seen:
                seen.add(node)
                edges = self.graph.outgoing[node]
                pending.extend(edge.target for edge in edges if edge.index not in self.back)
        return False

    def flag(self, edge: FlowEdge) -> str:
        """The variable that says whether an edge was taken."""
        port = "" if edge.port == OUT else f"{edge.port.replace(':', '')}__"
        twins = self._twins[edge.source, edge.port, edge.target]
        nth = f"__{twins.index(edge.index)}" if len(twins) > 1 else ""
        return f"{edge.source}__{port}to__{edge.target}{nth}"

    @cached_property
    def _twins(self) -> Mapping[tuple[str, str, str], list[int]]:
        """The indices of the edges that lead from one port to one target."""
        found: dict[tuple[str, str, str], list[int]] = {}
        for edge in self.graph.edges:
            found.setdefault((edge.source, edge.port, edge.target), []).append(edge.index)
        return found

    def taken(self, edge: FlowEdge) -> str:
        """An expression: whether the edge was taken."""
        if edge.source == ENTRY and edge.port == BODY:
            return "true"
        if edge.source == ENTRY:
            return f"{TRIGGER}.id = {json.dumps(edge.port)}"
        return f"${self.flag(edge)}"

    def all_taken(self, node: str) -> str:
        """An expression: whether all edges of a node were taken, or a trigger entered it.

        A trigger that did not fire leaves its edge dead, so it never lets all of them be taken.
        """
        incoming = self.forward(node)
        fired = [self.taken(edge) for edge in incoming if edge.source == ENTRY]
        return joined(fired, "or") if fired else joined([self.taken(edge) for edge in incoming], "and")

    def flag_value(self, edge: FlowEdge) -> bool | str:
        """What the flag becomes where the edge's source ends by its port."""
        return True if edge.when is None else self.when(edge)

    def when(self, edge: FlowEdge) -> str:
        """The edge's own condition as a whole expression."""
        return "{% " + self.names.condition(edge.when or "") + " %}"

    def when_source(self, edge: FlowEdge) -> str:
        """The same without its marks."""
        return source_of(self.when(edge)) or "false"

    def title(self, node: str) -> str:
        """The node's name as people see it."""
        if node == ENTRY:
            return "Start"
        return self.nodes[node].name if node in self.nodes else node

    def catches_no_match(self, node: str) -> FlowEdge | None:
        """The error edge that takes a condition's NoMatch, if there is one."""
        for edge in self.graph.outgoing[node]:
            if edge.is_error and (not edge.errors or {NO_MATCH, "*"} & set(edge.errors)):
                return edge
        return None

    def counters(self, node: str) -> tuple[str, ...]:
        """What tells this piece of a node's work from its others, outermost first, as expressions."""
        rounds = (f"${round_of(header)}" for header in self.loops_around.get(node, ()))
        return (*self.around, *rounds)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The variables of the part's own nodes and edges: as at first whenever the part begins."""
        kinds = (str, ran_flag, round_of, passes_of)
        names = {kind(node) for node in self.graph.nodes for kind in kinds}
        return frozenset(names | {self.flag(edge) for edge in self.graph.edges if edge.source != ENTRY})

    @cached_property
    def variables_set(self) -> frozenset[str]:
        """The variables that a node of the part, or one in a body inside it, sets."""
        own = (node.lowering for node in self.graph.nodes.values())
        found = {name for lowering in own if isinstance(lowering, Passing) for name in lowering.assign}
        inner = (part for body in self.bodies.values() for part in body.parts.values())
        return frozenset(found).union(*(part.variables_set for part in inner))

    @cached_property
    def raised(self) -> tuple[str, ...]:
        """The errors that only the machine itself raises in this workflow, besides NoMatch."""
        lowerings = [node.lowering for node in self.nodes.values()]
        names: list[str] = []
        if any(isinstance(lowering, Repeating) for lowering in lowerings):
            names.append(TOO_MANY_ITERATIONS)
        if any(isinstance(lowering, Iterating) and lowering.may_fail_too_often for lowering in lowerings):
            names.append(TOO_MANY_FAILED)
        return tuple(names)

    @cached_property
    def endings(self) -> frozenset[str]:
        """The statuses that a `terminate` somewhere in the workflow ends the run with."""
        lowerings = (node.lowering for node in self.nodes.values())
        return frozenset(lowering.status for lowering in lowerings if isinstance(lowering, Ending))

    def may_end_run(self, node: str) -> bool:
        """Whether the node, or one in its body, ends the whole run."""
        if isinstance(self.graph.nodes[node].lowering, Ending):
            return True
        body = self.bodies.get(node)
        return body is not None and any(
            context.may_end_run(inner) for context in body.parts.values() for inner in context.graph.nodes
        )


@dataclass(frozen=True)
class Body:
    """A body to be lowered: its parts by name, and what handles its failures."""

    parts: Mapping[str, Context]
    handling: Context | None
    handlers: tuple[Handler, ...]


def is_error_port(port: str) -> bool:
    """Whether a port of the graph is one that failures take."""
    return port.startswith(f"{ERROR}:")
