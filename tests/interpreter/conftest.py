"""What the interpreter's tests share: a way to run a small machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from translator.interpreter import (
    Execution,
    Outcome,
    StateMachine,
    TaskAnswer,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)
from translator.json_value import JsonValue


class Runner:
    """Makes executions of small machines and looks into them."""

    lambda_invoke = "arn:aws:states:::lambda:invoke"

    def make(
        self, states: Mapping[str, JsonValue], data: JsonValue = None, **machine: JsonValue
    ) -> Execution:
        """An execution, not started, of the states, the first of which is the start."""
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **machine}
        return Execution(
            StateMachine.parse(definition),
            input=data,
            name="run-1",
            arn="arn:aws:states:eu-west-1:111122223333:execution:orders:run-1",
            state_machine_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:orders",
            started_at=1_700_000_000.0,
            seed=7,
        )

    def run(
        self,
        states: Mapping[str, JsonValue],
        data: JsonValue = None,
        outcomes: Iterable[Outcome | None] = (),
        **machine: JsonValue,
    ) -> Execution:
        """Drive them to the end; each task ends after a second as the outcomes say, else with null."""
        execution = self.make(states, data, **machine)
        left = iter(outcomes)

        def answer(_request: TaskRequest) -> TaskAnswer:
            return TaskAnswer(next(left, TaskSucceeded(None)), 1.0)

        run_virtual(execution, answer)
        return execution

    def kinds(self, execution: Execution) -> list[str]:
        """The types of the events, in order."""
        return [event["type"] for event in execution.history]

    def of(self, execution: Execution, kind: str) -> list[Mapping[str, Any]]:
        """The events of one type."""
        return [event for event in execution.history if event["type"] == kind]

    def seconds(self, execution: Execution) -> float:
        """The virtual seconds from the first event to the last."""
        events = execution.history
        elapsed: float = (events[-1]["timestamp"] - events[0]["timestamp"]).total_seconds()
        return elapsed


@pytest.fixture
def runner() -> Runner:
    return Runner()
