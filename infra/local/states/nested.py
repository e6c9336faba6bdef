"""Tasks that start executions: `states:startExecution`, and `.sync` and `.sync:2`, which wait for its end.

Results and errors as the service gives them (recorded).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from infra.local.states.arn import execution_arn, machine_arn, parse_machine
from infra.local.states.engine import Engine
from infra.local.states.executions import Executions
from infra.local.states.record import Ended, Started
from infra.local.states.reply import Reply
from infra.local.states.service_error import ServiceError
from infra.local.states.status_change import redrive_fields
from translator.interpreter import Outcome, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.payload import encode
from translator.interpreter.resource import Pattern
from translator.json_value import JsonValue

_NAMESPACE: Final = uuid.UUID("d8c1b2b6-30d4-5d6f-8a55-2f2f5b4a9c11")
_PARENT_ENDED: Final = "The task that waited for this execution is not waiting any more."

Start = Callable[[Mapping[str, JsonValue], str], dict[str, Any]]
"""StartExecution with parameters of the API, and the task that asks for it."""


@dataclass(frozen=True, slots=True)
class NestedExecutions:
    """Starts, or finds again after a restart, the execution that a task asks for."""

    engine: Engine
    executions: Executions
    start_execution: Start

    @staticmethod
    def takes(request: TaskRequest) -> bool:
        """Whether the task is one of these."""
        kind = request.kind
        return (kind.kind, kind.operation) == ("states", "startExecution") and (
            kind.pattern is not Pattern.CALLBACK
        )

    def dispatch(self, started: Started, request: TaskRequest, reply: Reply) -> None:
        """Do the task."""
        self.engine.insist(lambda: self._begin(started, request, reply))

    def _begin(self, started: Started, request: TaskRequest, reply: Reply) -> None:
        parent = f"{started.arn}#{request.id}"
        given = request.arguments if isinstance(request.arguments, Mapping) else {}
        try:
            answer = self._started_before(given, parent) or self.start_execution(
                _parameters(given, parent), parent
            )
        except ServiceError as error:
            reply.done(_refused(error))
            return
        arn, begun = str(answer["executionArn"]), round(answer["startDate"] * 1000)
        result: dict[str, JsonValue] = {"ExecutionArn": arn, "StartDate": begun, **_metadata(parent)}
        if request.kind.pattern is Pattern.REQUEST_RESPONSE:
            reply.done(TaskSucceeded(result))
            return
        reply.submitted(result)
        parsed = request.kind.call.endswith(":2")
        self.engine.watch(arn, lambda child, end: reply.done(_outcome(child, end, parsed=parsed)))
        reply.when_gone(lambda: self.engine.stop_soon(arn, _PARENT_ENDED))

    def _started_before(self, given: Mapping[str, JsonValue], parent: str) -> dict[str, Any] | None:
        """The answer of the start that this very task made before a restart."""
        parameters = _parameters(given, parent)
        machine = parse_machine(str(parameters["stateMachineArn"])).name
        arn = execution_arn(machine, str(parameters["name"]))
        if not self.executions.knows(arn):
            return None
        before, _ = self.executions.data(arn)
        return {"executionArn": arn, "startDate": before.started_at} if before.parent == parent else None


def _parameters(given: Mapping[str, JsonValue], parent: str) -> dict[str, JsonValue]:
    value = given.get("Input")
    text = value if isinstance(value, str) else encode({} if value is None else value)
    name = given.get("Name") or str(uuid.uuid5(_NAMESPACE, parent))
    return {"stateMachineArn": str(given.get("StateMachineArn") or ""), "name": str(name), "input": text}


def _metadata(parent: str) -> dict[str, JsonValue]:
    identity = str(uuid.uuid5(_NAMESPACE, f"{parent}#answer"))
    headers: dict[str, JsonValue] = {
        "Content-Type": "application/x-amz-json-1.0",
        "x-amzn-RequestId": identity,
    }
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": identity},
    }


def _refused(error: ServiceError) -> TaskFailed:
    code = error.code if error.code.endswith("Exception") else f"{error.code}Exception"
    details = (
        f"Service: AWSStepFunctions; Status Code: 400; Error Code: {error.code}; "
        f"Request ID: {uuid.uuid5(_NAMESPACE, error.message)}; Proxy: null"
    )
    return TaskFailed(f"StepFunctions.{code}", f"{error.message} ({details})")


def _outcome(child: Started, end: Ended, *, parsed: bool) -> Outcome:
    def shown(text: str) -> JsonValue:
        value: JsonValue = json.loads(text) if parsed else text
        return value

    redrive = redrive_fields(end.status, end.redrives)
    optional: dict[str, JsonValue] = {
        "Cause": end.cause,
        "Error": end.error,
        "Output": None if end.output is None else shown(end.output),
        "OutputDetails": None if end.output is None else {"Included": True},
        "RedriveStatusReason": redrive.get("redriveStatusReason"),
    }
    required: dict[str, JsonValue] = {
        "ExecutionArn": child.arn,
        "Input": shown(child.input),
        "InputDetails": {"Included": True},
        "Name": child.name,
        "RedriveCount": redrive["redriveCount"],
        "RedriveStatus": redrive["redriveStatus"],
        "StartDate": round(child.started_at * 1000),
        "StateMachineArn": machine_arn(child.machine),
        "Status": end.status,
        "StopDate": round(end.stopped_at * 1000),
    }
    # The output may be null, which is a value.
    kept = {
        name: value
        for name, value in optional.items()
        if value is not None or (name == "Output" and end.output is not None)
    }
    fields = dict(sorted({**required, **kept}.items()))
    if end.status == "SUCCEEDED":
        return TaskSucceeded(fields)
    return TaskFailed("States.TaskFailed", encode(fields))
