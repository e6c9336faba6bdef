"""What leaves a race travels in a Cause, which the service limits."""

from __future__ import annotations

from translator.compiler import compile_data
from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)

WORK = {"type": "function", "parameters": {"function": "work"}}
DEFINITION = {
    "id": "race",
    "nodes": [
        {"id": "left", **WORK},
        {"id": "right", **WORK},
        {"id": "use", "type": "transform", "join": "first", "parameters": {"output": "{% $length($left) %}"}},
    ],
    "edges": [{"from": "left", "to": "use"}, {"from": "right", "to": "use"}],
}
LIMIT = 32_768
AROUND = len('{"left":""}')
"""Characters of the Cause besides the text itself."""


def run(length: int) -> Execution:
    def answer(request: TaskRequest) -> TaskAnswer:
        seconds = 1 if "left" in str(request.arguments) else 2
        return TaskAnswer(TaskSucceeded({"Payload": {"output": "a" * length}}), seconds)

    execution = Execution(
        StateMachine.parse(compile_data(DEFINITION).machine),
        input={"trigger": {"id": "manual"}},
        name="run",
        arn="arn:aws:states:eu-south-1:123456789012:execution:main-race:run",
        state_machine_arn="arn:aws:states:eu-south-1:123456789012:stateMachine:main-race",
        started_at=0.0,
        seed=0,
    )
    run_virtual(execution, answer)
    return execution


def test_as_much_as_a_cause_holds_leaves_a_race() -> None:
    assert run(LIMIT - AROUND).output == {"use": LIMIT - AROUND}


def test_more_than_a_cause_holds_fails_the_run_and_names_the_limit_instead_of_being_cut_off() -> None:
    execution = run(LIMIT - AROUND + 1)
    assert (execution.status, execution.error) == ("FAILED", "States.QueryEvaluationError")
    assert "more than 32768 characters" in str(execution.cause)
