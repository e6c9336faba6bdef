"""A gate lets one turn happen at a time, and changes nothing of what happens."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import Execution, StateMachine, TaskAnswer, TaskSucceeded, run_virtual
from translator.interpreter.engine import Engine, Step
from translator.interpreter.frame import Frame

PASS = {"Type": "Pass", "Next": "Two"}
LINE = {"StartAt": "One", "States": {"One": PASS, "Two": {"Type": "Succeed"}}}
MACHINES: dict[str, dict[str, Any]] = {
    "line": LINE,
    "branches": {
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    LINE,
                    {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3, "End": True}}},
                ],
                "End": True,
            }
        },
    },
    "items": {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "Items": [1, 2, 3],
                "MaxConcurrency": 2,
                "ItemProcessor": {
                    "StartAt": "Call",
                    "States": {
                        "Call": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::lambda:invoke",
                            "Next": "Done",
                        },
                        "Done": {"Type": "Pass", "End": True},
                    },
                },
                "End": True,
            }
        },
    },
}


def execution(machine: dict[str, Any]) -> Execution:
    return Execution(
        StateMachine.parse({"QueryLanguage": "JSONata", **machine}),
        input={},
        name="run",
        arn="arn:aws:states:eu-south-1:123456789012:execution:machine:run",
        state_machine_arn="arn:aws:states:eu-south-1:123456789012:stateMachine:machine",
        started_at=0.0,
        seed=1,
    )


def answer(_request: object) -> TaskAnswer:
    return TaskAnswer(TaskSucceeded({}), 1.0)


@pytest.mark.parametrize("name", MACHINES)
def test_a_run_that_is_held_before_every_turn_has_the_same_history(name: str) -> None:
    alone, held = execution(MACHINES[name]), execution(MACHINES[name])
    run_virtual(alone, answer)
    asked: list[str] = []
    let_through = False

    def gate(_engine: Engine, frame: Frame, _step: Step | None) -> bool:
        nonlocal let_through
        let_through = not let_through
        asked.append(frame.state.name)
        return let_through

    held.engine.loop.gate = gate
    open_requests: dict[str, float] = {}
    requests = held.start()
    while held.status == "RUNNING":
        open_requests |= {request.id: held.now + 1.0 for request in requests}
        due = min(open_requests, key=open_requests.__getitem__, default=None)
        if held.engine.loop.ready:
            requests = held.advance(held.now)
        elif due is not None:
            requests = held.complete(due, TaskSucceeded({}), open_requests.pop(due))
        else:
            timer = held.next_timer()
            assert timer is not None
            requests = held.advance(timer)
    assert list(held.history) == list(alone.history)
    assert len(asked) > held.history_length / 3
