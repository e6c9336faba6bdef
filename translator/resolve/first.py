"""Finds the nodes that a workflow starts with where no trigger names one, or a body does."""

from __future__ import annotations

from translator.analyses.components import strongly_connected
from translator.definition.model import WorkflowDefinition


def first_nodes(definition: WorkflowDefinition, body: str | None = None) -> tuple[str, ...]:
    """The nodes of one level that no edge leads to; of a circle that nothing leads into, the one
    listed first.

    A node that handles errors or compensates another is none.
    """
    ids = {node.id: None for node in definition.nodes if node.parent == body}
    following: dict[str, list[str]] = {node: [] for node in ids}
    for edge in definition.edges:
        if edge.from_ in following and edge.to in following:
            following[edge.from_].append(edge.to)
    component_of = {
        node: number for number, found in enumerate(strongly_connected(following)) for node in found
    }
    entered = {
        component_of[target]
        for node, targets in following.items()
        for target in targets
        if component_of[target] != component_of[node]
    }
    apart = {handler.node for handler in definition.error_handlers}
    apart |= {node.compensate_with for node in definition.nodes if node.compensate_with}
    first: dict[int, str] = {}
    for node in ids:
        if component_of[node] not in entered and node not in apart:
            first.setdefault(component_of[node], node)
    return tuple(sorted(first.values()))
