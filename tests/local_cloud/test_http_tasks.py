"""The HTTP Task against a server of this machine, with connections of the local EventBridge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.local_cloud.conftest import CloudProcess
from tests.local_cloud.http_target import telling

ROLE = "arn:aws:iam::000000000000:role/test"
BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
ADDED = {
    "HeaderParameters": [{"Key": "X-Added", "Value": "connection"}],
    "QueryStringParameters": [{"Key": "q", "Value": "connection"}],
    "BodyParameters": [{"Key": "mode", "Value": "connection"}],
}


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    with telling() as address:
        yield address


@pytest.fixture(scope="module")
def connection(cloud: CloudProcess) -> str:
    made = cloud.events.create_connection(
        Name="merging",
        AuthorizationType="BASIC",
        AuthParameters={**BASIC, "InvocationHttpParameters": ADDED},  # type: ignore[typeddict-item]
    )
    return made["ConnectionArn"]


@pytest.fixture(scope="module")
def plain(cloud: CloudProcess) -> str:
    made = cloud.events.create_connection(
        Name="keyed",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}},
    )
    return made["ConnectionArn"]


def _call(cloud: CloudProcess, endpoint: str, connection: str, **more: Any) -> dict[str, Any]:
    """TestState of a Task with these parameters."""
    level, reveal = more.pop("level", "INFO"), more.pop("reveal", False)
    arguments = {
        "ApiEndpoint": endpoint,
        "Method": "POST",
        "Authentication": {"ConnectionArn": connection},
        **more,
    }
    state = {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": arguments,
        "End": True,
    }
    # boto3 would put "sync-" before the address.
    cloud.states.meta.config.inject_host_prefix = False
    answer: Any = cloud.states.test_state(
        definition=json.dumps(state), roleArn=ROLE, inspectionLevel=level, revealSecrets=reveal
    )
    return dict(answer)


def test_what_the_connection_adds_wins(cloud: CloudProcess, target: str, connection: str) -> None:
    answer = _call(
        cloud,
        f"{target}/a",
        connection,
        Headers={"x-added": "task", "X-Own": "task"},
        QueryParameters={"q": "task", "r": "a b"},
        RequestBody={"mode": "task", "n": 1},
    )
    result = json.loads(answer["output"])
    assert (result["StatusCode"], result["StatusText"]) == (200, "OK")
    assert result["Headers"]["content-type"] == ["application/json"]
    told = result["ResponseBody"]
    assert told["path"] == "/a?q=connection&r=a%20b"
    assert json.loads(told["body"]) == {"mode": "connection", "n": 1}
    headers = {name: told["headers"].get(name) for name in ("X-Added", "X-Own", "Authorization", "Range")}
    assert headers == {
        "X-Added": "connection",
        "X-Own": "task",
        "Authorization": "Basic dTpw",
        "Range": "bytes=0-262144",
    }
    assert told["headers"]["User-Agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1"
    assert told["headers"]["Content-Type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize(
    ("array_format", "body"),
    [
        ("INDICES", "a%5B0%5D=1&a%5B1%5D=x%20y&o%5Bk%5D=v"),
        ("REPEAT", "a=1&a=x%20y&o%5Bk%5D=v"),
        ("BRACKETS", "a%5B%5D=1&a%5B%5D=x%20y&o%5Bk%5D=v"),
        ("COMMAS", "a=1,x%20y&o%5Bk%5D=v"),
    ],
)
def test_a_body_may_be_a_form(
    cloud: CloudProcess, target: str, plain: str, array_format: str, body: str
) -> None:
    answer = _call(
        cloud,
        target,
        plain,
        RequestBody={"a": [1, "x y"], "o": {"k": "v"}},
        Transform={
            "RequestBodyEncoding": "URL_ENCODED",
            "RequestEncodingOptions": {"ArrayFormat": array_format},
        },
    )
    told = json.loads(answer["output"])["ResponseBody"]
    assert (told["body"], told["headers"]["X-Key"]) == (body, "secret")


def test_a_body_that_is_text_goes_as_it_is(cloud: CloudProcess, target: str, plain: str) -> None:
    answer = _call(cloud, f"{target}/text", plain, RequestBody="<a/>")
    assert json.loads(answer["output"])["ResponseBody"] == "plain"


@pytest.mark.parametrize(
    ("path", "more", "error"),
    [
        ("/status/404", {}, "States.Http.StatusCode.404"),
        ("/status/302", {}, "States.Http.StatusCode.302"),
        ("/image", {}, "States.Runtime"),
        ("/raw", {}, "States.Runtime"),
        ("/large", {}, "States.DataLimitExceeded"),
        ("", {"Method": "TRACE"}, "States.Runtime"),
        ("", {"Headers": {"Host": "a"}}, "States.Runtime"),
        ("", {"Headers": {"x-amz-date": "a"}}, "States.Runtime"),
        ("", {"ApiEndpoint": "http://example.org/"}, "States.Runtime"),
        ("", {"ApiEndpoint": "http://127.0.0.1:1/"}, "States.Http.Socket"),
        ("", {"Authentication": {}}, "States.Runtime"),
        (
            "",
            {"Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:1:connection/no/x"}},
            "Events.ConnectionResource.ResourceNotFound",
        ),
    ],
)
def test_a_call_that_fails_has_the_services_name(
    cloud: CloudProcess, target: str, plain: str, path: str, more: dict[str, Any], error: str
) -> None:
    assert _call(cloud, f"{target}{path}", plain, **more)["error"] == error


def test_the_cause_of_a_bad_status_is_the_whole_answer(cloud: CloudProcess, target: str, plain: str) -> None:
    cause = json.loads(_call(cloud, f"{target}/status/500", plain)["cause"])
    assert (cause["StatusCode"], cause["ResponseBody"]["path"]) == (500, "/status/500")


def test_text_cannot_be_merged_with_the_connections_body(
    cloud: CloudProcess, target: str, connection: str
) -> None:
    assert _call(cloud, target, connection, RequestBody="text")["error"] == "States.Runtime"


def test_a_trace_shows_the_request_and_secrets_only_when_asked(
    cloud: CloudProcess, target: str, connection: str
) -> None:
    shown = _call(cloud, target, connection, level="TRACE", RequestBody={"n": 1})["inspectionData"]
    assert shown["request"]["body"] == '{"n":1}'
    assert "Authorization" not in shown["request"]["headers"]
    assert (shown["request"]["protocol"], shown["response"]["statusCode"]) == ("http", "200")
    assert shown["response"]["headers"].startswith("[content-length: ")
    told = _call(cloud, target, connection, level="TRACE", reveal=True, RequestBody={"n": 1})
    request = told["inspectionData"]["request"]
    assert request["url"] == f"{target}?q=connection"
    assert "Authorization: Basic dTpw" in request["headers"]
    assert json.loads(request["body"]) == {"n": 1, "mode": "connection"}


def test_a_token_is_fetched_with_the_clients_credentials(cloud: CloudProcess, target: str) -> None:
    made = cloud.events.create_connection(
        Name="granted",
        AuthorizationType="OAUTH_CLIENT_CREDENTIALS",
        AuthParameters={
            "OAuthParameters": {
                "ClientParameters": {"ClientID": "c", "ClientSecret": "s"},
                "AuthorizationEndpoint": f"{target}/token",
                "HttpMethod": "POST",
            }
        },
    )
    told = json.loads(_call(cloud, target, made["ConnectionArn"])["output"])["ResponseBody"]
    assert told["headers"]["Authorization"] == "Bearer t"


def test_an_execution_does_the_task_too(cloud: CloudProcess, target: str, plain: str) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": {
            "ApiEndpoint.$": "$.address",
            "Method": "GET",
            "Authentication": {"ConnectionArn": plain},
        },
        "OutputPath": "$.StatusCode",
        "End": True,
    }
    definition = json.dumps({"StartAt": "Call", "States": {"Call": state}})
    machine = cloud.states.create_state_machine(
        name="http-task", definition=definition, roleArn=ROLE, type="EXPRESS"
    )["stateMachineArn"]
    ended = cloud.states.start_sync_execution(
        stateMachineArn=machine, input=json.dumps({"address": f"{target}/status/201"})
    )
    assert (ended["status"], ended.get("output")) == ("SUCCEEDED", "201")
