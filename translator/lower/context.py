"""What lowering knows of the workflow as a whole, and the names it gives to what it adds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from translator.analyses.loops import Loop
from translator.graph import ENTRY, ERROR, OUT, FlowEdge, FlowGraph
from translator.json_value import JsonValue
from translator.lower.draft import source_of
from translator.lower.values import CAUGHT, TRIGGER, Names, ran_flag, round_of
from translator.projection.want import PASSED, Want
from translator.regions import Regions

ENDED: Final = "run__ended"
"""The variable that carries how a `terminate` inside a branch ended the run."""
TERMINATED: Final = "Steploom.Terminated"
NO_MATCH: Final = "NoMatch"


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
    wants: Mapping[str, Want] = field(default_factory=lambda: MappingProxyType({}))
    """By name, what the state machine itself looks at of a value."""

    def keep(self, node: str) -> dict[str, JsonValue]:
        """What the payload of a node's Task says of its output, should that be large."""
        want = self.wants.get(node, PASSED)
        return {} if want == PASSED else {"keep": want.to_json()}

    def forward(self, node: str) -> tuple[FlowEdge, ...]:
        """The edges that a node waits for: those that repeat a loop are not among them."""
        return tuple(edge for edge in self.graph.incoming[node] if edge.index not in self.back)

    def reset_names(self, loop: Loop, again: FlowEdge) -> frozenset[str]:
        """The variables that a new iteration finds as at first: outputs and flags of the loop.

        `$error` stays where the failure may have led to the back edge or to the loop.
        """
        edges = [edge for node in loop.nodes for edge in self.graph.outgoing[node]]
        names = {*loop.nodes, *(self.flag(edge) for edge in edges), *(ran_flag(node) for node in loop.nodes)}
        names |= {round_of(node) for node in loop.nodes if node != loop.header}
        if self._failing and not self._leads_to(self._failing, {again.source, loop.header}):
            names.add(CAUGHT)
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
        if edge.source == ENTRY:
            return f"{TRIGGER}.id = {json.dumps(edge.port)}"
        return f"${self.flag(edge)}"

    def all_taken(self, node: str) -> str:
        """An expression: whether all edges of a node were taken, or a trigger entered it.

        A trigger that did not fire leaves its edge dead, so it never lets all of them be taken.
        """
        incoming = self.forward(node)
        fired = [self.taken(edge) for edge in incoming if edge.source == ENTRY]
        return " or ".join(fired) if fired else " and ".join(self.taken(edge) for edge in incoming)

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
        return "Start" if node == ENTRY else self.graph.nodes[node].name

    def catches_no_match(self, node: str) -> FlowEdge | None:
        """The error edge that takes a condition's NoMatch, if there is one."""
        for edge in self.graph.outgoing[node]:
            if edge.is_error and (not edge.errors or {NO_MATCH, "*"} & set(edge.errors)):
                return edge
        return None


def is_error_port(port: str) -> bool:
    """Whether a port of the graph is one that failures take."""
    return port.startswith(f"{ERROR}:")
