"""The Task state: scheduled, handed out, and over with an answer or with its time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Final, cast

from translator.interpreter import details
from translator.interpreter.conclude import conclude
from translator.interpreter.engine import TOO_LARGE, Engine
from translator.interpreter.failure import PathFailure, StateFailure
from translator.interpreter.frame import Frame
from translator.interpreter.payload import Payload, exceeds_limit
from translator.interpreter.pending import Pending
from translator.interpreter.recovery import TIMEOUT
from translator.interpreter.request import Outcome, TaskFailed, TaskRequest
from translator.interpreter.resource import Family, Pattern, Resource
from translator.interpreter.states import TaskState
from translator.interpreter.template import Template
from translator.interpreter.value import whole_number
from translator.json_value import JsonValue

_PREFIX: Final = {Family.SERVICE: "task", Family.FUNCTION: "lambdaFunction", Family.ACTIVITY: "activity"}
_HEARTBEAT: Final = frozenset({"States.HeartbeatTimeout"})


def attempt_task(engine: Engine, frame: Frame) -> bool:
    """Evaluate the fields, write the events of the start, and ask the outside."""
    state = cast("TaskState", frame.state)
    resource = state.resource
    identifier = f"{engine.prefix}{len(engine.history) + 1}"
    if resource.pattern is Pattern.CALLBACK or resource.family is Family.ACTIVITY:
        frame.token = _token(engine, identifier)
    scope = engine.scope(frame, state)
    arguments = frame.payload
    if state.arguments is not None:
        arguments = engine.render_payload(state.arguments, scope, state)
    timeout, heartbeat = (
        _seconds(engine, field, scope) for field in (state.timeout_seconds, state.heartbeat_seconds)
    )
    credentials = None if state.credentials is None else engine.render(state.credentials, scope)
    request = TaskRequest(
        id=identifier,
        resource=resource.arn,
        kind=resource,
        arguments=arguments.value,
        state_name=state.name,
        timeout_seconds=timeout,
        heartbeat_seconds=heartbeat,
        token=frame.token,
        retry_count=frame.retry_count,
        credentials=credentials,
    )
    if resource.family is not Family.ACTIVITY:
        _write_scheduled(engine, frame, request, arguments)
        write_started(engine, frame, resource, None)
    _hand_out(engine, frame, request)
    return False


def _token(engine: Engine, identifier: str) -> str:
    # Unguessable it need not be here: whoever serves the token API keeps its own list of open tokens.
    return hashlib.sha256(f"{engine.arn}#{identifier}".encode()).hexdigest()


def _seconds(engine: Engine, template: Template | None, scope: Mapping[str, JsonValue]) -> int | None:
    return None if template is None else whole_number(template, engine.render(template, scope))


def _write_scheduled(engine: Engine, frame: Frame, request: TaskRequest, arguments: Payload) -> None:
    resource = request.kind
    times = {"timeoutInSeconds": request.timeout_seconds, "heartbeatInSeconds": request.heartbeat_seconds}
    credentials = _credentials(request.credentials)
    if resource.family is Family.SERVICE:
        kind, fields = (
            "TaskScheduled",
            {
                "resourceType": resource.kind,
                "resource": resource.call,
                "region": engine.region,
                "parameters": arguments,
            },
        )
    else:
        kind, fields = f"{resource.family.value}Scheduled", {"resource": resource.arn, "input": arguments}
    key = f"{_PREFIX[resource.family]}ScheduledEventDetails"
    render = partial(details.fields, key, **fields, **times, taskCredentials=credentials)
    frame.previous = engine.write(kind, frame.previous, render)


def _credentials(value: JsonValue) -> JsonValue:
    if not isinstance(value, Mapping):
        return None
    return {f"{name[:1].lower()}{name[1:]}": item for name, item in value.items()}


def write_started(engine: Engine, frame: Frame, resource: Resource, worker: str | None) -> None:
    """Write that somebody has begun the task."""
    kind = f"{resource.family.value}Started"
    if resource.family is Family.FUNCTION:
        frame.previous = engine.write(kind, frame.previous)
        return
    names = {"workerName": worker} if resource.family is Family.ACTIVITY else _names(resource)
    key = f"{_PREFIX[resource.family]}StartedEventDetails"
    frame.previous = engine.write(kind, frame.previous, partial(details.fields, key, **names))


def announce(engine: Engine, frame: Frame, pending: Pending) -> None:
    """Write that the activity has got the task, unless that is written already."""
    if not pending.scheduled:
        pending.scheduled = True
        _write_scheduled(engine, frame, pending.request, Payload(pending.request.arguments))


def note_scheduled(pending: Pending, refusal: str | None) -> None:
    """Write in the frame's turn that the activity has got the task; with a `refusal` the state fails."""

    def step(engine: Engine, frame: Frame) -> bool:
        if refusal is not None:
            frame.turn += 1
            raise PathFailure(refusal)
        announce(engine, frame, pending)
        return False

    pending.engine.wake(pending.frame, step)


def note_started(pending: Pending, worker: str | None) -> None:
    """Write in the frame's turn that a worker has taken the task; its heartbeats count from then."""

    def step(engine: Engine, frame: Frame) -> bool:
        announce(engine, frame, pending)
        write_started(engine, frame, pending.request.kind, worker)
        set_heartbeat(engine, pending)
        return False

    pending.engine.wake(pending.frame, step)


def note_submitted(pending: Pending, output: Payload) -> None:
    """Write in the frame's turn that the task has been taken on."""

    def step(engine: Engine, frame: Frame) -> bool:
        write_submitted(engine, frame, pending.request.kind, output)
        return False

    pending.engine.wake(pending.frame, step)


def _names(resource: Resource) -> dict[str, str]:
    if resource.family is not Family.SERVICE:
        return {}
    return {"resourceType": resource.kind, "resource": resource.call}


def _hand_out(engine: Engine, frame: Frame, request: TaskRequest) -> None:
    begun = request.kind.family is not Family.ACTIVITY
    pending = Pending(request, engine, frame, frame.turn, _take_answer, begun, begun)
    engine.loop.pending[request.id] = pending
    engine.loop.new_requests.append(request)
    set_timeout(engine, pending)
    set_heartbeat(engine, pending)


def set_timeout(engine: Engine, pending: Pending) -> None:
    """Begin to wait for the task's end, if it has a timeout; an earlier term no longer counts."""
    seconds = pending.request.timeout_seconds
    if seconds is None:
        return
    pending.terms += 1
    term = pending.terms

    def late(frame: Frame) -> None:
        if pending.terms == term:
            _time_out(engine, pending, frozenset(), frame)

    engine.loop.timers.set(engine.now + seconds, pending.frame, late)


def set_heartbeat(engine: Engine, pending: Pending) -> None:
    """Begin to wait for the next heartbeat, if the task has any."""
    seconds = pending.request.heartbeat_seconds
    if seconds is None:
        return
    pending.beats += 1
    beat = pending.beats

    def late(frame: Frame) -> None:
        if pending.beats == beat:
            _time_out(engine, pending, _HEARTBEAT, frame)

    engine.loop.timers.set(engine.now + seconds, pending.frame, late)


def _time_out(engine: Engine, pending: Pending, aliases: frozenset[str], frame: Frame) -> None:
    engine.loop.pending.pop(pending.request.id, None)
    failure = StateFailure(TIMEOUT, None, aliases=aliases)

    def fail(engine: Engine, frame: Frame) -> bool:
        announce(engine, frame, pending)
        return _fail(pending.request.kind, "TimedOut", failure, engine, frame)

    engine.wake(frame, fail)


def _fail(resource: Resource, suffix: str, failure: StateFailure, engine: Engine, frame: Frame) -> bool:
    frame.turn += 1
    key = f"{_PREFIX[resource.family]}{suffix}EventDetails"
    kind = f"{resource.family.value}{suffix}"
    frame.previous = engine.write(
        kind, frame.previous, details.failed, key, failure.error, failure.cause, _names(resource)
    )
    raise failure


def _take_answer(outcome: Outcome, pending: Pending, engine: Engine, frame: Frame) -> bool:
    resource = pending.request.kind
    announce(engine, frame, pending)
    if not pending.started:
        write_started(engine, frame, resource, None)
    if isinstance(outcome, TaskFailed):
        return _fail(resource, "Failed", StateFailure(outcome.error, outcome.cause), engine, frame)
    if resource.pattern is not Pattern.REQUEST_RESPONSE and not pending.submitted:
        write_submitted(engine, frame, resource, Payload({}))
    result = Payload(outcome.value)
    if exceeds_limit(result.text):
        # Recorded: as a failure of the task, unlike of the state's own output, States.ALL catches it.
        failure = StateFailure("States.DataLimitExceeded", TOO_LARGE.format(resource.kind or resource.arn))
        return _fail(resource, "Failed", failure, engine, frame)
    frame.turn += 1
    key = f"{_PREFIX[resource.family]}SucceededEventDetails"
    render = partial(details.fields, key, output=result, **_names(resource))
    frame.previous = engine.write(f"{resource.family.value}Succeeded", frame.previous, render)
    state = frame.state
    templates = state.output is not None or state.assign is not None
    scope = engine.scope(frame, state, result=result.value) if templates else None
    return conclude(engine, frame, state, result, scope)


def write_submitted(engine: Engine, frame: Frame, resource: Resource, output: Payload) -> None:
    """Write that the other side has taken the work and will report its end later."""
    render = partial(details.fields, "taskSubmittedEventDetails", output=output, **_names(resource))
    frame.previous = engine.write("TaskSubmitted", frame.previous, render)
