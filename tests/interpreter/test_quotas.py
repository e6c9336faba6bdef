"""The service's quotas, with the errors it gives."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import TaskAnswer, TaskSucceeded, run_virtual

from .conftest import Runner

_LIMIT = 262_144


def _text(length: int) -> str:
    """An expression for a string whose JSON text has so many bytes."""
    return f"{{% $pad('', {length - 2}, 'x') %}}"


@pytest.mark.parametrize(("length", "status"), [(_LIMIT, "SUCCEEDED"), (_LIMIT + 1, "FAILED")])
@pytest.mark.parametrize("field", ["Output", "Assign"])
def test_an_output_or_a_variable_holds_256_kib(runner: Runner, field: str, length: int, status: str) -> None:
    value: Any = _text(length) if field == "Output" else {"x": _text(length)}
    execution = runner.run({"A": {"Type": "Pass", field: value, "End": True}})
    assert execution.status == status
    if status == "FAILED":
        assert execution.error == "States.DataLimitExceeded"
        assert execution.cause == (
            "The state/task 'A' returned a result with a size exceeding the maximum number of bytes "
            "service limit."
        )


def test_bytes_count_and_not_characters(runner: Runner) -> None:
    output = "{% $pad('', 131072, 'ü') %}"
    assert runner.run({"A": {"Type": "Pass", "Output": output, "End": True}}).status == "FAILED"


def test_the_variables_of_one_assign_hold_256_kib_together(runner: Runner) -> None:
    half = _text(_LIMIT // 2 + 1)
    apart: dict[str, Any] = {
        "A": {"Type": "Pass", "Assign": {"x": half}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"y": half}, "End": True},
    }
    assert runner.run(apart).status == "SUCCEEDED"
    together: dict[str, Any] = {"A": {"Type": "Pass", "Assign": {"x": half, "y": half}, "End": True}}
    assert runner.run(together).error == "States.DataLimitExceeded"


def _assigning(count: int) -> dict[str, Any]:
    return {
        f"S{index}": {
            "Type": "Pass",
            "Assign": {f"v{index}": _text(_LIMIT)},
            **({"End": True} if index == count - 1 else {"Next": f"S{index + 1}"}),
        }
        for index in range(count)
    }


def test_the_variables_of_an_execution_hold_10_mib_together(runner: Runner) -> None:
    assert runner.run(_assigning(40)).status == "SUCCEEDED"
    assert runner.run(_assigning(41)).error == "States.DataLimitExceeded"


def test_variables_that_are_replaced_or_whose_scope_has_ended_do_not_count(runner: Runner) -> None:
    branch = {"StartAt": "S0", "States": _assigning(30)}
    states: dict[str, Any] = {
        "P": {"Type": "Parallel", "Branches": [branch], "Output": 0, "Next": "L"},
        "L": {"Type": "Pass", "Assign": {"n": "{% $states.input + 1 %}", "x": _text(_LIMIT)}, "Next": "C"},
        "C": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $n < 60 %}", "Next": "L", "Output": "{% $n %}"}],
            "Default": "E",
        },
        "E": {"Type": "Succeed"},
    }
    assert runner.run(states).status == "SUCCEEDED"


def test_a_history_holds_25000_events_the_last_of_which_says_so(runner: Runner) -> None:
    execution = runner.run({"A": {"Type": "Pass", "Next": "A"}})
    assert (execution.status, execution.error) == ("FAILED", "States.Runtime")
    assert execution.history_length == 25_000
    assert execution.cause == "The execution reached the maximum number of history events (25000)."


def test_a_full_history_ends_the_execution_also_when_a_task_is_taken_on(runner: Runner) -> None:
    states: dict[str, Any] = {
        "N": {"Type": "Pass", "Assign": {"n": 0}, "Next": "A"},
        "A": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "C"},
        "C": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $n < 6247 %}", "Next": "A"}],
            "Default": "First",
        },
        "First": {"Type": "Task", "Resource": Runner.lambda_invoke, "Next": "T"},
        "T": {"Type": "Task", "Resource": f"{Runner.lambda_invoke}.waitForTaskToken", "End": True},
    }
    execution = runner.make(states)
    (first,) = execution.start()
    (request,) = execution.complete(first.id, TaskSucceeded(1), execution.now)
    assert execution.history_length == 24_999
    execution.submitted(request.id, {}, execution.now)
    assert (execution.status, execution.error) == ("FAILED", "States.Runtime")
    assert execution.history_length == 25_000


def test_a_task_that_nobody_ends_ends_with_its_execution(runner: Runner) -> None:
    task: dict[str, Any] = {"Type": "Task", "Resource": Runner.lambda_invoke, "End": True}
    execution = runner.make({"T": task})
    run_virtual(execution, lambda _request: TaskAnswer(None))
    assert (execution.status, execution.error) == ("TIMED_OUT", "States.Timeout")


def test_an_execution_lasts_a_year(runner: Runner) -> None:
    waits: dict[str, Any] = {"W": {"Type": "Wait", "Seconds": 400 * 24 * 3600, "End": True}}
    execution = runner.run(waits)
    assert (execution.status, execution.error) == ("TIMED_OUT", "States.Timeout")
    assert runner.seconds(execution) == 365 * 24 * 3600
