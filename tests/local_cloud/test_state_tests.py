"""TestState of the local cloud, through boto3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local_cloud.conftest import CloudProcess

ROLE = "arn:aws:iam::000000000000:role/test"
INVOKE = "arn:aws:states:::lambda:invoke"
PASS: Mapping[str, Any] = {"Type": "Pass", "End": True}
MAP: Mapping[str, Any] = {
    "Type": "Map",
    "ItemProcessor": {"StartAt": "A", "States": {"A": PASS}},
    "End": True,
}


@pytest.fixture(scope="module")
def states(cloud: CloudProcess) -> Any:
    # boto3 would put "sync-" before the address.
    return boto3.client(
        "stepfunctions",
        endpoint_url=cloud.aws,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
    )


def ask(states: Any, definition: Mapping[str, Any], data: Any = None, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = states.test_state(
        definition=json.dumps(definition), input=json.dumps(data), **more
    )
    del answer["ResponseMetadata"]
    return answer


def invoke(name: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": name, "Payload": {"do": "echo", "argument": "{% $states.input %}"}},
        "End": True,
        **more,
    }


def test_a_task_without_a_mock_is_done_by_its_function(states: Any) -> None:
    state = invoke("test-echo", Output="{% $states.result.Payload.argument %}")
    answer = ask(states, state, 7, roleArn=ROLE, inspectionLevel="DEBUG")
    assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", 7)
    assert json.loads(answer["inspectionData"]["result"])["StatusCode"] == 200


def test_a_failure_of_the_function_is_caught_as_the_state_says(states: Any) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}]
    answer = ask(states, invoke("test-nobody", Catch=catch), roleArn=ROLE, inspectionLevel="TRACE")
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Mend")
    assert answer["error"] == "Lambda.ResourceNotFoundException"
    assert answer["inspectionData"]["errorDetails"] == {"catchIndex": 0}


def test_a_mock_needs_no_role_and_calls_nobody(states: Any) -> None:
    mock = {"result": '{"Payload": "mocked"}'}
    answer = ask(states, invoke("test-nobody"), mock=mock)
    assert answer == {"status": "SUCCEEDED", "output": '{"Payload":"mocked"}'}


def test_a_state_of_a_whole_machine_is_tested_with_variables_and_context(states: Any) -> None:
    first = {"Type": "Pass", "Assign": {"n": 1}, "Next": "B"}
    second = {**invoke("f"), "Output": "{% [$n, $states.context.Execution.Name] %}"}
    machine = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": first, "B": second}}
    answer = ask(
        states,
        machine,
        stateName="B",
        variables='{"n": 5}',
        context='{"Execution": {"Name": "mine"}}',
        mock={"result": "{}"},
    )
    assert json.loads(answer["output"]) == [5, "mine"]


START = {
    "Type": "Task",
    "Resource": "arn:aws:states:::states:startExecution",
    "Parameters": {"StateMachineArn": "x"},
    "End": True,
}


@pytest.mark.parametrize(
    ("definition", "more", "code", "message"),
    [
        (PASS, {"mock": {"result": "1"}}, "ValidationException", "State type 'Pass' is not supported when"),
        (MAP, {}, "InvalidDefinition", "TestState API does not support Map or Parallel states."),
        (MAP, {"mock": {"result": "{}"}}, "ValidationException", "Mocked result must be an array."),
        (invoke("f"), {}, "ValidationException", "RoleArn must be specified when testing a Task state"),
        (invoke("f"), {"mock": {"result": "{"}}, "ValidationException", "Mocked result must be valid JSON"),
        (
            invoke("f"),
            {"mock": {"result": "{}", "errorOutput": {"error": "E"}}},
            "ValidationException",
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ),
        (
            invoke("f"),
            {"mock": {"result": "{}"}, "revealSecrets": True},
            "ValidationException",
            "TestState does not support RevealSecrets when a mock is specified.",
        ),
        (
            START,
            {"mock": {"result": "{}"}},
            "ValidationException",
            "Mock result schema validation error: Required field 'ExecutionArn' is missing",
        ),
        (
            START,
            {"mock": {"result": '{"ExecutionArn": 1}', "fieldValidationMode": "PRESENT"}},
            "ValidationException",
            "Mock result schema validation error: Field 'ExecutionArn' must be a string",
        ),
        (
            MAP,
            {"mock": {"result": "[]"}, "stateConfiguration": {"mapIterationFailureCount": 1}},
            "ValidationException",
            "MapIterationFailureCount 1 exceeds the number of items 0.",
        ),
        (PASS, {"context": "{}"}, "ValidationException", "Context can only be specified when a mock is"),
        (PASS, {"variables": "["}, "ValidationException", "Invalid variables"),
        (PASS, {"variables": "[]"}, "ValidationException", "Invalid variables"),
        ({"Type": "Nothing"}, {}, "InvalidDefinition", "'Nothing' is not a type of state"),
        (
            {"StartAt": "A", "States": {"A": PASS}},
            {"stateName": "B"},
            "ValidationException",
            "State not found in definition",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_in_the_services_words(
    states: Any, definition: Mapping[str, Any], more: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        ask(states, definition, [], **more)
    assert caught.value.response["Error"]["Code"] == code
    assert message in caught.value.response["Error"]["Message"]


def test_input_that_is_no_json_is_refused(states: Any) -> None:
    with pytest.raises(ClientError) as caught:
        states.test_state(definition=json.dumps(PASS), input="{")
    assert caught.value.response["Error"]["Code"] == "InvalidExecutionInput"
