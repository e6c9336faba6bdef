"""Where the failure of a body goes: to its handlers, to the error edges of its node, and then outwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from translator.asl import Origin
from translator.graph import ENTRY, FlowNode
from translator.json_value import JsonValue
from translator.lower.catching import Catching
from translator.lower.context import NO_MATCH, Body
from translator.lower.draft import END, Draft, Transition, expression
from translator.lower.frame import Frame
from translator.lower.handled import told_on
from translator.lower.node import caught
from translator.lower.routes import Routes
from translator.lower.scope import ScopeWriter
from translator.lower.trigger_arrivals import trigger_arrivals
from translator.lower.values import CAUGHT


def catching_of(
    frame: Frame, node: FlowNode, routes: Routes, write: Callable[[Frame], None]
) -> tuple[Catching, ...]:
    """What takes a failure of a body, the innermost first: its handlers, its error edges, what is around."""
    own = frame.context.names.caught
    edges = tuple(
        Catching(
            errors,
            # A Catch names a state to go to.
            each.target if each.target != END else frame.scope.end(),
            {name: value for name, value in each.assign.items() if name != own},
            frame.scope.path,
            own,
            each.then,
        )
        for errors, each in routes.errors
    )
    around = (*edges, *frame.scope.catching)
    body = frame.context.bodies[node.id]
    if body.handling is None:
        return around
    return (*_write_handling(frame, node, body, routes, around, write), *around)


def _write_handling(
    frame: Frame,
    node: FlowNode,
    body: Body,
    routes: Routes,
    around: tuple[Catching, ...],
    write: Callable[[Frame], None],
) -> tuple[Catching, ...]:
    """Writes what handles the failures of a body, beside its node; gives what each handler catches."""
    context = body.handling
    assert context is not None
    path = frame.scope.path
    writer = ScopeWriter(context, path, f"{node.id}/handling/", frame.scope.states, around)
    after = _after_handling(frame, node, body, routes, around)
    inner = Frame(writer, context.regions, context.regions.root, trigger_arrivals(context), after)
    kinds = {handler.resolve for handler in body.handlers}
    found: list[Catching] = []
    for handler in body.handlers:
        edge = next(edge for edge in context.graph.outgoing[ENTRY] if edge.port == handler.port)
        item = inner.landing(edge)
        assert item is not None
        names = all_errors(frame, handler.errors)
        assign: dict[str, JsonValue] = {_resolves(node.id): handler.resolve} if len(kinds) > 1 else {}
        reset = context.own_names
        found.append(
            Catching(names, inner.enter(item, edge), assign, path, context.names.caught, reset=reset)
        )
    write(inner)
    return tuple(found)


def all_errors(frame: Frame, errors: tuple[str, ...]) -> tuple[str, ...]:
    """The service's names for what a body's error edge or handler names; `*` also for what we raise."""
    context = frame.context
    names = caught(errors, context.own_errors)
    return (*names, NO_MATCH, *context.raised) if "*" in (errors or ("*",)) else names


def _resolves(node: str) -> str:
    """The variable that says whether the handler that runs lets the body's node succeed."""
    return f"{node}__resolves"


def _after_handling(
    frame: Frame, node: FlowNode, body: Body, routes: Routes, around: tuple[Catching, ...]
) -> str:
    """Writes what follows a handler: the node has succeeded with the output null, or it has failed."""
    origin = Origin(node.id, "join")
    out = routes.ports["out"]
    resolved = Draft(f"resolved:{node.id}", f"{node.name}: resolved", origin, "pass")
    resolved.success = replace(out, assign={**out.assign, node.id: None}, then=dict(out.then))
    kinds = {handler.resolve for handler in body.handlers}
    if kinds == {True}:
        return frame.scope.add(resolved)
    failed = _failed_again(frame, node, body, around)
    if kinds == {False}:
        return failed
    choose = Draft(f"resolved?:{node.id}", f"{node.name}: resolved?", origin, "choice")
    choose.rules = [(f"${_resolves(node.id)}", Transition(frame.scope.add(resolved)))]
    choose.success = Transition(failed)
    return frame.scope.add(choose)


def _failed_again(frame: Frame, node: FlowNode, body: Body, around: tuple[Catching, ...]) -> str:
    """Writes where the failure goes that has been handled and not resolved."""
    assert body.handling is not None
    variable = body.handling.names.caught
    here = [catching for catching in around if catching.path == frame.scope.path]
    is_told = _is_told(frame, body, around)
    told = told_on(frame.scope, node.id, variable, f"unresolved:{node.id}", is_told)
    if not here:
        return told
    draft = Draft(f"whither:{node.id}", f"{node.name}: which failure?", Origin(node.id, "join"), "choice")
    for catching in here:
        transition = catching.transition(expression(f"${variable}"))
        draft.rules.append((_is_one_of(variable, catching.errors), transition))
    draft.success = Transition(told)
    return frame.scope.add(draft)


def _is_told(frame: Frame, body: Body, around: tuple[Catching, ...]) -> str | None:
    """When somebody outside of this scope asks which node failed; None for always."""
    assert body.handling is not None
    handled = {name for handler in body.handlers for name in all_errors(frame, handler.errors)}
    asking = [each for each in around if each.path != frame.scope.path and each.wants_node]
    errors = dict.fromkeys(name for each in asking for name in each.errors if name in handled)
    if handled <= errors.keys():
        return None
    return _is_one_of(body.handling.names.caught, tuple(errors)) if errors else "false"


def _is_one_of(variable: str, errors: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in errors)
    return f"${variable}.error in [{names}]"


def raised(
    frame: Frame, node: FlowNode, catching: tuple[Catching, ...], error: str, cause: str
) -> tuple[Transition, list[Draft]]:
    """Where a failure goes that the machine itself finds, and the states that this takes."""
    value: JsonValue = {"error": error, "cause": cause, "node": node.id}
    taker = next((each for each in catching if error in each.errors), None)
    if taker is not None and taker.path == frame.scope.path:
        return taker.transition(value), []
    if taker is not None:
        return Transition(told_on(frame.scope, node.id), assign={CAUGHT: value}), []
    fields: dict[str, JsonValue] = {"error": error, "cause": cause}
    draft = Draft(f"raised:{node.id}", f"{node.name}: {error}", Origin(node.id, "end"), "fail", fields=fields)
    return Transition(draft.key), [draft]
