"""Tells in words what a workflow does, node by node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layers.runtime.timeline import OWN_WORK
from steploom.loops_of import LoopsOf, loops_of
from steploom.repetition import repetition
from translator import nodes
from translator.compiler import Compilation
from translator.definition.model import Edge, ErrorHandler, Node, RetryPreset, Trigger, WorkflowDefinition
from translator.node_type import Choosing, inner


@dataclass(frozen=True, slots=True)
class Told:
    """What the words are made from."""

    definition: WorkflowDefinition
    source_map: Mapping[str, Any]
    loops: LoopsOf
    conditions: Mapping[tuple[str, str], str]
    """By node and port what has to be true; empty where nothing else was."""


def narrate(compilation: Compilation) -> str:
    """What starts the workflow, what each node does and where it leads, and how it becomes states."""
    definition = compilation.definition
    loops = loops_of(compilation)
    told = Told(definition, compilation.source_map.to_json(), loops, dict(_conditions(compilation)))
    parts = [definition.name or definition.id]
    if definition.description:
        parts.append(definition.description)
    parts.append("")
    parts += [f"Starts {_trigger(trigger)}" for trigger in definition.triggers] or ["Starts by hand."]
    for node in definition.nodes:
        if node.id not in loops.handling:
            parts += ["", *_node(node, told)]
    parts += _handlers(told)
    count = len(told.source_map["states"])
    kind = "an Express" if compilation.machine_type == "EXPRESS" else "a Standard"
    parts += ["", f"{len(definition.nodes)} nodes become {count} states of {kind} state machine."]
    return "\n".join(parts) + "\n"


def _handlers(told: Told) -> Iterator[str]:
    """What happens after a failure that no error edge takes, and the nodes that run only then."""
    handlers = [handler for handler in told.definition.error_handlers if handler.of is None]
    if not handlers:
        yield from _handling_nodes(told)
        return
    yield ""
    yield "After a failure that no error edge takes, what is still under way is cancelled. Then:"
    for number, handler in enumerate(handlers):
        yield f"    {_handler(handler, told, is_first=number == 0)}"
    if not any("*" in handler.errors for handler in handlers):
        yield "    On anything else the run ends failed."
    yield from _handling_nodes(told)


def _handling_nodes(told: Told) -> Iterator[str]:
    for node in told.definition.nodes:
        if node.id in told.loops.handling:
            yield from ("", *_node(node, told))


def _conditions(compilation: Compilation) -> Iterator[tuple[tuple[str, str], str]]:
    for node in compilation.source_map.nodes.values():
        if not isinstance(node.lowering, Choosing):
            continue
        default = node.lowering.default
        for port in node.ports:
            asked = [inner(condition) for name, condition in node.lowering.cases if name == port]
            # A port of both kinds has no condition that could be told in one breath.
            if not (asked and port == default):
                yield (node.id, port), " or ".join(asked)


def _trigger(trigger: Trigger) -> str:
    where = f" at {trigger.entry}" if trigger.entry else ""
    if trigger.type == "webhook":
        return f"on {trigger.method} /webhooks/{trigger.path} ({trigger.id}){where}."
    if trigger.type == "manual":
        return f"by hand ({trigger.id}){where}."
    return f"by {trigger.type} ({trigger.id}){where}."


def _node(node: Node, told: Told) -> Iterator[str]:
    title = f"{node.id}: {node.name}" if node.name else node.id
    yield f"{title} [{node.type}]"
    yield f"    {nodes.load(node.type).summary}."
    if node.description:
        yield f"    {node.description}"
    yield from (f"    {line}" for line in _body(node, told))
    yield from (f"    {line}" for line in _before(node, told))
    yield from (f"    {line}" for line in _choice(node, told))
    retries = _retries(node)
    if retries:
        yield f"    Tried again {retries}."
    yield from (f"    {_edge(edges, told)}" for edges in _together(node, told))
    places = told.source_map["states"].items()
    states = [name for name, place in places if place["node"] == node.id and place["role"] in OWN_WORK]
    if states and states != [told.source_map["nodes"].get(node.id, {}).get("name")]:
        yield f"    In the machine: {', '.join(states)}."
    inside = [name for name, place in places if node.id in _folded(place)]
    if inside:
        yield f"    In the machine: inside {_names(inside)}."


def _folded(place: Mapping[str, Any]) -> tuple[str, ...]:
    others = (*place.get("before", ()), *place.get("chain", ()), *place.get("after", ()))
    return tuple(node for node in others if node != place["node"])


def _body(node: Node, told: Told) -> Iterator[str]:
    """The body that the node is in, its own body, and what handles failures in it."""
    if node.parent is not None:
        yield f"In the body of {node.parent}."
    inside = [each.id for each in told.definition.nodes if each.parent == node.id]
    if inside:
        yield f"Its body: {_names(inside)}."
    yield from repetition(node)
    for handler in told.definition.error_handlers:
        if handler.of == node.id:
            errors = "whatever it is" if "*" in handler.errors else f"on {_names(handler.errors, 'or')}"
            end = "counts as succeeded" if handler.resolve else "has failed"
            yield f"If its body fails, {errors}, {handler.node} runs; {node.id} then {end}."


def _before(node: Node, told: Told) -> Iterator[str]:
    """What the node waits for, and the loop that begins with it."""
    incoming = [
        edge.from_
        for edge in told.definition.edges
        if edge.to == node.id and not told.loops.goes_back(edge.from_, edge.to)
    ]
    if len(incoming) > 1:
        yield f"Joins {_names(incoming)}: {_JOINS[node.join]}."
    repeated = told.loops.bodies.get(node.id)
    if repeated == {node.id}:
        yield "Is a loop of its own: it runs again each time it leads back to itself."
    elif repeated:
        inside = [one.id for one in told.definition.nodes if one.id in repeated and one.id != node.id]
        back = [one for one in inside if told.loops.goes_back(one, node.id)]
        back += [node.id] if told.loops.goes_back(node.id, node.id) else []
        again = f"it runs again, and {_names(inside)} with it"
        yield f"Begins a loop: {again}, when {_names(back, 'or')} leads back here."


def _choice(node: Node, told: Told) -> Iterator[str]:
    """In which order a condition asks, and what happens where nothing fits."""
    ports = [port for source, port in told.conditions if source == node.id]
    cases = [port for port in ports if told.conditions[node.id, port]]
    if len(cases) > 1:
        yield f"Asks for {_names(cases)} in this order; the first that is true counts."
    if ports and len(cases) == len(ports) and "default" not in node.parameters:
        yield "If none is true it fails with NoMatch."


_JOINS: Final = {
    "any": "runs when all have ended and at least one led here",
    "all": "runs when all have ended and every one led here",
    "first": "runs as soon as the first leads here; the others are cancelled",
}


def _together(node: Node, told: Told) -> Iterator[Sequence[Edge]]:
    """The edges that leave a node, those together that are taken for the same reason in the same way."""
    found: dict[tuple[str, str, str | None, tuple[str, ...] | None], list[Edge]] = {}
    for edge in told.definition.edges:
        if edge.from_ == node.id:
            # Of several error edges only one is taken, so they are never side by side.
            alone = edge.to if edge.port == "error" else ""
            key = (f"{edge.port} {alone}", _way(edge, told), edge.when, edge.errors)
            found.setdefault(key, []).append(edge)
    return iter(found.values())


def _edge(edges: Sequence[Edge], told: Told) -> str:
    edge = edges[0]
    targets = _names([each.to for each in edges])
    way = f"{_way(edge, told)} {targets}{', side by side' if len(edges) > 1 else ''}"
    if edge.port == "error":
        errors = "any error" if edge.errors is None or "*" in edge.errors else _names(edge.errors, "or")
        return f"On {errors}, {way}."
    condition = told.conditions.get((edge.from_, edge.port))
    if condition is None:
        port = "" if edge.port == "out" else f'On "{edge.port}", '
    elif condition:
        port = f'If {condition} ("{edge.port}"), '
    else:
        port = f'Otherwise ("{edge.port}"), '
    sentence = f"{port}{way}{f' if {_bare(edge.when)}' if edge.when else ''}."
    return sentence[0].upper() + sentence[1:]


def _way(edge: Edge, told: Told) -> str:
    if told.loops.goes_back(edge.from_, edge.to):
        return "goes back to"
    if told.loops.leaves(edge.from_, edge.to):
        return "leaves the loop and goes on with"
    return "goes on with"


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


def _handler(handler: ErrorHandler, told: Told, *, is_first: bool) -> str:
    failure = f"On {_names(handler.errors, 'or')}"
    if "*" in handler.errors:
        failure = "Whatever failed" if is_first else "On anything else"
    more = (
        ", and what it leads to" if any(edge.from_ == handler.node for edge in told.definition.edges) else ""
    )
    end = "counts as succeeded" if handler.resolve else "ends failed, with the error that set this off"
    return f"{failure}, {handler.node} runs{more}; the run then {end}."


def _names(names: Sequence[str], word: str = "and") -> str:
    distinct = list(dict.fromkeys(names))
    if len(distinct) < 2:
        return "".join(distinct)
    return f"{', '.join(distinct[:-1])} {word} {distinct[-1]}"


def _bare(expression: str) -> str:
    return expression.strip().removeprefix("{%").removesuffix("%}").strip()
