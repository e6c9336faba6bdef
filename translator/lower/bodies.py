"""What becomes of a node with a body: a Map, a Parallel, or a Choice that its body leads back to."""

from __future__ import annotations

import json
from dataclasses import replace

from translator.asl import Origin
from translator.diagnostics import InternalError
from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.lower.body_failure import catching_of, raised
from translator.lower.body_node import BodyNode, Write, without_output
from translator.lower.context import TOO_MANY_ITERATIONS, Context
from translator.lower.draft import END, Again, BodyDraft, Draft, Transition, expression
from translator.lower.frame import Frame
from translator.lower.handled import with_handlers
from translator.lower.iterating import iterated
from translator.lower.node import guard
from translator.lower.routes import Routes
from translator.lower.scope import ScopeWriter
from translator.lower.trigger_arrivals import trigger_arrivals
from translator.lower.values import passes_of
from translator.node_type import Branching, Iterating, Passing, Repeating


def body_drafts(frame: Frame, node: FlowNode, routes: Routes, write: Write) -> list[Draft]:
    """The states of a node with a body; the first one is where it starts."""
    catching = catching_of(frame, node, routes, write)
    body = BodyNode(frame, node, routes, catching, write)
    lowering = node.lowering
    if isinstance(lowering, Iterating):
        return iterated(body, lowering)
    if isinstance(lowering, Branching):
        return [_branched(body)]
    if isinstance(lowering, Repeating):
        return _repeated(body, lowering)
    raise InternalError(f"node {node.id!r} has no body and was to be lowered with one")


def _shared(context: Context) -> frozenset[str]:
    """The variables of the workflow that some node sets."""
    found = (node.lowering for node in context.nodes.values())
    return frozenset(name for each in found if isinstance(each, Passing) for name in each.assign)


def _branched(body: BodyNode) -> Draft:
    parts = body.parts
    scopes = [body.part_scope(name, part, body.catching) for name, part in parts.items()]
    success = body.routes.ports["out"]
    results = [f"{json.dumps(name)}: $states.result[{index}].result__" for index, name in enumerate(parts)]
    output = expression("{" + ", ".join(results) + "}")
    success.assign[body.id] = output
    draft = Draft(f"node:{body.id}", body.node.name, Origin(body.id, "body"), "parallel", success=success)
    draft.branches = scopes
    draft.shown, draft.has_shown = output, True
    given = tuple(body.result(part, None) for part in parts.values())
    draft.body = BodyDraft(given, _shared(body.frame.context), is_boxed=True)
    return with_handlers(body.frame.scope, draft, body.catching)


def _repeated(body: BodyNode, lowering: Repeating) -> list[Draft]:
    """The condition stands where the node stands; the body leads back to it, in the same scope."""
    (part,) = body.parts.values()
    scope, key = body.frame.scope, f"node:{body.id}"
    body = replace(body, catching=tuple(without_output(body.id, each) for each in body.catching))
    before = set(scope.states)
    writer = ScopeWriter(part, scope.path, f"{body.id}/", scope.states, body.catching)
    inner = Frame(writer, part.regions, part.regions.root, trigger_arrivals(part), key)
    start = inner.entry()
    body.write(inner)
    own = tuple(name for name in scope.states if name not in before)
    condition = body.frame.context.names.condition(lowering.condition)
    drafts: list[Draft] = []
    if body.routes.guards([expression(condition)]):
        asked = Draft("", f"{body.node.name}: ask", Origin(body.id, "guard"), "pass")
        port, choose = f"{body.id}__port", Transition(f"choose:{body.id}")
        asked.success = Transition(END, assign={port: expression(condition)})
        drafts.append(with_handlers(scope, guard(body.node, asked, choose, body.routes, key), body.catching))
        key, condition = choose.target, f"${port}"
    draft = Draft(key, body.node.name, Origin(body.id, "body"), "choice")
    cause = f'the condition of "{body.node.name}" still holds after {lowering.max_iterations} iterations'
    refused, more = raised(body.frame, body.node, body.catching, TOO_MANY_ITERATIONS, cause)
    out = body.routes.ports["out"]
    out.assign[body.id] = expression(f"${body.id}")
    round_, names = passes_of(body.id), body.frame.context.names
    begins: dict[str, JsonValue] = {
        round_: expression(f"${round_} + 1"),
        part.names.caught: expression(f"${names.caught}"),
    }
    draft.rules = [
        (f"$not({condition})", replace(out, assign=dict(out.assign), then=dict(out.then))),
        (f"${round_} < {lowering.max_iterations}", Transition(start, then=begins, reset=part.own_names)),
    ]
    draft.success = refused
    draft.again = Again(own, body.id, body.result(part, lowering.result))
    return [*drafts, draft, *more]
