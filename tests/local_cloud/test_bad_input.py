"""Input that is wrong or that runs away is answered with the service's errors, and the cloud stays up."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, wait_for
from .machines import chain, create, ended, returning

DEEP = "[" * 5_000 + "]" * 5_000
ROLE = "arn:aws:iam::000000000000:role/test"
BOMB = '($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $length($f("xxxxxxxx", 60)))'


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def run(cloud: CloudProcess, definition: str, text: str = "{}") -> Any:
    machine = create(cloud.states, definition)
    arn = cloud.states.start_execution(stateMachineArn=machine, input=text)["executionArn"]
    return wait_for(lambda: ended(cloud.states, arn))


def post(cloud: CloudProcess, target: str, body: bytes) -> tuple[int, dict[str, Any]]:
    headers = {"X-Amz-Target": f"AWSStepFunctions.{target}", "Content-Type": "application/x-amz-json-1.0"}
    request = urllib.request.Request(cloud.aws, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize("text", [DEEP, "1e999", "NaN", "{", ""])
def test_input_that_is_no_data_is_refused(cloud: CloudProcess, text: str) -> None:
    machine = create(cloud.states, returning(1))
    with pytest.raises(ClientError) as caught:
        cloud.states.start_execution(stateMachineArn=machine, input=text)
    assert code(caught) == "InvalidExecutionInput"


@pytest.mark.parametrize(
    "text",
    [
        DEEP,
        '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": ' + "[" * 900 + "]" * 900 + "}}}",
        "[]",
        "null",
        "{}",
        '{"StartAt": "A", "States": {"A": 1}}',
        '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Assign": 1}}}',
    ],
)
def test_a_definition_that_is_none_is_refused(cloud: CloudProcess, text: str) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.states.create_state_machine(name="bad", definition=text, roleArn=ROLE)
    assert code(caught) == "InvalidDefinition"
    assert "Invalid State Machine Definition: '" in str(caught.value)


def test_half_a_character_becomes_a_question_mark(cloud: CloudProcess) -> None:
    description = run(cloud, chain(A={"Type": "Pass"}), '"a\\ud800b"')
    assert json.loads(description["output"]) == "a?b"


def test_a_runaway_expression_fails_its_run_only(cloud: CloudProcess) -> None:
    description = run(cloud, chain(A={"Type": "Pass", "Output": f"{{% {BOMB} %}}"}))
    assert (description["status"], description["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert run(cloud, returning(1))["status"] == "SUCCEEDED"


def test_an_endless_loop_of_states_is_stopped_by_the_quota_of_events(cloud: CloudProcess) -> None:
    never = {"Variable": "$", "IsPresent": False, "Next": "C"}
    states = {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [never], "Default": "A"},
        "C": {"Type": "Succeed"},
    }
    description = run(cloud, json.dumps({"StartAt": "A", "States": states}))
    assert (description["status"], description["error"]) == ("FAILED", "States.Runtime")
    assert description["cause"] == "The execution reached the maximum number of history events (25000)."


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", DEEP.encode(), b'{"name": 1e999}'])
def test_a_body_that_is_no_request_is_refused(cloud: CloudProcess, body: bytes) -> None:
    status, answer = post(cloud, "CreateActivity", body)
    assert (status, answer["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize(
    "body",
    [{}, {"name": None}, {"name": 1}, {"name": []}, {"name": ""}, {"name": "x" * 81}, {"name": "\ud800"}],
)
def test_a_parameter_of_the_wrong_kind_is_refused(cloud: CloudProcess, body: dict[str, Any]) -> None:
    status, answer = post(cloud, "CreateActivity", json.dumps(body).encode())
    assert status == 400
    assert answer["__type"] in ("ValidationException", "InvalidName")


def test_an_operation_that_is_none_is_refused(cloud: CloudProcess) -> None:
    assert post(cloud, "Nothing", b"{}")[1]["__type"] == "UnknownOperationException"
