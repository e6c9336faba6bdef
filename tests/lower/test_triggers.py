"""A run that names no trigger of its workflow fails; it does nothing in the name of another one."""

from __future__ import annotations

import pytest

from translator.compiler import CompileOptions, compile_data
from translator.interpreter import Execution, StateMachine, TaskAnswer, TaskRequest, run_virtual

DEFINITION = {
    "id": "several",
    "triggers": [
        {"id": "left", "type": "manual", "entry": "one"},
        {"id": "right", "type": "manual", "entry": "other"},
    ],
    "nodes": [
        {"id": "one", "type": "delay", "parameters": {"seconds": 1}},
        {"id": "other", "type": "delay", "parameters": {"seconds": 2}},
    ],
}


def no_task(request: TaskRequest) -> TaskAnswer:
    raise AssertionError(f"{request.resource} was called")


def execution(trigger: str, level: int) -> Execution:
    options = CompileOptions(optimize=0 if level == 0 else 2)
    execution = Execution(
        StateMachine.parse(compile_data(DEFINITION, options=options).machine),
        input={"trigger": {"id": trigger}, "run": {"project": "main", "workflow": "several", "version": 1}},
        name="main-several",
        arn="arn:aws:states:eu-south-1:123456789012:execution:main-several:main-several",
        state_machine_arn="arn:aws:states:eu-south-1:123456789012:stateMachine:main-several",
        started_at=0.0,
        seed=0,
    )
    run_virtual(execution, no_task)
    return execution


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize(("trigger", "node"), [("left", "one"), ("right", "other")])
def test_a_trigger_starts_what_it_enters(trigger: str, node: str, level: int) -> None:
    assert execution(trigger, level).output == {node: None}


@pytest.mark.parametrize("level", [0, 2])
def test_a_run_of_an_unknown_trigger_fails_and_says_which_there_are(level: int) -> None:
    run = execution("rihgt", level)
    assert (run.status, run.error) == ("FAILED", "States.QueryEvaluationError")
    assert "the input's trigger.id is none of left, right" in str(run.cause)
