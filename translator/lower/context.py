"""What lowering knows of the workflow as a whole, and the names it gives to what it adds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from translator.graph import ENTRY, ERROR, OUT, FlowEdge, FlowGraph
from translator.lower.arrival import Certainty
from translator.lower.draft import source_of
from translator.lower.values import TRIGGER, Names
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
    names: Names
    own_errors: tuple[str, ...]
    """The error names of its own that the definition mentions."""

    @cached_property
    def certainty(self) -> Certainty:
        """Asks about what must come out of a part."""
        return Certainty(self.graph, self.regions.elements)

    def flag(self, edge: FlowEdge) -> str:
        """The variable that says whether an edge was taken."""
        port = "" if edge.port == OUT else f"{edge.port.replace(':', '')}__"
        twins = [
            other.index
            for other in self.graph.outgoing[edge.source]
            if (other.port, other.target) == (edge.port, edge.target)
        ]
        nth = f"__{twins.index(edge.index)}" if len(twins) > 1 else ""
        return f"{edge.source}__{port}to__{edge.target}{nth}"

    def taken(self, edge: FlowEdge) -> str:
        """An expression: whether the edge was taken."""
        if edge.source == ENTRY:
            return f"{TRIGGER}.id = {json.dumps(edge.port)}"
        return f"${self.flag(edge)}"

    def all_taken(self, node: str) -> str:
        """An expression: whether all edges of a node were taken, or a trigger entered it.

        A trigger that did not fire leaves its edge dead, so it never lets all of them be taken.
        """
        incoming = self.graph.incoming[node]
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
