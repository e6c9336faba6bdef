"""Each type of state, on machines as small as they can be."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import TaskFailed, TaskSucceeded

END: dict[str, Any] = {"End": True}


def test_a_pass_without_output_hands_its_input_on(runner: Any) -> None:
    execution = runner.run({"A": {"Type": "Pass", **END}}, {"n": 1})
    assert (execution.status, execution.output) == ("SUCCEEDED", {"n": 1})
    assert runner.kinds(execution) == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_assign_and_output_both_see_the_values_from_state_entry(runner: Any) -> None:
    execution = runner.run(
        {
            "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
            "B": {"Type": "Pass", "Assign": {"x": 2, "y": "{% $x %}"}, "Output": "{% $x %}", "Next": "C"},
            "C": {"Type": "Pass", "Output": "{% [$states.input, $x, $y] %}", **END},
        }
    )
    assert execution.output == [1, 2, 1]


def test_a_choice_goes_where_the_first_true_condition_says(runner: Any) -> None:
    states = {
        "A": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $states.input > 10 %}", "Next": "Big"},
                {"Condition": "{% $states.input > 1 %}", "Next": "Some", "Output": "some"},
            ],
            "Default": "None",
        },
        "Big": {"Type": "Pass", "Output": "big", **END},
        "Some": {"Type": "Succeed"},
        "None": {"Type": "Pass", "Output": "none", **END},
    }
    assert [runner.run(states, number).output for number in (11, 5, 0)] == ["big", "some", "none"]


def test_a_choice_without_a_match_and_a_default_fails_with_no_choice_matched(runner: Any) -> None:
    states = {
        "A": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "B"}]},
        "B": {"Type": "Succeed"},
    }
    assert runner.run(states).error == "States.NoChoiceMatched"


def test_a_condition_that_is_no_boolean_fails_the_execution(runner: Any) -> None:
    states = {
        "A": {"Type": "Choice", "Choices": [{"Condition": "{% 1 %}", "Next": "B"}], "Default": "B"},
        "B": {"Type": "Succeed"},
    }
    execution = runner.run(states)
    assert execution.error == "States.QueryEvaluationError"
    assert "'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean'" in execution.cause


@pytest.mark.parametrize(
    ("field", "value", "seconds"),
    [
        ("Seconds", 90, 90),
        ("Seconds", "{% $states.input %}", 3),
        ("Timestamp", "2023-11-14T22:14:20Z", 60),
        ("Timestamp", "{% '2023-11-14T23:14:20+01:00' %}", 60),
        ("Timestamp", "2020-01-01T00:00:00Z", 0),
    ],
)
def test_a_wait_takes_virtual_time(runner: Any, field: str, value: Any, seconds: float) -> None:
    assert runner.seconds(runner.run({"A": {"Type": "Wait", field: value, **END}}, 3)) == seconds


def test_a_fail_evaluates_its_error_and_cause(runner: Any) -> None:
    execution = runner.run(
        {"A": {"Type": "Fail", "Error": "Bad", "Cause": "{% 'n is ' & $states.input %}"}}, 4
    )
    assert (execution.status, execution.error, execution.cause) == ("FAILED", "Bad", "n is 4")


def test_a_task_hands_out_its_arguments_and_takes_the_answer_as_result(runner: Any) -> None:
    states = {
        "A": {
            "Type": "Task",
            "Resource": runner.lambda_invoke,
            "Arguments": {"FunctionName": "f", "Payload": "{% $states.input %}"},
            "Output": "{% $states.result.Payload + 1 %}",
            **END,
        }
    }
    execution = runner.make(states, 5)
    (request,) = execution.start()
    assert request.arguments == {"FunctionName": "f", "Payload": 5}
    assert execution.open_requests == (request,)
    assert execution.complete(request.id, TaskSucceeded({"Payload": 7}), execution.now + 2) == ()
    assert (execution.status, execution.output, runner.seconds(execution)) == ("SUCCEEDED", 8, 2)


def test_a_parallel_gives_the_outputs_of_its_branches_in_their_order(runner: Any) -> None:
    states = {
        "P": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Slow",
                    "States": {"Slow": {"Type": "Wait", "Seconds": 9, "Output": "slow", **END}},
                },
                {"StartAt": "Fast", "States": {"Fast": {"Type": "Pass", "Output": "fast", **END}}},
            ],
            **END,
        }
    }
    execution = runner.run(states)
    assert (execution.output, runner.seconds(execution)) == (["slow", "fast"], 9)


def test_an_inner_scope_reads_the_variables_of_the_outer_one_and_loses_its_own(runner: Any) -> None:
    inner = {
        "I": {"Type": "Pass", "Assign": {"y": "{% $x + 1 %}"}, "Next": "J"},
        "J": {"Type": "Pass", "Output": "{% $y %}", **END},
    }
    execution = runner.run(
        {
            "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "P"},
            "P": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": inner}], "Next": "Z"},
            "Z": {"Type": "Pass", "Output": "{% [$states.input[0], $exists($y)] %}", **END},
        }
    )
    assert execution.output == [2, False]


def test_a_failing_branch_aborts_its_siblings_and_fails_the_parallel(runner: Any) -> None:
    states = {
        "P": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, **END}}},
                {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": runner.lambda_invoke, **END}}},
            ],
            **END,
        }
    }
    execution = runner.run(states, None, [TaskFailed("Bad", "why")])
    assert (execution.status, execution.error, execution.cause) == ("FAILED", "Bad", "why")
    assert runner.kinds(execution)[-4:] == [
        "TaskFailed",
        "WaitStateAborted",
        "ParallelStateFailed",
        "ExecutionFailed",
    ]
    assert runner.seconds(execution) == 1


def test_branches_that_start_together_all_start_before_one_fails(runner: Any) -> None:
    states = {
        "P": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Bad"}}},
                {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": runner.lambda_invoke, **END}}},
            ],
            **END,
        }
    }
    execution = runner.run(states)
    assert "TaskStarted" in runner.kinds(execution)
    assert execution.open_requests == ()


def test_a_map_runs_at_most_as_many_iterations_at_once_as_it_may(runner: Any) -> None:
    states = {
        "M": {
            "Type": "Map",
            "Items": "{% [1..5] %}",
            "MaxConcurrency": 2,
            "ItemSelector": {
                "i": "{% $states.context.Map.Item.Index %}",
                "v": "{% $states.context.Map.Item.Value %}",
            },
            "ItemProcessor": {
                "StartAt": "W",
                "States": {
                    "W": {
                        "Type": "Wait",
                        "Seconds": 1,
                        "Output": "{% $states.input.i * $states.input.v %}",
                        **END,
                    }
                },
            },
            "Output": "{% $sum($states.result) %}",
            **END,
        }
    }
    execution = runner.run(states)
    assert (execution.output, runner.seconds(execution)) == (40, 3)


def test_a_map_over_nothing_gives_an_empty_array(runner: Any) -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Pass", **END}}}
    execution = runner.run({"M": {"Type": "Map", "Items": [], "ItemProcessor": processor, **END}})
    assert execution.output == []
