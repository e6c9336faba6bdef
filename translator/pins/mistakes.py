"""WF360, WF361, WF363, WF364, WF630: pins that cannot be, told before anything is made of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.definition.model import Pin
from translator.definition.rules import is_of_type
from translator.definition.wording import quoted
from translator.diagnostics import Diagnostic
from translator.diagnostics.nearest import nearest
from translator.graph import ENTRY, FlowNode
from translator.node_type import Choosing, Ending
from translator.pins.cut import pinned_input
from translator.pins.ended import error_edge_of, port_of
from translator.pins.loops import unclear
from translator.pins.request import Request

UNKNOWN: Final = "WF360"
UNFIT: Final = "WF361"
UNCLEAR: Final = "WF363"
TOO_LARGE: Final = "WF364"
OTHER_TYPE: Final = "WF630"
MAX_INPUT_BYTES: Final = 262_144
"""Of the input of an execution, where the outputs of pinned nodes stand (AWS: Step Functions quotas)."""


def mistakes(facts: Facts, request: Request) -> Iterator[Diagnostic]:
    """What is wrong with a request before anything is made of it."""
    yield from _unknown(facts, request)
    for name, pin in request.pins.items():
        node = facts.resolved.graph.nodes.get(name)
        if node is not None:
            yield from _unfit(facts, request, node, pin)
    known = {name: pin for name, pin in request.pins.items() if name in facts.resolved.graph.nodes}
    for name, wrong, hint in unclear(facts.resolved.graph, facts.loops, known):
        yield Diagnostic(
            UNCLEAR, f'node "{name}" is pinned, and {wrong}', hint, request.place(f"pins/{name}")
        )
    size = len(json.dumps(pinned_input(request.pins), ensure_ascii=False).encode())
    if size > MAX_INPUT_BYTES:
        message = f"the pins hold {size:,} bytes, and a run's input may hold {MAX_INPUT_BYTES:,}"
        yield Diagnostic(TOO_LARGE, message, "pin fewer nodes, or let large ones run", request.place("pins"))


def _unknown(facts: Facts, request: Request) -> Iterator[Diagnostic]:
    graph = facts.resolved.graph
    handled = facts.resolved.handling.graph.nodes if facts.resolved.handling else {}
    for name in request.pins:
        if name in handled:
            message = f'node "{name}" is pinned, and it runs only after a failure'
            hint = "pin what comes before the failure; give the handler a mock in a test"
            yield Diagnostic(UNCLEAR, message, hint, request.place(f"pins/{name}"))
        elif facts.resolved.nesting.parent(name) is not None:
            body = [*facts.resolved.nesting.around(name)][-1]
            message = f'node "{name}" is pinned, and it is inside the body of "{body}"'
            hint = f'pin "{body}", whose output holds what its body gave'
            yield Diagnostic(UNCLEAR, message, hint, request.place(f"pins/{name}"))
        elif name not in graph.nodes:
            yield _no(request, f"pins/{name}", f'"{name}" is pinned, and no such node runs', graph.nodes)
    yield from _variables(facts, request)
    if request.trigger is not None and request.trigger not in graph.triggers:
        yield _no(request, "trigger", f'there is no trigger "{request.trigger}"', graph.triggers)
    elif trigger_of(facts, request) is None:
        message = "the triggers enter different nodes, so the pins do not tell what else is to run"
        hint = f"say whose run it is: {', '.join(graph.triggers)}"
        yield Diagnostic(UNCLEAR, message, hint, request.place("trigger"))


def _variables(facts: Facts, request: Request) -> Iterator[Diagnostic]:
    types = {variable.name: variable.type for variable in facts.resolved.definition.variables}
    for name, value in request.variables.items():
        if name not in types:
            message = f'there is no variable "{name}" to be given another value'
            yield _no(request, f"variables/{name}", message, types)
        elif not is_of_type(value, types[name]):
            message = f'variable "{name}" is of type "{types[name]}", and is given {quoted(value)}'
            hint = "give it a value of its type, or change the type"
            yield Diagnostic(OTHER_TYPE, message, hint, request.place(f"variables/{name}"))


def _no(request: Request, pointer: str, message: str, known: Collection[str]) -> Diagnostic:
    near = nearest(pointer.rpartition("/")[2], known)
    listed = ", ".join(quoted(name) for name in sorted(known)) or "none"
    hint = f'did you mean "{near}"?' if near else f"there are: {listed}"
    return Diagnostic(UNKNOWN, message, hint, request.place(pointer))


def trigger_of(facts: Facts, request: Request) -> str | None:
    """The trigger whose run it is; None if it was not said and makes a difference."""
    if request.trigger is not None:
        return request.trigger
    graph = facts.resolved.graph
    if not request.pins:
        return graph.triggers[0]
    entered = {
        trigger: frozenset(edge.target for edge in graph.outgoing[ENTRY] if edge.port == trigger)
        for trigger in graph.triggers
    }
    return graph.triggers[0] if len(set(entered.values())) == 1 else None


def _unfit(facts: Facts, request: Request, node: FlowNode, pin: Pin) -> Iterator[Diagnostic]:
    place = request.place(f"pins/{node.id}")
    if isinstance(node.lowering, Ending) and pin.status != "skipped":
        message = f'node "{node.id}" is pinned, and it ends the run'
        yield Diagnostic(UNFIT, message, "pin it as skipped, or let it run", place)
    elif pin.status == "failed" and error_edge_of(facts.resolved.graph, node.id, pin) is None:
        message = f'node "{node.id}" is pinned as failed with "{pin.error}", and no error edge takes that'
        yield Diagnostic(UNFIT, message, "pin it as succeeded or skipped, or let it run", place)
    elif _takes_no_port(facts, node, pin):
        message = f'condition "{node.id}" is pinned, and its output does not say which port it took'
        listed = ", ".join(f'{{"port": "{port}"}}' for port in node.ports)
        yield Diagnostic(UNFIT, message, f"its output is one of {listed}", place)


def _takes_no_port(facts: Facts, node: FlowNode, pin: Pin) -> bool:
    is_choosing = pin.status == "succeeded" and isinstance(node.lowering, Choosing)
    return is_choosing and port_of(facts.resolved.graph, node.id, pin) not in node.ports
