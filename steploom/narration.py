"""Tells in words what a workflow does, node by node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from layers.runtime.timeline import OWN_WORK
from translator import nodes
from translator.definition.model import Edge, ErrorHandler, Node, RetryPreset, Trigger, WorkflowDefinition


def narrate(definition: WorkflowDefinition, source_map: Mapping[str, Any]) -> str:
    """What starts the workflow, what each node does and where it leads, and how it becomes states."""
    parts = [definition.name or definition.id]
    if definition.description:
        parts.append(definition.description)
    parts.append("")
    parts += [f"Starts {_trigger(trigger)}" for trigger in definition.triggers] or ["Starts by hand."]
    for node in definition.nodes:
        parts += ["", *_node(node, definition, source_map)]
    parts += ["", *(_handler(handler) for handler in definition.error_handlers)]
    count = len(source_map["states"])
    parts.append(f"{len(definition.nodes)} nodes become {count} states.")
    return "\n".join(parts) + "\n"


def _trigger(trigger: Trigger) -> str:
    where = f" at {trigger.entry}" if trigger.entry else ""
    if trigger.type == "webhook":
        return f"on {trigger.method} /webhooks/{trigger.path} ({trigger.id}){where}."
    if trigger.type == "manual":
        return f"by hand ({trigger.id}){where}."
    return f"by {trigger.type} ({trigger.id}){where}."


def _node(node: Node, definition: WorkflowDefinition, source_map: Mapping[str, Any]) -> Iterator[str]:
    title = f"{node.id}: {node.name}" if node.name else node.id
    yield f"{title} [{node.type}]"
    yield f"    {nodes.load(node.type).summary}."
    if node.description:
        yield f"    {node.description}"
    incoming = [edge for edge in definition.edges if edge.to == node.id]
    if len(incoming) > 1:
        yield f"    Joins {_names([edge.from_ for edge in incoming])}: {_JOINS[node.join]}."
    retries = _retries(node)
    if retries:
        yield f"    Tried again {retries}."
    for edge in definition.edges:
        if edge.from_ == node.id:
            yield f"    {_edge(edge)}"
    places = source_map["states"].items()
    states = [name for name, place in places if place["node"] == node.id and place["role"] in OWN_WORK]
    if states and states != [node.name or node.id]:
        yield f"    In the machine: {', '.join(states)}."


_JOINS = {
    "any": "runs when all have ended and at least one led here",
    "all": "runs when all have ended and every one led here",
    "first": "runs as soon as the first leads here; the others are cancelled",
}


def _edge(edge: Edge) -> str:
    if edge.port == "error":
        errors = "any error" if edge.errors is None or "*" in edge.errors else " or ".join(edge.errors)
        return f"On {errors}, goes on with {edge.to}."
    port = "" if edge.port == "out" else f'On "{edge.port}", '
    condition = f" if {_bare(edge.when)}" if edge.when else ""
    return f"{port}{'goes' if port else 'Goes'} on with {edge.to}{condition}."


def _retries(node: Node) -> str:
    if node.retry_policy is None:
        return ""
    if isinstance(node.retry_policy, RetryPreset):
        preset = node.retry_policy.preset
        return "" if preset == "none" else f'by the policy "{preset}"'
    entries = (
        f"up to {entry.max_attempts} times on {', '.join(entry.errors)}, "
        f"first after {entry.interval_seconds} s, then {entry.backoff_rate:g} times as long"
        for entry in node.retry_policy
    )
    return "; ".join(entries)


def _handler(handler: ErrorHandler) -> str:
    errors = "any error" if "*" in handler.errors else " or ".join(handler.errors)
    end = "the run then counts as succeeded" if handler.resolve else "the run still fails"
    return f"If nothing takes {errors}, {handler.node} runs; {end}."


def _names(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    if len(distinct) < 2:
        return "".join(distinct)
    return f"{', '.join(distinct[:-1])} and {distinct[-1]}"


def _bare(expression: str) -> str:
    return expression.strip().removeprefix("{%").removesuffix("%}").strip()
