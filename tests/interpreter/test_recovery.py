"""Retry, Catch, timeouts and stops."""

from __future__ import annotations

from typing import Any

from translator.interpreter import TaskFailed, TaskSucceeded

END: dict[str, Any] = {"End": True}


def _task(runner: Any, **fields: Any) -> dict[str, Any]:
    return {
        "T": {"Type": "Task", "Resource": runner.lambda_invoke, **fields, "Next": "Z"},
        "Z": {"Type": "Succeed"},
        "Caught": {"Type": "Pass", "Output": "{% [$states.input, $error.Error] %}", **END},
    }


def test_a_retry_waits_longer_each_time_and_counts_its_attempts(runner: Any) -> None:
    retry = [{"ErrorEquals": ["Bad"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 2}]
    execution = runner.run(
        _task(runner, Retry=retry), None, [TaskFailed("Bad"), TaskFailed("Bad"), TaskSucceeded(1)]
    )
    assert (execution.status, runner.seconds(execution)) == ("SUCCEEDED", 3 + 2 + 6)
    assert runner.run(_task(runner, Retry=retry), None, [TaskFailed("Bad")] * 3).error == "Bad"


def test_the_delay_of_a_retry_is_capped(runner: Any) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "BackoffRate": 9, "MaxDelaySeconds": 11}]
    execution = runner.run(_task(runner, Retry=retry), None, [TaskFailed("Bad")] * 3 + [TaskSucceeded(1)])
    assert runner.seconds(execution) == 4 + 10 + 11 + 11


def test_full_jitter_is_drawn_from_the_seed(runner: Any) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "JitterStrategy": "FULL"}]
    first, second = (
        runner.seconds(runner.run(_task(runner, Retry=retry), None, [TaskFailed("Bad"), TaskSucceeded(1)]))
        for _ in range(2)
    )
    assert first == second
    assert 2 <= first < 102


def test_a_catch_sets_output_and_variables_in_the_scope_of_its_state(runner: Any) -> None:
    catch = [
        {"ErrorEquals": ["Other"], "Next": "Z"},
        {
            "ErrorEquals": ["States.TaskFailed"],
            "Assign": {"error": "{% $states.errorOutput %}"},
            "Output": "{% $states.input %}",
            "Next": "Caught",
        },
    ]
    execution = runner.run(_task(runner, Catch=catch), 5, [TaskFailed("Bad", "why")])
    assert execution.output == [5, "Bad"]


def test_a_catch_without_output_hands_on_error_and_cause(runner: Any) -> None:
    execution = runner.run(
        _task(runner, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Z"}]), 5, [TaskFailed("Bad")]
    )
    assert execution.output == {"Error": "Bad", "Cause": ""}


def test_no_wildcard_catches_a_runtime_error_or_an_output_that_is_too_large(runner: Any) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Z"}]
    assert runner.run(_task(runner, Catch=catch), 5, [TaskFailed("States.Runtime")]).status == "FAILED"
    large = "{% $pad('', 262144, 'x') %}"
    execution = runner.run(_task(runner, Catch=catch, Output=large), 5)
    assert (execution.status, execution.error) == ("FAILED", "States.DataLimitExceeded")


def test_a_wildcard_catches_a_task_whose_result_is_too_large(runner: Any) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Z"}]
    execution = runner.run(_task(runner, Catch=catch), 5, [TaskSucceeded("x" * 262_144)])
    assert execution.output["Error"] == "States.DataLimitExceeded"


def test_a_failing_output_expression_is_caught_by_the_states_own_catch(runner: Any) -> None:
    catch = [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "Z"}]
    execution = runner.run(_task(runner, Catch=catch, Output="{% $states.result.nothing %}"), 5)
    assert execution.status == "SUCCEEDED"
    assert "EvaluationFailed" in runner.kinds(execution)


def test_a_task_times_out_and_its_late_answer_is_ignored(runner: Any) -> None:
    execution = runner.make(
        _task(runner, TimeoutSeconds=3, Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "Z"}])
    )
    (request,) = execution.start()
    assert execution.next_timer() == execution.now + 3
    execution.complete(request.id, TaskSucceeded(1), execution.now + 10)
    assert execution.output == {"Error": "States.Timeout", "Cause": ""}
    assert "TaskTimedOut" in runner.kinds(execution)


def test_heartbeats_keep_a_task_alive(runner: Any) -> None:
    execution = runner.make(_task(runner, HeartbeatSeconds=3))
    (request,) = execution.start()
    begin = execution.now
    assert execution.heartbeat(request.id, begin + 2)
    assert execution.next_timer() is not None
    execution.advance(begin + 4)
    assert execution.status == "RUNNING"
    execution.advance(begin + 5)
    assert (execution.status, execution.error) == ("FAILED", "States.Timeout")
    assert not execution.heartbeat(request.id, begin + 6)


def test_the_machines_own_timeout_ends_the_execution(runner: Any) -> None:
    execution = runner.run({"W": {"Type": "Wait", "Seconds": 99, **END}}, TimeoutSeconds=10)
    assert (execution.status, runner.seconds(execution)) == ("TIMED_OUT", 10)


def test_a_stop_cannot_be_caught(runner: Any) -> None:
    execution = runner.make(_task(runner, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Z"}]))
    execution.start()
    execution.stop("Enough", "said so", execution.now + 1)
    assert (execution.status, execution.error, execution.open_requests) == ("ABORTED", "Enough", ())
    assert runner.kinds(execution)[-1] == "ExecutionAborted"


def test_an_endless_loop_ends_at_25_000_events(runner: Any) -> None:
    execution = runner.run({"A": {"Type": "Pass", "Next": "A"}})
    assert (execution.status, execution.error, execution.history_length) == (
        "FAILED",
        "States.Runtime",
        25_000,
    )


def test_a_retried_parallel_starts_all_its_branches_again(runner: Any) -> None:
    branch = {"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "Bad"}}}
    retry = [{"ErrorEquals": ["Bad"], "MaxAttempts": 1}]
    execution = runner.run({"P": {"Type": "Parallel", "Branches": [branch], "Retry": retry, **END}})
    assert runner.kinds(execution) == [
        "ExecutionStarted",
        "ParallelStateEntered",
        "ParallelStateStarted",
        "FailStateEntered",
        "ParallelStateStarted",
        "FailStateEntered",
        "ParallelStateFailed",
        "ExecutionFailed",
    ]
