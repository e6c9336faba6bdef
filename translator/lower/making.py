"""Makes the contexts of a workflow's parts, those of bodies inside those that they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from translator.graph import FlowNode
from translator.lower.context import Body, Context
from translator.lower.part import BodyParts, Part
from translator.lower.values import Names, index_of, passes_of
from translator.node_type import Iterating, Repeating
from translator.projection.want import Want


@dataclass(frozen=True)
class Making:
    """What all contexts of a workflow have in common."""

    project: str
    own_errors: tuple[str, ...]
    nodes: Mapping[str, FlowNode]
    bodies: Mapping[str, BodyParts]
    wants: Mapping[str, Want]
    merged: Mapping[str, str]

    def context(self, part: Part, names: Names, around: tuple[str, ...] = ()) -> Context:
        """The context of a part whose iterations `around` counts, with those of its bodies."""
        bodies: dict[str, Body] = {}
        context = Context(
            project=self.project,
            graph=part.graph,
            regions=part.regions,
            back=part.back,
            names=names,
            own_errors=self.own_errors,
            nodes=self.nodes,
            wants=self.wants,
            merged=self.merged,
            around=around,
            bodies=bodies,
        )
        for node in part.graph.nodes:
            if node in self.bodies:
                bodies[node] = self._body(node, context)
        return context

    def _body(self, node: str, around: Context) -> Body:
        body, lowering, names = self.bodies[node], self.nodes[node].lowering, around.names
        counters, inside = around.counters(node), names
        if isinstance(lowering, Iterating):
            is_child = names.is_child or lowering.children is not None
            inside = replace(names, iterating=node, is_child=is_child)
            counters = (*counters, f"${index_of(node)}")
        elif isinstance(lowering, Repeating):
            # Its iterations share the scope around, where `$error` must stay what it was.
            inside = replace(names, caught=f"{node}__body__caught")
            counters = (*counters, f"(${passes_of(node)} - 1)")
        parts = {name: self.context(part, inside, counters) for name, part in body.parts.items()}
        handling: Context | None = None
        if body.handling is not None:
            own = replace(names, caught=f"{node}__caught")
            handling = self.context(body.handling, own, around.counters(node))
        return Body(parts, handling, body.handlers)
