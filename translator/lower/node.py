"""What each kind of node becomes: the states of one node, their transitions given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from translator.asl import Origin
from translator.diagnostics import InternalError
from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.joining import chosen
from translator.expressions.sources import source_of
from translator.graph import FlowNode
from translator.json_value import JsonObject, JsonValue
from translator.lower.context import ENDED, NO_MATCH, TERMINATED, Context
from translator.lower.draft import END, Draft, DraftScope, Transition, expression
from translator.lower.errors import retriers, service_names
from translator.lower.function_task import RESULT, about, node_key
from translator.lower.growing import within_limits
from translator.lower.pinning import PINS
from translator.lower.routes import Routes
from translator.lower.starting import starting_drafts
from translator.lower.values import CAUGHT
from translator.node_type import Choosing, Ending, Invoking, Passing, Resuming, Starting, Waiting
from translator.size_class import placeholder

DEFAULT_TIMEOUT_SECONDS: Final = 60

_CAUSE: Final = (
    "($message__ := $match($states.errorOutput.Cause, "
    '/^\\{"errorMessage": ?"((?:[^\\\\"]|\\\\.)*)"/).groups[0]; '
    '$exists($message__) ? $parse("\\"" & $message__ & "\\"") : $states.errorOutput.Cause)'
)
"""What went wrong in words: of a Lambda function's error only its message (AWS Lambda: Python errors)."""


TOLD: Final = '$match($states.errorOutput.Cause, /"node":"([a-z][a-z0-9_]*)"\\}$/).groups[0]'
NO_STATES: Final = '{"state__": null}'
"""Where the states inside stand by name, each with its node, once they have names (`legalize`)."""
BY_STATE: Final = (
    f", $lookup({NO_STATES}, "
    r"""$match($states.errorOutput.Cause, /^An error occurred while executing the state '(.*)' \(entered /)"""
    '.groups[0] & "")'
)
"""The node whose expression has failed, by the name of its state (recorded: the Cause begins with it)."""
TOLD_OR_BY_STATE: Final = f"[{TOLD}{BY_STATE}][0]"


def error_value(node: str | None) -> str:
    """`$error` as a Catch sees it; the node None is read from the Cause, where a branch has put it."""
    name = f'"{node}"' if node is not None else TOLD_OR_BY_STATE
    return expression(f'{{"error": $states.errorOutput.Error, "cause": {_CAUSE}, "node": {name}}}')


def body_error_value(body: str) -> str:
    """`$error` where a body has failed: the node is the one inside that failed, if the Cause tells it."""
    name = f'[{TOLD}{BY_STATE}, "{body}"][0]'
    return expression(f'{{"error": $states.errorOutput.Error, "cause": {_CAUSE}, "node": {name}}}')


def node_drafts(context: Context, node: FlowNode, routes: Routes, *, is_root: bool) -> list[Draft]:
    """The states of a node; the first one is where it starts."""
    lowering = node.lowering
    if isinstance(lowering, Invoking):
        return [_task(context, node, lowering, routes)]
    if isinstance(lowering, Ending):
        return [_ending(context, node, lowering, is_root=is_root)]
    if isinstance(lowering, Choosing):
        return _choice(context, node, lowering, routes)
    if isinstance(lowering, Waiting):
        return _wait(context, node, lowering, routes)
    if isinstance(lowering, Starting):
        key = node_key(context, node.id)
        return starting_drafts(context, node, lowering, routes, source_of(key) or "")
    if isinstance(lowering, Resuming):
        return [_resume(context, node, lowering, routes)]
    if isinstance(lowering, Passing):
        return _pass(context, node, lowering, routes)
    raise InternalError(f"node {node.id!r} has a body and was to be lowered without it")


def _task(context: Context, node: FlowNode, lowering: Invoking, routes: Routes) -> Draft:
    success = routes.ports["out"]
    success.assign[node.id] = expression(RESULT)
    timeout = node.definition.timeout_seconds or DEFAULT_TIMEOUT_SECONDS
    effect = node.definition.effect or node.type.default_effect(node.definition.parameters)
    payload = about(context, node, effect, timeout)
    payload |= _work(context, lowering) | context.keep(node.id)
    if context.own_errors:
        payload["errors"] = list(context.own_errors)
    return Draft(
        key=f"node:{node.id}",
        name=node.name,
        origin=Origin(node.id, "task"),
        kind="task",
        fields={"arguments": {"FunctionName": placeholder(node.definition.resources), "Payload": payload}},
        success=success,
        catches=list(routes.errors),
        retry=retriers(node.definition, context.own_errors),
        timeout_seconds=timeout,
        shown=expression(RESULT),
        has_shown=True,
    )


def _work(context: Context, lowering: Invoking) -> dict[str, JsonValue]:
    """The parameters of a node, or an expression and what it reads."""
    if not lowering.is_evaluation:
        return {"parameters": context.names.parameters(lowering.parameters)}
    source, values = evaluation(context, lowering.parameters)
    return {"evaluate": source, "parameters": values}


def evaluation(context: Context, template: JsonValue) -> tuple[str, JsonValue]:
    """A template as a function evaluates it: the expression, and the values of the names that it reads."""
    source, names = context.names.evaluation(template)
    values: JsonObject = {name: expression("$error" if name == CAUGHT else f"${name}") for name in names}
    return source, context.names.parameters(values)


def _pass(context: Context, node: FlowNode, lowering: Passing, routes: Routes) -> list[Draft]:
    assign = {
        name: within_limits(context, node, name, context.names.value(value))
        for name, value in lowering.assign.items()
    }
    output = context.names.value(lowering.output)
    if routes.guards([*assign.values(), output]):
        guarded = Draft(f"node:{node.id}", node.name, Origin(node.id, "pass"), "pass")
        guarded.success = Transition(END, assign={**assign, node.id: output})
        return [guard(node, guarded, routes.ports["out"], routes, f"guard:{node.id}")]
    success = routes.ports["out"]
    success.assign.update({**assign, node.id: output})
    draft = Draft(f"node:{node.id}", node.name, Origin(node.id, "pass"), "pass", success=success)
    draft.shown, draft.has_shown = output, not assign
    return [draft]


def _resume(context: Context, node: FlowNode, lowering: Resuming, routes: Routes) -> Draft:
    """A state that only lets edges be taken, and tells which failure they carry."""
    success = routes.ports["out"]
    if lowering.caught is not None:
        success.assign[context.names.caught] = expression(f"{PINS}.{lowering.caught}")
    return Draft(f"node:{node.id}", node.name, Origin("", "entry"), "pass", success=success)


def guard(node: FlowNode, inner: Draft, success: Transition, routes: Routes, key: str) -> Draft:
    """A Parallel of one branch, because a Pass, a Choice and a Wait have no Catch of their own.

    It stands under the node's key; the state inside it keeps the name that people look for.
    """
    start = f"inner:{key}"
    inner.key = start
    return Draft(
        key=f"node:{node.id}",
        name=f"{node.name}: guarded",
        origin=Origin(node.id, "guard"),
        kind="parallel",
        success=success,
        catches=[((EXPRESSION_FAILED,), route) for route in routes.expression_routes()],
        branches=[DraftScope(start, {start: inner})],
    )


def _wait(context: Context, node: FlowNode, lowering: Waiting, routes: Routes) -> list[Draft]:
    timed = "timestamp" if lowering.until is not None else "seconds"
    value = context.names.value(lowering.until if timed == "timestamp" else lowering.seconds)
    success = routes.ports["out"]
    success.assign[node.id] = None
    key = f"node:{node.id}"
    draft = Draft(key, node.name, Origin(node.id, "wait"), "wait", fields={timed: value}, success=success)
    if source_of(value) is None or not (routes.is_watched or routes.expression_routes()):
        return [draft]
    until = f"{node.id}__until"
    asked = Draft("", f"{node.name}: how long", Origin(node.id, "guard"), "pass")
    asked.success = Transition(END, assign={until: value})
    draft.key, draft.fields = f"wait:{node.id}", {timed: expression(f"${until}")}
    return [guard(node, asked, Transition(draft.key), routes, key), draft]


def _choice(context: Context, node: FlowNode, lowering: Choosing, routes: Routes) -> list[Draft]:
    key, origin = f"node:{node.id}", Origin(node.id, "choice")
    conditions = [context.names.condition(condition) for _, condition in lowering.cases]
    drafts: list[Draft] = []
    if routes.guards([expression(each) for each in conditions]):
        port = f"{node.id}__port"
        asked = Draft("", f"{node.name}: ask", Origin(node.id, "guard"), "pass")
        asked.success = Transition(END, assign={port: _chosen(lowering, conditions)})
        drafts.append(guard(node, asked, Transition(f"choose:{node.id}"), routes, key))
        key, conditions = f"choose:{node.id}", [f'${port} = "{name}"' for name, _ in lowering.cases]
    draft = Draft(key, node.name, origin, "choice")
    for (port_name, _), condition in zip(lowering.cases, conditions, strict=True):
        draft.rules.append((condition, _with_port(routes.ports[port_name], node.id, port_name)))
    if lowering.default is not None:
        draft.success = _with_port(routes.ports[lowering.default], node.id, lowering.default)
    elif routes.no_match is not None:
        draft.success = routes.no_match
    else:
        failed = _no_match(node)
        draft.success = Transition(failed.key)
        drafts.append(failed)
    return [*drafts, draft]


def _with_port(transition: Transition, node: str, port: str) -> Transition:
    """A copy, because several cases may take one port; a condition's output is the port it took."""
    assign = {**transition.assign, node: {"port": port}}
    return replace(transition, assign=assign, then=dict(transition.then), port=port)


def _chosen(lowering: Choosing, conditions: list[str]) -> str:
    text = "null" if lowering.default is None else json.dumps(lowering.default)
    ports = [f'"{port}"' for port, _ in lowering.cases]
    return expression(chosen([*zip(conditions, ports, strict=True)], text))


def _no_match(node: FlowNode) -> Draft:
    fields: dict[str, JsonValue] = {
        "error": NO_MATCH,
        "cause": f'no case of "{node.name}" fits and it has no default',
    }
    origin = Origin(node.id, "end")
    return Draft(f"nomatch:{node.id}", f"{node.name}: no match", origin, "fail", fields=fields)


def _ending(context: Context, node: FlowNode, lowering: Ending, *, is_root: bool) -> Draft:
    key, origin = f"node:{node.id}", Origin(node.id, "end")
    if lowering.status == "succeeded":
        output = context.names.value(lowering.output)
        if is_root:
            return Draft(key, node.name, origin, "succeed", shown=output, has_shown=True)
        ended = {"status": "succeeded", "output": lowering.output}
    else:
        if is_root:
            fields = {
                "error": context.names.value(lowering.error),
                "cause": context.names.value(lowering.cause),
            }
            return Draft(key, node.name, origin, "fail", fields=fields)
        ended = {"status": "failed", "error": lowering.error, "cause": lowering.cause}
    constructor = context.names.value([ended])
    source = source_of(constructor)
    cause = expression(f"$string({source}[0])") if source is not None else _compact(ended)
    return Draft(key, node.name, origin, "fail", fields={"error": TERMINATED, "cause": cause})


def _compact(ended: Mapping[str, object]) -> str:

    return json.dumps(ended, separators=(",", ":"))


def terminated_drafts(kinds: frozenset[str]) -> list[Draft]:
    """The end of a run that a `terminate` in a branch asked for; the first state is where it starts."""
    origin = Origin("", "join")
    succeed = Draft("ended:succeeded", "Ended early", origin, "succeed")
    succeed.shown, succeed.has_shown = expression(f"${ENDED}.output"), True
    fields = {"error": expression(f"${ENDED}.error"), "cause": expression(f"${ENDED}.cause")}
    fail = Draft("ended:failed", "Ended as failed", origin, "fail", fields=dict(fields))
    by_kind = {"succeeded": succeed, "failed": fail}
    if len(kinds) == 1:
        return [by_kind[next(iter(kinds))]]
    choose = Draft("ended", "How did the run end?", Origin("", "join"), "choice")
    choose.rules = [(f'${ENDED}.status = "succeeded"', Transition(succeed.key))]
    choose.success = Transition(fail.key)
    return [choose, succeed, fail]


def caught(errors: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """The service's names for an error edge's list; none given means every error."""
    return service_names(errors or ("*",), own)
