"""The diagram of a workflow definition: its triggers, nodes and edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from steploom.drawing.diagram import Arrow, Box, Diagram, shortened
from translator.definition.model import Edge, Node, WorkflowDefinition

_KINDS: Final = {"condition": "choice", "delay": "wait", "http_request": "work", "function": "work"}


def diagram_of_definition(definition: WorkflowDefinition) -> Diagram:
    """Triggers above, then the nodes by their edges; error edges have a kind of their own."""
    entered = {edge.to for edge in definition.edges}
    first = [node.id for node in definition.nodes if node.id not in entered and node.parent is None]
    triggers = tuple(
        Box(f"trigger {trigger.id}", trigger.id, _trigger_text(trigger.model_dump()), "trigger")
        for trigger in definition.triggers
    )
    entries = tuple(
        Arrow(f"trigger {trigger.id}", entry)
        for trigger in definition.triggers
        for entry in ([trigger.entry] if trigger.entry else first)
    )
    handlers = tuple(
        Arrow("any failure", handler.node, _errors(handler.errors), "error")
        for handler in definition.error_handlers
        if handler.of is None
    )
    failure = (Box("any failure", "any failure", "", "trigger"),) if handlers else ()
    return Diagram(
        boxes=(*triggers, *failure, *_boxes(definition, None)),
        arrows=(*entries, *handlers, *_arrows(definition, None)),
        title=f"{definition.name or definition.id}: the definition",
    )


def _boxes(definition: WorkflowDefinition, body: str | None) -> Iterator[Box]:
    """The nodes of one body, those with a body of their own with a diagram inside; None: of no body."""
    for node in definition.nodes:
        if node.parent == body and any(inner.parent == node.id for inner in definition.nodes):
            inside = Diagram(tuple(_boxes(definition, node.id)), tuple(_arrows(definition, node.id)))
            yield replace(_box(node), inner=(inside,))
        elif node.parent == body:
            yield _box(node)


def _arrows(definition: WorkflowDefinition, body: str | None) -> Iterator[Arrow]:
    inside = {node.id for node in definition.nodes if node.parent == body}
    for handler in definition.error_handlers:
        if handler.of in inside:
            yield Arrow(handler.of, handler.node, _errors(handler.errors), "error")
    yield from (_arrow(edge) for edge in definition.edges if edge.from_ in inside)


def _box(node: Node) -> Box:
    kind = _KINDS.get(node.type, "plain")
    if node.type == "terminate":
        kind = "failed" if node.parameters.get("status") == "failed" else "end"
    return Box(node.id, node.name or node.id, f"{node.id} · {node.type}", kind)


def _arrow(edge: Edge) -> Arrow:
    if edge.port == "error":
        return Arrow(edge.from_, edge.to, _errors(edge.errors), "error")
    condition = "" if edge.when is None else edge.when.strip().removeprefix("{%").removesuffix("%}").strip()
    label = condition if edge.port == "out" else " ".join(part for part in (edge.port, condition) if part)
    return Arrow(edge.from_, edge.to, shortened(label))


def _errors(names: tuple[str, ...] | None) -> str:
    return "any error" if names is None or "*" in names else ", ".join(names)


def _trigger_text(trigger: dict[str, object]) -> str:
    if trigger["type"] == "webhook":
        return f"{trigger['method']} /webhooks/{trigger['path']}"
    return str(trigger["type"])
