"""RedriveExecution: what had ended well stays, what failed or was aborted runs again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from translator.interpreter import (
    Execution,
    NotRedrivable,
    Outcome,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)

from .conftest import Runner


def _task(**more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": Runner.lambda_invoke, "End": True, **more}


def _failing(*names: str) -> Callable[[TaskRequest], TaskAnswer]:
    """Fail the tasks of these states and give 1 to all others, after a second."""

    def answer(request: TaskRequest) -> TaskAnswer:
        outcome: Outcome = TaskFailed("E", "c") if request.state_name in names else TaskSucceeded(1)
        return TaskAnswer(outcome, 1.0)

    return answer


def _drive(execution: Execution, answer: Callable[[TaskRequest], TaskAnswer]) -> None:
    run_virtual(execution, answer)


def _new(runner: Runner, execution: Execution, length: int) -> list[str]:
    return runner.kinds(execution)[length:]


def test_the_failed_task_is_tried_again_without_being_entered_again(runner: Runner) -> None:
    states: Mapping[str, Any] = {
        "A": {**_task(Assign={"a": "{% $states.result + 1 %}"}), "Next": "B"},
        "B": _task(Output="{% [$a, $states.result, $states.context.Execution.RedriveCount] %}"),
    }
    del states["A"]["End"]
    execution = runner.make(states)
    _drive(execution, _failing("B"))
    assert execution.status == "FAILED"
    length = execution.history_length
    (request,) = execution.redrive(execution.now + 60)
    assert request.state_name == "B"
    _drive(execution, _failing())
    assert (execution.status, execution.output, execution.error) == ("SUCCEEDED", [2, 1, 1], None)
    assert _new(runner, execution, length) == [
        *("ExecutionRedriven", "TaskScheduled", "TaskStarted", "TaskSucceeded"),
        *("TaskStateExited", "ExecutionSucceeded"),
    ]
    redriven = execution.history[length]
    assert redriven["executionRedrivenEventDetails"] == {"redriveCount": 1}
    assert execution.redrive_count == 1


def test_attempts_count_anew(runner: Runner) -> None:
    execution = runner.make({"A": _task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 1}])})
    _drive(execution, _failing("A"))
    execution.redrive(execution.now)
    _drive(execution, _failing("A"))
    assert runner.kinds(execution).count("TaskFailed") == 4
    assert execution.status == "FAILED"
    execution.redrive(execution.now)
    assert execution.redrive_count == 2


def test_a_parallel_runs_only_the_branches_that_failed_or_were_aborted(runner: Runner) -> None:
    def branch(name: str, **more: Any) -> dict[str, Any]:
        return {"StartAt": name, "States": {name: _task(**more)}}

    branches = [
        branch("Good"),
        branch("Bad"),
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "Output": "w", "End": True}}},
    ]
    execution = runner.make({"P": {"Type": "Parallel", "Branches": branches, "End": True}})
    _drive(execution, _failing("Bad"))
    length = execution.history_length
    requests = execution.redrive(execution.now)
    assert [request.state_name for request in requests] == ["Bad"]
    _drive(execution, _failing())
    assert execution.output == [1, 1, "w"]
    kinds = _new(runner, execution, length)
    assert "ParallelStateStarted" not in kinds
    assert kinds.count("TaskScheduled") == 1


def test_an_inline_map_goes_on_with_the_iterations_that_are_missing(runner: Runner) -> None:
    processor = {"StartAt": "T", "States": {"T": _task()}}
    state: dict[str, Any] = {"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": processor, "End": True}
    execution = runner.make({"M": state}, [1, 2, 3, 4])
    outcomes: Iterator[Outcome] = iter([TaskSucceeded("a"), TaskFailed("E")])
    _drive(execution, lambda _request: TaskAnswer(next(outcomes, TaskSucceeded("b")), 1.0))
    assert execution.status == "FAILED"
    execution.redrive(execution.now)
    _drive(execution, lambda _request: TaskAnswer(TaskSucceeded("c"), 1.0))
    assert execution.output == ["a", "c", "c", "c"]
    started = runner.of(execution, "MapIterationStarted")
    assert [event["mapIterationStartedEventDetails"]["index"] for event in started] == [0, 1, 2, 3]


def test_a_fail_state_is_entered_again_and_fails_again(runner: Runner) -> None:
    execution = runner.run({"F": {"Type": "Fail", "Error": "E"}})
    execution.redrive(execution.now)
    assert (execution.status, execution.error) == ("FAILED", "E")
    assert runner.kinds(execution).count("FailStateEntered") == 2


@pytest.mark.parametrize("end", ["stop", "timeout"])
def test_what_was_stopped_or_timed_out_goes_on_where_it_stood(runner: Runner, end: str) -> None:
    execution = runner.make({"A": _task()}, TimeoutSeconds=10)
    execution.start()
    if end == "stop":
        execution.stop(None, None, execution.now)
    else:
        execution.advance(execution.now + 10)
    (request,) = execution.redrive(execution.now + 100)
    assert execution.next_timer() == execution.now + 10
    execution.complete(request.id, TaskSucceeded(5), execution.now)
    assert execution.output == 5


def test_an_answer_from_before_the_redrive_is_ignored(runner: Runner) -> None:
    execution = runner.make({"A": _task()})
    (old,) = execution.start()
    execution.stop(None, None, execution.now)
    (new,) = execution.redrive(execution.now)
    assert old.id != new.id
    execution.complete(old.id, TaskSucceeded("old"), execution.now)
    assert execution.status == "RUNNING"


def test_a_caught_failure_is_not_what_is_tried_again(runner: Runner) -> None:
    states = {
        "P": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "T", "States": {"T": _task()}}],
            "Catch": [{"ErrorEquals": ["E"], "Next": "B"}],
            "End": True,
        },
        "B": _task(),
    }
    execution = runner.make(states)
    _drive(execution, _failing("T", "B"))
    requests = execution.redrive(execution.now)
    assert [request.state_name for request in requests] == ["B"]


def _map(kind: str, **fields: Any) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
        "StartAt": "First",
        "States": {"First": {"Type": "Pass", "Next": "T"}, "T": _task()},
    }
    return {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}


@pytest.mark.parametrize(("kind", "events"), [("STANDARD", 14), ("EXPRESS", 9)])
def test_a_map_run_redrives_the_children_that_have_not_succeeded(
    runner: Runner, kind: str, events: int
) -> None:
    execution = runner.make(_map(kind, MaxConcurrency=1), [1, 2, 3])
    outcomes: Iterator[Outcome] = iter([TaskSucceeded("a"), TaskFailed("E")])
    _drive(execution, lambda _request: TaskAnswer(next(outcomes), 1.0))
    (run,) = execution.map_runs
    assert run.counts(items=False) == {"SUCCEEDED": 1, "FAILED": 1, "PENDING": 1}
    length = execution.history_length
    execution.redrive(execution.now)
    _drive(execution, lambda _request: TaskAnswer(TaskSucceeded("b"), 1.0))
    assert execution.output == ["a", "b", "b"]
    assert _new(runner, execution, length)[:3] == [
        *("ExecutionRedriven", "MapRunRedriven", "MapRunSucceeded"),
    ]
    assert (run.status, run.redrives, len(execution.map_runs)) == ("SUCCEEDED", 1, 1)
    assert len(run.children[1].history) == events


def test_a_map_run_that_could_not_read_its_items_is_started_anew(runner: Runner) -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Arguments": {"Bucket": "b", "Key": "k"},
    }
    execution = runner.make(_map("STANDARD", ItemReader=reader))
    _drive(execution, lambda _request: TaskAnswer(TaskFailed("S3.NoSuchKeyException", "none")))
    execution.redrive(execution.now)

    def answer(request: TaskRequest) -> TaskAnswer:
        return TaskAnswer(TaskSucceeded({"Body": "[1]"} if request.purpose == "ItemReader" else 7))

    _drive(execution, answer)
    assert execution.output == [7]
    assert [run.status for run in execution.map_runs] == ["FAILED", "SUCCEEDED"]


def test_what_runs_or_has_succeeded_cannot_be_redriven(runner: Runner) -> None:
    execution = runner.make({"A": _task()})
    (request,) = execution.start()
    with pytest.raises(NotRedrivable, match="RUNNING"):
        execution.redrive(execution.now)
    execution.complete(request.id, TaskSucceeded(1), execution.now)
    with pytest.raises(NotRedrivable, match="SUCCEEDED"):
        execution.redrive(execution.now)
    full = runner.run({"A": {"Type": "Pass", "Next": "A"}})
    with pytest.raises(NotRedrivable, match="history"):
        full.redrive(full.now)
