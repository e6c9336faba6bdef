"""One state tested by itself, as the service's TestState does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from translator.interpreter import InvalidDefinition, Outcome, TaskFailed, TaskSucceeded
from translator.interpreter.trial import StateTest, Trial, read_subject
from translator.json_value import JsonValue

INVOKE = "arn:aws:states:::lambda:invoke"


def run(
    definition: Mapping[str, JsonValue], data: JsonValue = None, name: str | None = None, **more: Any
) -> dict[str, Any]:
    """The answer at the level DEBUG, with its texts of JSON parsed."""
    answer: Outcome | None = more.pop("answer", None)
    subject = read_subject(definition, name)
    assert subject is not None
    trial = Trial(
        subject,
        StateTest(input=data, **more),
        arn="arn:aws:states:eu-west-1:111122223333:express:test:one",
        state_machine_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:test",
        now=1_700_000_000.0,
        seed=1,
    )
    task = trial.start()
    if task is not None:
        assert answer is not None
        trial.finish(task, answer)
    return parsed(trial.result.to_json("DEBUG"))


def parsed(answer: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(answer)
    if "output" in whole:
        whole["output"] = json.loads(whole["output"])
    whole["inspectionData"] = {
        key: json.loads(value) if isinstance(value, str) else value
        for key, value in whole["inspectionData"].items()
    }
    return whole


def test_a_pass_shows_what_becomes_of_its_input_field_by_field() -> None:
    state: dict[str, JsonValue] = {
        "Type": "Pass",
        "InputPath": "$.a",
        "Parameters": {"b.$": "$.b"},
        "ResultPath": "$.c",
        "Next": "Elsewhere",
    }
    assert run(state, {"a": {"b": 1}}) == {
        "status": "SUCCEEDED",
        "nextState": "Elsewhere",
        "output": {"a": {"b": 1}, "c": {"b": 1}},
        "inspectionData": {
            "input": {"a": {"b": 1}},
            "afterInputPath": {"b": 1},
            "afterParameters": {"b": 1},
            "afterResultSelector": {"b": 1},
            "afterResultPath": {"a": {"b": 1}, "c": {"b": 1}},
        },
    }


def test_the_level_info_tells_nothing_of_the_way() -> None:
    subject = read_subject({"Type": "Succeed"}, None)
    assert subject is not None
    trial = Trial(subject, StateTest(input=1), arn="a:b", state_machine_arn="c", now=0.0, seed=0)
    trial.start()
    assert trial.result.to_json("INFO") == {"status": "SUCCEEDED", "output": "1"}


def test_a_task_is_asked_for_and_its_answer_goes_through_the_state() -> None:
    state: dict[str, JsonValue] = {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": "f", "Payload": "{% $states.input.n %}"},
        "Assign": {"seen": "{% $states.result.Payload %}"},
        "Output": "{% $states.result.Payload + $more %}",
        "End": True,
    }
    answer = run(state, {"n": 2}, variables={"more": 40}, answer=TaskSucceeded({"Payload": 2}))
    assert answer["output"] == 42
    assert answer["inspectionData"] == {
        "input": {"n": 2},
        "afterArguments": {"FunctionName": "f", "Payload": 2},
        "result": {"Payload": 2},
        "variables": {"more": 40, "seen": 2},
    }


def retrying(**more: JsonValue) -> dict[str, JsonValue]:
    return {
        "Type": "Task",
        "Resource": INVOKE,
        "Retry": [
            {"ErrorEquals": ["Other"]},
            {"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10, **more},
        ],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Recover"}],
        "End": True,
    }


@pytest.mark.parametrize(("used", "seconds"), [(0, 2), (1, 6), (2, 10)])
def test_a_failure_that_is_retried_says_by_which_entry_and_after_how_long(used: int, seconds: int) -> None:
    answer = run(retrying(), {}, mock=TaskFailed("Busy", "later"), retry_count=used)
    assert (answer["status"], answer["error"], answer["cause"]) == ("RETRIABLE", "Busy", "later")
    details = answer["inspectionData"]["errorDetails"]
    assert details == {"retryIndex": 1, "retryBackoffIntervalSeconds": seconds}
    assert "output" not in answer


def test_a_retry_that_is_used_up_leaves_the_failure_to_the_catch() -> None:
    answer = run(retrying(MaxAttempts=1), {"a": 1}, mock=TaskFailed("Busy", "no"), retry_count=1)
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Recover")
    assert answer["output"] == {"a": 1, "error": {"Error": "Busy", "Cause": "no"}}
    assert answer["inspectionData"]["errorDetails"] == {"retryIndex": 1, "catchIndex": 0}


def distributed(**more: JsonValue) -> dict[str, JsonValue]:
    processor: JsonValue = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Inner",
        "States": {"Inner": {"Type": "Pass", "End": True}},
    }
    return {"Type": "Map", "QueryLanguage": "JSONata", "ItemProcessor": processor, "End": True, **more}


@pytest.mark.parametrize(
    ("tolerance", "failed", "status"),
    [
        ({"ToleratedFailureCount": 1}, 1, "SUCCEEDED"),
        ({"ToleratedFailureCount": 1}, 2, "FAILED"),
        ({"ToleratedFailurePercentage": 50}, 2, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 50}, 3, "FAILED"),
        ({}, 4, "SUCCEEDED"),
    ],
)
def test_a_map_fails_when_more_iterations_have_failed_than_it_tolerates(
    tolerance: dict[str, JsonValue], failed: int, status: str
) -> None:
    mock = TaskSucceeded([1, 2, 3, 4])
    answer = run(distributed(**tolerance), [1, 2, 3, 4], mock=mock, failed_iterations=failed)
    assert answer["status"] == status
    assert (answer.get("error") == "States.ExceedToleratedFailureThreshold") is (status == "FAILED")


def test_a_map_shows_its_items_as_its_iterations_would_get_them() -> None:
    state = distributed(
        Items="{% $states.input.list %}",
        ItemSelector={"n": "{% $states.context.Map.Item.Value %}"},
        ItemBatcher={"MaxItemsPerBatch": 2},
        MaxConcurrency=3,
    )
    shown = run(state, {"list": [1, 2, 3]}, mock=TaskSucceeded([]))["inspectionData"]
    assert shown["afterItemSelector"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert shown["afterItemBatcher"] == [{"Items": [{"n": 1}, {"n": 2}]}, {"Items": [{"n": 3}]}]
    assert shown["maxConcurrency"] == 3


def test_a_map_reads_its_items_out_of_what_its_reader_was_given() -> None:
    reader: JsonValue = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/rows"},
        "Arguments": {"Bucket": "b", "Key": "k"},
    }
    state = distributed(ItemReader=reader, ItemSelector={"row": "{% $states.context.Map.Item.Value %}"})
    shown = run(state, {}, mock=TaskSucceeded([]), reader_data='{"rows": [7]}')["inspectionData"]
    assert shown["afterItemsPointer"] == [7]
    assert shown["afterItemSelector"] == [{"row": 7}]


def test_the_given_context_object_is_the_whole_context_object() -> None:
    state: dict[str, JsonValue] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"token.$": "$$.Task.Token", "all.$": "$$"},
        "End": True,
    }
    context: JsonValue = {"Task": {"Token": "t"}}
    shown = run(state, {}, mock=TaskSucceeded(1), context=context)["inspectionData"]
    assert shown["afterParameters"] == {"token": "t", "all": context}


def test_without_a_context_object_the_service_calls_the_state_by_its_own_name() -> None:
    machine: dict[str, JsonValue] = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Parameters": {"name.$": "$$.State.Name"}, "End": True}},
    }
    assert run(machine, {}, "A")["output"] == {"name": "StateName"}


def test_a_state_is_found_in_the_branches_of_its_machine() -> None:
    branch: JsonValue = {"StartAt": "Deep", "States": {"Deep": {"Type": "Fail", "Error": "E"}}}
    machine: dict[str, JsonValue] = {
        "StartAt": "P",
        "States": {"P": {"Type": "Parallel", "Branches": [branch], "End": True}},
    }
    assert run(machine, {}, "Deep")["error"] == "E"
    assert read_subject(machine, "Nowhere") is None


def test_the_machine_around_a_state_must_hold_together() -> None:
    machine: dict[str, JsonValue] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}
    with pytest.raises(InvalidDefinition, match="Missing 'Next' target: B"):
        read_subject(machine, "A")


def test_a_wait_is_over_at_once_and_longer_than_a_test_may_take_it_fails() -> None:
    assert run({"Type": "Wait", "Seconds": 200, "End": True}, 1)["status"] == "SUCCEEDED"
    assert run({"Type": "Wait", "Seconds": 301, "End": True}, 1)["error"] == "States.Timeout"


def test_a_path_that_leads_nowhere_ends_what_is_shown() -> None:
    state: dict[str, JsonValue] = {
        "Type": "Task",
        "Resource": INVOKE,
        "Parameters": {"a.$": "$.b"},
        "End": True,
    }
    answer = run(state, {}, mock=TaskSucceeded(1))
    assert (answer["status"], answer["error"]) == ("FAILED", "States.Runtime")
    assert answer["inspectionData"] == {"input": {}, "afterInputPath": {}}


def test_an_expression_that_fails_names_the_state_as_the_service_does() -> None:
    state: dict[str, JsonValue] = {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": "{% $nothing %}",
        "End": True,
    }
    answer = run(state, {})
    assert answer["error"] == "States.QueryEvaluationError"
    assert answer["cause"].startswith(
        "An error occurred while executing the state 'StateName' (entered at the event id #2). "
    )
