"""Nodes that cannot fail whatever the run's data are, so that an error edge of theirs is never taken."""

from __future__ import annotations

from translator.checks.dead_error_edge import ANY, service_names
from translator.checks.facts import Facts
from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import source_of, sources
from translator.graph import FlowEdge, FlowNode
from translator.json_value import JsonValue
from translator.node_type import Branching, Choosing, Passing


def is_taken(facts: Facts, node: FlowNode, edge: FlowEdge) -> bool:
    """Whether an edge of a node can be taken at all: any but an error edge can."""
    if not edge.is_error:
        return True
    if cannot_fail(facts, node):
        return False
    if not isinstance(node.lowering, Passing | Choosing):
        return True
    taken = service_names(edge.errors)
    return ANY in taken or EXPRESSION_FAILED in taken


def cannot_fail(facts: Facts, node: FlowNode) -> bool:
    """True only for what calls nothing and whose expressions give a value for any data."""
    if isinstance(node.lowering, Branching):
        return all(
            cannot_fail(facts, child)
            and not any(
                edge.when is not None and source_may_fail(source_of(edge.when) or edge.when)
                for edge in graph.edges
            )
            for graph in facts.resolved.bodies[node.id].graphs()
            for child in graph.nodes.values()
        )
    return isinstance(node.lowering, Passing | Choosing) and _is_safe(dict(node.definition.parameters))


def _may_fail(when: str | None) -> bool:
    return when is not None and source_may_fail(source_of(when) or when)


def _is_safe(value: JsonValue) -> bool:
    return not any(source_may_fail(source) for source in sources(value))
