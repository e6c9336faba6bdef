"""The states of JSONPath mode that run here, beside states of JSONata mode."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import InvalidDefinition, TaskFailed, TaskSucceeded

PATH = {"QueryLanguage": "JSONPath"}
END = {"End": True}


def test_a_pass_places_its_result_and_assigns_from_paths(runner: Any) -> None:
    states = {
        "A": {
            **PATH,
            "Type": "Pass",
            "Result": {"n": 1},
            "ResultPath": "$.a.b",
            "Assign": {"v.$": "$.n", "w": [2]},
            "Next": "B",
        },
        "B": {"Type": "Pass", "Output": "{% [$states.input.a.b.n, $states.input.kept, $v, $w] %}", **END},
    }
    assert runner.run(states, {"kept": True, "a": 5}).output == [1, True, 1, 2]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.items[1].n", 2),
        ("$.items[-1]['n']", 3),
        ("$.items[*].n", [1, 2, 3]),
        ("$.items[1:].n", [2, 3]),
        ("$$.Execution.Name", "run-1"),
        ("$", {"items": [{"n": 1}, {"n": 2}, {"n": 3}]}),
    ],
)
def test_a_path_selects(runner: Any, path: str, value: Any) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": path}, **END}}
    data = {"items": [{"n": 1}, {"n": 2}, {"n": 3}]}
    assert runner.run(states, data).output == {"x": value}


def test_a_task_shapes_its_parameters_and_its_result(runner: Any) -> None:
    states = {
        "T": {
            **PATH,
            "Type": "Task",
            "Resource": runner.lambda_invoke,
            "InputPath": "$.order",
            "Parameters": {"FunctionName": "f", "Payload": {"id.$": "$.id"}},
            "ResultSelector": {"paid.$": "$.Payload"},
            "ResultPath": "$.payment",
            "OutputPath": "$.payment",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}],
            **END,
        },
        "Caught": {"Type": "Succeed"},
    }
    execution = runner.make(states, {"order": {"id": 7}})
    (request,) = execution.start()
    assert request.arguments == {"FunctionName": "f", "Payload": {"id": 7}}
    execution.complete(request.id, TaskSucceeded({"Payload": True}), execution.now)
    assert execution.output == {"paid": True}
    failed = runner.run(states, {"order": {"id": 7}}, [TaskFailed("Bad", "why")])
    assert failed.output == {"order": {"id": 7}, "error": {"Error": "Bad", "Cause": "why"}}


def test_a_path_that_leads_nowhere_is_a_runtime_error(runner: Any) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": "$.no"}, **END}}
    execution = runner.run(states, {"n": 1})
    assert execution.error == "States.Runtime"
    assert execution.cause == (
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$.no' "
        "specified for the field 'x.$' could not be found in the input '{\"n\":1}'"
    )


@pytest.mark.parametrize("path", ["$.items[?(@.n > 1)]", "States.UUID()", "items"])
def test_what_is_no_plain_path_is_refused_with_its_place(runner: Any, path: str) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": path}, **END}}
    with pytest.raises(InvalidDefinition) as caught:
        runner.make(states)
    assert caught.value.location == "/States/A/x.$"
