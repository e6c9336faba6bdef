"""Starts runs of Express workflows and waits for their end, as long as somebody may wait for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import ReadTimeoutError

from layers.runtime.executions import Starter, StartRequest, start_once
from layers.runtime.json_value import JsonValue, read_json
from layers.runtime.observation import STATUSES
from layers.runtime.step_functions import StepFunctions, SynchronousStepFunctions, execution_arn
from layers.runtime.store.runs import Run, RunResult, finish_run
from layers.runtime.timeline import iso_time, readable_cause


@dataclass(frozen=True, slots=True)
class Awaited:
    """A run that was waited for; while its status is open, it took longer than the client waits."""

    run: Run
    output: JsonValue = None
    is_new: bool = True
    """Whether no earlier request with its key had started it; one that had is not waited for here."""


@dataclass(slots=True)
class _Waiting:
    """Starts an execution synchronously where an asynchronous start is asked for, and keeps the answer."""

    client: SynchronousStepFunctions
    others: StepFunctions
    answer: Mapping[str, Any] = field(default_factory=dict)

    def start_execution(self, **arguments: Any) -> Mapping[str, Any]:
        try:
            self.answer = self.client.start_sync_execution(**arguments)
        except ReadTimeoutError:
            # The execution goes on without us; its log tells how it ends.
            return {"executionArn": execution_arn(arguments["stateMachineArn"], arguments["name"])}
        return self.answer

    def stop_execution(self, **arguments: Any) -> Mapping[str, Any]:
        return self.others.stop_execution(**arguments)

    def describe_execution(self, **arguments: Any) -> Mapping[str, Any]:
        return self.others.describe_execution(**arguments)

    def list_executions(self, **arguments: Any) -> Mapping[str, Any]:
        return self.others.list_executions(**arguments)

    def get_execution_history(self, **arguments: Any) -> Mapping[str, Any]:
        return self.others.get_execution_history(**arguments)


def start_and_wait(starter: Starter, request: StartRequest, client: SynchronousStepFunctions) -> Awaited:
    """Runs an Express workflow to its end, or to the end of the client's `read_timeout`.

    Its record says how it ended at once; the log gives data and timeline later. Raises what `start_run` does.
    """
    waiting = _Waiting(client, starter.step_functions)
    run, is_new = start_once(replace(starter, step_functions=waiting), request)
    answer = waiting.answer
    if not answer:
        return Awaited(run, is_new=is_new)
    output = None if answer.get("output") is None else read_json(answer["output"])
    ended = replace(
        run,
        status=STATUSES[answer["status"]],
        ended_at=iso_time(answer["stopDate"]),
        error=answer.get("error"),
        cause=readable_cause(answer.get("cause")),
        events=0,
    )
    given = read_json(answer["input"]) if answer.get("input") else None
    finish_run(starter.store, ended, RunResult(given, output, ended.cause, [], [], ["timeline"]))
    return Awaited(ended, output)
