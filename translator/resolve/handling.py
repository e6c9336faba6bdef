"""The part of a workflow that runs after a failure which no error edge took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translator.definition.model import WorkflowDefinition
from translator.diagnostics.nearest import nearest
from translator.graph import ENTRY, FlowEdge, FlowGraph, FlowNode
from translator.resolve.report import Report

UNKNOWN_HANDLER = "WF213"
ENTERED_HANDLER = "WF214"


@dataclass(frozen=True, slots=True)
class Handler:
    """One entry of `error_handlers`: its ENTRY port in the handling graph, and how the run ends after it."""

    port: str
    node: str
    errors: tuple[str, ...]
    resolve: bool


@dataclass(frozen=True)
class Handling:
    """The handlers in their order, and the graph of what only they lead to; each is a port of its ENTRY."""

    handlers: tuple[Handler, ...]
    graph: FlowGraph


def find_handling(
    definition: WorkflowDefinition,
    found: Mapping[str, FlowNode],
    edges: Sequence[FlowEdge],
    normal: frozenset[str],
    report: Report,
    of: str | None = None,
) -> Handling | None:
    """The handling of a workflow or of the body `of`, None if it has no handler that could be bound.

    `found` are the nodes beside which it runs, `normal` those among them that run without any failure.
    """
    handlers = _handlers(definition, found, edges, normal, report, of)
    if not handlers:
        return None
    inside = _led_to(edges, [handler.node for handler in handlers], normal)
    own = [edge for edge in edges if edge.source in inside and edge.target in inside]
    entries = [
        FlowEdge(0, ENTRY, handler.port, handler.node, found[handler.node].position) for handler in handlers
    ]
    nodes = {name: node for name, node in found.items() if name in inside}
    ports = tuple(handler.port for handler in handlers)
    return Handling(handlers, FlowGraph.ordered(definition.id, nodes, [*entries, *own], ports))


def _handlers(
    definition: WorkflowDefinition,
    found: Mapping[str, FlowNode],
    edges: Sequence[FlowEdge],
    normal: frozenset[str],
    report: Report,
    of: str | None,
) -> tuple[Handler, ...]:
    ids = [node.id for node in definition.nodes]
    handlers: list[Handler] = []
    for index, entry in enumerate(definition.error_handlers):
        if entry.of != of:
            continue
        pointer = f"/error_handlers/{index}/node"
        into = next((edge for edge in edges if edge.target == entry.node), None)
        if entry.node not in ids:
            message = f'an error handler names "{entry.node}", which is no node'
            near = nearest(entry.node, ids)
            hint = f'did you mean "{near}"?' if near else "name a node of the workflow"
            report.error(UNKNOWN_HANDLER, message, hint, pointer)
        elif entry.node in normal or into is not None:
            source = "a trigger" if into is None or into.source == ENTRY else f'"{into.source}"'
            message = f'the error handler "{entry.node}" is also entered by {source}'
            hint = "a handler runs only after a failure: remove that edge, or handle by another node"
            report.error(ENTERED_HANDLER, message, hint, pointer)
        elif entry.node in found:
            handlers.append(Handler(f"handler:{index}", entry.node, entry.errors, entry.resolve))
    return tuple(handlers)


def _led_to(edges: Sequence[FlowEdge], start: Sequence[str], normal: frozenset[str]) -> frozenset[str]:
    inside: set[str] = set()
    pending = list(start)
    while pending:
        node = pending.pop()
        if node not in inside and node not in normal:
            inside.add(node)
            pending.extend(edge.target for edge in edges if edge.source == node)
    return frozenset(inside)
