"""Lambda's Invoke interface over boto3, on real runtime clients."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from .conftest import CloudProcess, wait_for


def _invoke(cloud: CloudProcess, do: str, argument: Any = None) -> tuple[str | None, Any]:
    payload = json.dumps({"do": do, "argument": argument})
    answer = cloud.functions.invoke(FunctionName="test-echo", Payload=payload)
    assert answer["StatusCode"] == 200
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


@pytest.mark.parametrize(
    "name",
    [
        "test-echo",
        "test-echo:$LATEST",
        "arn:aws:lambda:us-east-1:000000000000:function:test-echo",
        "arn:aws:lambda:us-east-1:000000000000:function:test-echo:$LATEST",
        "000000000000:function:test-echo",
    ],
)
def test_a_function_is_invoked_by_name_arn_or_partial_arn(cloud: CloudProcess, name: str) -> None:
    answer = cloud.functions.invoke(FunctionName=name, Payload=json.dumps({"a": 1}))
    assert json.loads(answer["Payload"].read()) == {"a": 1}
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer


def test_an_exception_is_answered_as_the_runtime_reports_it(cloud: CloudProcess) -> None:
    error, payload = _invoke(cloud, "raise", "no stock")
    assert error == "Unhandled"
    assert payload["errorType"] == "OwnError"
    assert payload["errorMessage"] == "no stock"
    assert payload["requestId"]
    assert any("raise OwnError" in line for line in payload["stackTrace"])


def test_a_function_that_takes_too_long_is_ended_and_the_next_call_gets_a_new_process(
    cloud: CloudProcess,
) -> None:
    error, payload = _invoke(cloud, "sleep", 30)
    assert error == "Unhandled"
    assert payload["errorType"] == "Sandbox.Timedout"
    assert payload["errorMessage"].endswith("Error: Task timed out after 2.00 seconds")
    assert _invoke(cloud, "return", "alive") == (None, "alive")


def test_a_function_whose_process_exits_is_answered_with_the_exit_status(cloud: CloudProcess) -> None:
    error, payload = _invoke(cloud, "exit", 3)
    assert error == "Unhandled"
    assert payload["errorType"] == "Runtime.ExitError"
    assert payload["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")


def test_a_warm_process_is_used_again(cloud: CloudProcess) -> None:
    _, first = _invoke(cloud, "context")
    _, second = _invoke(cloud, "context")
    assert second["process"] == first["process"]
    assert second["calls"] == first["calls"] + 1
    assert second["arn"] == "arn:aws:lambda:us-east-1:000000000000:function:test-echo"
    assert 0 < second["remaining"] <= 2000


def test_concurrent_calls_get_processes_of_their_own_up_to_the_bound(cloud: CloudProcess) -> None:
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: _invoke(cloud, "sleep", 0.1), range(12)))
    assert answers == [(None, "slept")] * 12


def test_the_environment_is_the_topologys_and_the_runtimes_alone(cloud: CloudProcess) -> None:
    _, seen = _invoke(cloud, "environment")
    assert seen["TABLE"] == "test-table"
    assert seen["TOKEN"] == cloud.token
    assert seen["ECHO"] == "arn:aws:lambda:us-east-1:000000000000:function:test-echo"
    assert seen["AWS_ENDPOINT_URL"] == cloud.aws
    assert seen["AWS_CONFIG_FILE"] == seen["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert not {"HOME", "PYTHONPATH", "USER"} & set(seen)


def test_a_function_reaches_the_emulated_services(cloud: CloudProcess) -> None:
    assert _invoke(cloud, "put", "from-lambda") == (None, 200)
    found = cloud.dynamodb.get_item(
        TableName="test-table", Key={"pk": {"S": "from-lambda"}, "sk": {"S": "x"}}
    )
    assert found["Item"]["pk"] == {"S": "from-lambda"}


def test_the_end_of_the_log_comes_with_the_answer_when_asked_for(cloud: CloudProcess) -> None:
    payload = json.dumps({"do": "print", "argument": "hello log"})
    answer = cloud.functions.invoke(FunctionName="test-echo", LogType="Tail", Payload=payload)
    log = base64.b64decode(answer["LogResult"]).decode()
    assert "hello log\n" in log
    assert log.startswith("START RequestId: ")
    assert "REPORT RequestId: " in log


def test_an_answer_over_six_megabytes_is_an_error(cloud: CloudProcess) -> None:
    error, payload = _invoke(cloud, "large", 6_300_000)
    assert error == "Unhandled"
    assert payload["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_large_payload_arrives_whole(cloud: CloudProcess) -> None:
    text = "x" * 4_000_000
    assert _invoke(cloud, "return", text) == (None, text)


def test_an_unknown_function_is_not_found(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.functions.invoke(FunctionName="nobody")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_payload_that_is_not_json_is_refused(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.functions.invoke(FunctionName="test-echo", Payload=b"{")
    assert caught.value.response["Error"]["Code"] == "InvalidRequestContentException"


def test_a_page_in_a_browser_does_not_reach_the_aws_endpoint(cloud: CloudProcess) -> None:
    url = f"{cloud.aws}/2015-03-31/functions/test-echo/invocations"
    assert (
        requests.post(url, data="{}", headers={"Origin": "https://other.example"}, timeout=20).status_code
        == 403
    )


def _outcome(cloud: CloudProcess, payload: str) -> Any:
    try:
        return cloud.client("lambda").invoke(FunctionName="test-narrow", Payload=payload)
    except ClientError as error:
        return error.response


def test_a_function_at_its_reserved_concurrency_is_throttled(cloud: CloudProcess) -> None:
    payload = json.dumps({"do": "sleep", "argument": 3})
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(lambda _: _outcome(cloud, payload), range(2)))
    (throttled,) = [outcome for outcome in outcomes if "Error" in outcome]
    assert throttled["Error"] == {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}
    assert throttled["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert throttled["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_asynchronous_calls_that_are_throttled_are_kept_until_it_is_their_turn(cloud: CloudProcess) -> None:
    names = [f"kept-{number}" for number in range(3)]
    for name in names:
        payload = json.dumps({"do": "put", "argument": name})
        cloud.functions.invoke(FunctionName="test-narrow", InvocationType="Event", Payload=payload)
    keys = [{"pk": {"S": name}, "sk": {"S": "x"}} for name in names]
    for key in keys:
        wait_for(lambda key=key: "Item" in cloud.dynamodb.get_item(TableName="test-table", Key=key))  # type: ignore[misc]


def test_an_asynchronous_call_that_fails_is_tried_three_times(cloud: CloudProcess) -> None:
    payload = json.dumps({"key": "asynchronous", "fail": True})
    answer = cloud.functions.invoke(FunctionName="test-sink", InvocationType="Event", Payload=payload)
    assert answer["StatusCode"] == 202
    assert wait_for(lambda: _tries(cloud, "asynchronous") == 3)
    assert wait_for(lambda: len(list((cloud.folder / "invocations" / "failed").iterdir())) == 1)


def _tries(cloud: CloudProcess, key: str) -> int:
    item = cloud.dynamodb.get_item(
        TableName="test-table", Key={"pk": {"S": f"event#{key}"}, "sk": {"S": "put"}}
    )
    return int(item["Item"]["tries"]["N"]) if "Item" in item else 0
