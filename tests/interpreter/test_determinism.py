"""The same calls at the same times give the same history."""

from __future__ import annotations

from typing import Any

from translator.interpreter import Execution, TaskFailed, TaskSucceeded

STATES: dict[str, Any] = {
    "R": {"Type": "Pass", "Assign": {"r": "{% [$random(), $uuid(), $now(), $millis()] %}"}, "Next": "P"},
    "P": {
        "Type": "Parallel",
        "Branches": [
            {
                "StartAt": "T",
                "States": {
                    "T": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::lambda:invoke",
                        "Retry": [{"ErrorEquals": ["States.ALL"], "JitterStrategy": "FULL"}],
                        "End": True,
                    }
                },
            },
            {
                "StartAt": "W",
                "States": {"W": {"Type": "Wait", "Seconds": 2, "Output": "{% $r %}", "End": True}},
            },
        ],
        "End": True,
    },
}


def _drive(execution: Execution) -> Execution:
    (request,) = execution.start()
    execution.complete(request.id, TaskFailed("E"), execution.now + 0.25)
    while execution.status == "RUNNING":
        if execution.open_requests:
            (request,) = execution.open_requests
            execution.complete(request.id, TaskSucceeded(1), execution.now + 1)
        else:
            execution.advance(execution.next_timer() or execution.now)
    return execution


def test_two_runs_with_the_same_calls_have_the_same_history(runner: Any) -> None:
    first, second = (_drive(runner.make(STATES)) for _ in range(2))
    assert first.history == second.history
    assert first.status == "SUCCEEDED"


def test_the_clock_of_expressions_is_the_executions_own(runner: Any) -> None:
    execution = runner.run({"A": {"Type": "Pass", "Output": "{% [$now(), $millis()] %}", "End": True}})
    assert execution.output == ["2023-11-14T22:13:20.000Z", 1_700_000_000_000]


def test_a_live_view_reads_only_the_new_events(runner: Any) -> None:
    execution = runner.make({"W": {"Type": "Wait", "Seconds": 2, "End": True}})
    execution.start()
    seen = execution.history_length
    execution.advance(execution.now + 2)
    assert [event["type"] for event in execution.history_from(seen)] == [
        "WaitStateExited",
        "ExecutionSucceeded",
    ]


def test_an_answer_to_a_task_that_nobody_waits_for_is_ignored(runner: Any) -> None:
    execution = runner.make(STATES)
    (request,) = execution.start()
    execution.stop(None, None, execution.now)
    length = execution.history_length
    assert execution.complete(request.id, TaskSucceeded(1), execution.now) == ()
    assert execution.complete("no-such-task", TaskSucceeded(1), execution.now) == ()
    assert execution.history_length == length
