"""Runs a definition on the interpreter and keeps every call of a node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.objects import MemoryObjects
from translator.compiler import compile_data
from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)
from translator.testing.mocks import OF_THE_MACHINE, outcome_of
from translator.testing.object_calls import object_call

Answer = Callable[[Mapping[str, Any]], Any]
"""From a node's payload to its output; an exception is its failure, named by the exception's message."""
MACHINE = "arn:aws:states:eu-central-1:000000000000:stateMachine:main-w"


@dataclass
class Run:
    """How a run ended, and the payloads of all calls with the seconds at which each began."""

    execution: Execution
    calls: list[tuple[float, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def ended(self) -> tuple[str, Any, str | None]:
        return self.execution.status, self.execution.output, self.execution.error

    @property
    def cause(self) -> str | None:
        return self.execution.cause

    def keys(self) -> list[str]:
        return [payload["node_key"] for _, payload in self.calls]


def run_of(definition: Mapping[str, Any], body: Any, answer: Answer) -> Run:
    execution = Execution(
        StateMachine.parse(compile_data({"id": "w", **definition}).machine),
        input={"trigger": {"id": "manual", "type": "manual", "body": body}, "run": {"version": 1}},
        name="r",
        arn=f"{MACHINE.replace('stateMachine', 'execution')}:r",
        state_machine_arn=MACHINE,
        started_at=0.0,
        seed=1,
    )
    run, objects = Run(execution), MemoryObjects()

    def work(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return invoke_node(payload, MemoryRecords(), lambda: 0.0, objects=objects)

    def answered(request: TaskRequest) -> TaskAnswer:
        if request.kind.kind == "s3":
            return TaskAnswer(object_call(request, objects))
        assert isinstance(request.arguments, Mapping)
        payload: Any = request.arguments["Payload"]
        if not OF_THE_MACHINE.isdisjoint(payload):
            return TaskAnswer(outcome_of(work, payload))
        run.calls.append((execution.now, payload))
        try:
            return TaskAnswer(TaskSucceeded({"Payload": {"output": answer(payload)}}), 1)
        except ValueError as error:
            return TaskAnswer(TaskFailed(str(error), ""), 1)

    run_virtual(execution, answered)
    return run


@pytest.fixture
def run() -> Callable[[Mapping[str, Any], Any, Answer], Run]:
    return run_of
