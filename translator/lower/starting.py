"""A node that runs another workflow: a Task of Step Functions itself, and where its failures go by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from translator.asl import Origin, Retrier
from translator.definition.model import Node, RetryPreset
from translator.graph import FlowNode
from translator.json_value import JsonObject, JsonValue
from translator.lower.context import Context
from translator.lower.draft import Draft, Transition, expression
from translator.lower.errors import ANY, service_names
from translator.lower.function_task import RESULT, machine_task
from translator.lower.routes import Route, Routes
from translator.node_type import Starting
from translator.projection.want import PASSED, RESERVED, Want

START: Final = "arn:aws:states:::states:startExecution"
START_AND_WAIT: Final = f"{START}.sync:2"
EVERYTHING: Final = "States.ALL"
"""A call of another service raises nothing that begins with `Steploom.`, so this cannot take it."""

_NAME_PART: Final = 12
"""Hexadecimal digits that tell the runs apart which one run starts within a second."""
_MACHINES: Final = '$substringBefore($states.context.StateMachine.Id, ":stateMachine:")'

_TEXT: Final = r'((?:[^\\"]|\\.)*)'
_FAILURE: Final = (
    "($raw__ := $states.errorOutput.Cause; "
    f'$name__ := $match($raw__, /"Error":"{_TEXT}"/).groups[0]; '
    f'$why__ := $match($raw__, /^\\{{"Cause":"{_TEXT}"/).groups[0]; '
    '$text__ := $exists($why__) ? $parse("\\"" & $why__ & "\\"") : $exists($name__) ? "" : $raw__; '
    f'$message__ := $match($text__, /^\\{{"errorMessage": ?"{_TEXT}"/).groups[0]; '
    '$given__ := $exists($name__) ? $name__ : $contains($raw__, "\\"Status\\":\\"TIMED_OUT\\"") '
    '? "States.Timeout" : $states.errorOutput.Error; '
    '$cause__ := $exists($message__) ? $parse("\\"" & $message__ & "\\"") : $text__; '
    '$known__ := $given__ in KNOWN or $substring($given__, 0, 9) = "Steploom."; '
    '{"error": $known__ ? $given__ : "Unknown", '
    '"cause": $known__ ? $cause__ : $given__ & ": " & $cause__, "node": NODE})'
)
"""`$error` of a run that failed: the Cause describes it (recorded), and may be cut off at its end.

A name that this definition does not mention becomes `Unknown`, so that `*` is every failure everywhere.
"""


def starting_drafts(
    context: Context, node: FlowNode, lowering: Starting, routes: Routes, key: str
) -> list[Draft]:
    """The states of the node; `key` is the text of an expression of the node's key."""
    prepare = _prepare(context, node, lowering, routes)
    task = _task(context, node, lowering, routes, key)
    own = context.names.caught
    rules = [_rule(route, context.own_errors, own) for route in (*routes.errors, *routes.handlers)]
    failed = _failed(node, own)
    target = failed.key
    drafts = [prepare, task, failed]
    if rules:
        sort = Draft(f"sort:{node.id}", f"{node.name}: which failure?", Origin(node.id, "join"), "choice")
        sort.rules, sort.success = rules, Transition(failed.key)
        drafts.insert(2, sort)
        target = sort.key
    known = json.dumps(service_names((ANY,), context.own_errors))
    value = expression(_FAILURE.replace("KNOWN", known).replace("NODE", json.dumps(node.id)))
    task.catches = [((EVERYTHING,), Transition(target, assign={own: value}))]
    return drafts


def _prepare(context: Context, node: FlowNode, lowering: Starting, routes: Routes) -> Draft:
    """A function holds the body to what the other workflow asks of it, and keeps it if it is large."""
    payload: JsonObject = {
        "start": {"workflow": lowering.workflow, "trigger": lowering.trigger},
        "parameters": context.names.parameters({"body": lowering.body}),
    }
    success = Transition(f"start:{node.id}", assign={_given(node.id): expression(RESULT)})
    draft = machine_task(context, node, "prepare", "input", payload, success)
    # What only the other run can fail with is none of this state's errors.
    possible = set(service_names((ANY,), ()))
    draft.catches = [(errors, _copied(taken)) for errors, taken in routes.errors if possible & set(errors)]
    return draft


def _given(node: str) -> str:
    """The variable that holds `$trigger` of the run to be started."""
    return f"{node}__given"


def _copied(transition: Transition) -> Transition:
    return replace(transition, assign=dict(transition.assign), then=dict(transition.then))


def _task(context: Context, node: FlowNode, lowering: Starting, routes: Routes, key: str) -> Draft:
    result = expression(_whole(context, node) if lowering.waits else _STARTED)
    success = routes.ports["out"]
    success.assign[node.id] = result
    machine = f"{context.project}-{lowering.workflow}"
    arguments: JsonObject = {
        "StateMachineArn": expression(f'{_MACHINES} & ":stateMachine:{machine}:live"'),
        "Name": expression(_run_id(machine, key, context.names.run_id)),
        "Input": _input(context, node, lowering, key),
    }
    return Draft(
        key=f"start:{node.id}",
        name=node.name,
        origin=Origin(node.id, "task"),
        kind="task",
        fields={"arguments": arguments},
        resource=START_AND_WAIT if lowering.waits else START,
        success=success,
        retry=_retriers(node.definition),
        timeout_seconds=node.definition.timeout_seconds,
        shown=expression(_OUTPUT if lowering.waits else _STARTED),
        has_shown=True,
    )


_OUTPUT: Final = "$states.result.Output"
_NAME: Final = re.compile(r"(?!(?:and|or|in|true|false|null)$)[A-Za-z_]\w*", re.ASCII)
_MOST_ASKED: Final = 20
"""Parts of an output that are asked for one by one; beyond, the whole of it is."""
_STARTED: Final = '{"run": $split($states.result.ExecutionArn, ":")[-1]}'


def _whole(context: Context, node: FlowNode) -> str:
    """The other run's output; an error if what an expression looks into is a reference there."""
    cut = [*_cuts(_OUTPUT, context.wants.get(node.id, PASSED))]
    if not cut:
        return _OUTPUT
    asked = " or ".join(cut) if len(cut) <= _MOST_ASKED else _holds_references(_OUTPUT)
    said = (
        f'what expressions read of the output of node "{node.id}" is too large to stay in the run: '
        "read it in a transform with `resources: small`"
    )
    return f"({asked} ? $error({json.dumps(said)}) : {_OUTPUT})"


def _cuts(value: str, want: Want) -> Iterator[str]:
    """What is true where a part of the value that is looked at is not there but kept elsewhere."""
    if want.whole:
        yield _holds_references(value)
        return
    if want.shape:
        yield f"$exists({value}.{RESERVED})"
    for name, inner in want.fields.items():
        if inner == PASSED:
            continue
        field = f"{value}.{name if _NAME.fullmatch(name) else f'`{name}`'}"
        yield f"($exists({value}.{RESERVED}) and $not($exists({field})))"
        yield from _cuts(field, inner)


def _holds_references(value: str) -> str:
    return f"$contains($string({value}), '\"{RESERVED}\"')"


def _run_id(machine: str, key: str, run_id: str) -> str:
    """One run for each attempt of the node's work in this run: the same if the call itself is repeated."""
    work = f'{run_id} & "/" & {key} & "/" & $states.context.State.RetryCount'
    work += ' & "/" & $states.context.Execution.RedriveCount'
    moment = '$replace($substring($states.context.State.EnteredTime, 0, 19), /[-:]/, "")'
    ending = f'{moment} & "-" & $substring($hash({work}, "SHA-256"), 0, {_NAME_PART})'
    return f'"{machine[: 80 - 17 - _NAME_PART]}-" & {ending}'


def _input(context: Context, node: FlowNode, lowering: Starting, key: str) -> JsonObject:
    """The execution's input as every run has it; keys of its work begin with the key of this node's."""
    trigger = expression(f"${_given(node.id)}")
    run: JsonObject = {"project": context.project, "workflow": lowering.workflow, "root": expression(key)}
    # The service shows the two executions as parent and child (AWS: Step Functions, nested workflows).
    parent: JsonValue = expression("$states.context.Execution.Id")
    return {"trigger": trigger, "run": run, "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": parent}


def _retriers(node: Node) -> tuple[Retrier, ...]:
    """The service tells no failures of a run apart, so an entry takes them all (the check refuses others)."""
    if node.retry_policy is None or isinstance(node.retry_policy, RetryPreset):
        return ()
    return tuple(
        Retrier(
            (EVERYTHING,),
            max_attempts=entry.max_attempts,
            interval_seconds=entry.interval_seconds,
            backoff_rate=entry.backoff_rate,
            max_delay_seconds=entry.max_delay_seconds,
            full_jitter=entry.jitter == "full",
        )
        for entry in node.retry_policy[:1]
    )


def _rule(route: Route, own: Iterable[str], caught: str) -> tuple[str, Transition]:
    """The failure is known by then, so the transition's own `$error` is left out."""
    errors, transition = route
    assign = {name: value for name, value in transition.assign.items() if name != caught}
    taken = replace(transition, assign=assign, then=dict(transition.then))
    if set(service_names((ANY,), own)) <= set(errors):
        return f'$substring(${caught}.error, 0, 9) != "Steploom."', taken
    return f"${caught}.error in {json.dumps(list(errors))}", taken


def _failed(node: FlowNode, caught: str) -> Draft:
    """Fails as the other run did: the service itself would only say that a task failed."""
    fields: dict[str, JsonValue] = {
        "error": expression(f"${caught}.error"),
        "cause": expression(f"${caught}.cause"),
    }
    origin = Origin(node.id, "end")
    return Draft(f"failed:{node.id}", f"{node.name}: failed", origin, "fail", fields=fields)
