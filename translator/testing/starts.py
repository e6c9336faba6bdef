"""A Task that starts a run of another workflow, and how Step Functions answers it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from translator.interpreter import Execution, StateMachine, TaskFailed, TaskRequest, TaskSucceeded
from translator.json_value import JsonValue

Machines = Callable[[str], Mapping[str, Any] | None]
"""By a workflow's id its state machine, None if it is not known here."""


def no_machines(workflow: str) -> None:
    """Where no other workflow is known."""
    del workflow


def other_execution(start: Start, machine: Mapping[str, Any], moment: float, seed: int) -> Execution:
    """The other run, ready to be driven; `moment` (epoch seconds) is its beginning."""
    arn = start.execution_arn
    return Execution(
        StateMachine.parse(machine),
        input=start.input,
        name=start.name,
        arn=arn,
        state_machine_arn=arn.replace(":execution:", ":stateMachine:").rpartition(":")[0],
        started_at=moment,
        seed=seed,
        is_parted=True,
    )


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be started: by which node, under which name, with which input."""

    node: str
    key: str
    """The key of the node's work, with which the keys in the other run begin."""
    workflow: str
    name: str
    input: Mapping[str, Any]
    waits: bool

    @property
    def execution_arn(self) -> str:
        """The other run's execution, as far as it can be told without an account."""
        machine = f"{self.input['run']['project']}-{self.workflow}"
        return f"arn:aws:states:eu-central-1:000000000000:execution:{machine}:{self.name}"

    def succeeded(self, output: JsonValue) -> TaskSucceeded:
        """The answer once the run has succeeded; one that is not waited for has an id as its output."""
        if not self.waits:
            run = output.get("run") if isinstance(output, Mapping) else None
            arn = self.execution_arn.rpartition(":")[0] + f":{run or self.name}"
            return TaskSucceeded({"ExecutionArn": arn})
        return TaskSucceeded({**self._described("SUCCEEDED"), "Output": output})

    def failed(self, error: str | None, cause: str | None) -> TaskFailed:
        """The answer once the run has failed: the service hides its error in the Cause (recorded)."""
        if not self.waits:
            return TaskFailed(error, cause)
        told = {"Cause": cause, "Error": error, **self._described("FAILED")}
        kept = {name: value for name, value in told.items() if value is not None}
        return TaskFailed("States.TaskFailed", json.dumps(kept, separators=(",", ":"), ensure_ascii=False))

    def ended(self, execution: Execution) -> TaskSucceeded | TaskFailed:
        """The answer once that execution has ended."""
        if execution.status == "SUCCEEDED":
            return self.succeeded(execution.output)
        return self.failed(execution.error, execution.cause)

    def begun(self) -> TaskSucceeded:
        """The answer to a start that is not waited for."""
        return TaskSucceeded({"ExecutionArn": self.execution_arn})

    def _described(self, status: str) -> dict[str, JsonValue]:
        return {
            "ExecutionArn": self.execution_arn,
            "Input": dict(self.input),
            "Name": self.name,
            "Status": status,
        }


def start_of(request: TaskRequest) -> Start | None:
    """What a Task starts, None if it is another kind of Task."""
    if (request.kind.kind, request.kind.operation) != ("states", "startExecution"):
        return None
    arguments = request.arguments
    assert isinstance(arguments, Mapping)
    given: Any = arguments["Input"]
    return Start(
        node=str(given["trigger"]["node"]),
        key=str(given["run"]["root"]),
        workflow=str(given["run"]["workflow"]),
        name=str(arguments["Name"]),
        input=given,
        waits=request.kind.call.endswith(".sync:2"),
    )
