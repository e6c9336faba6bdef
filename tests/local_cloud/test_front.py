"""The HTTP API over real HTTP."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from infra.local.front.cors import CrossOrigin
from infra.local.front.throttle import Throttles
from infra.parts import Cors, Throttle
from infra.topology import Route

from .conftest import CloudProcess


def _private(cloud: CloudProcess, authorization: str | None) -> requests.Response:
    headers = {"Authorization": authorization} if authorization else {}
    return requests.get(f"{cloud.front}/private/x", headers=headers, timeout=20)


def test_a_request_reaches_its_function_as_an_event_of_payload_format_2(cloud: CloudProcess) -> None:
    response = requests.post(
        f"{cloud.front}/open/orders/a%20b?tag=1&tag=2&empty=",
        data=json.dumps({"total": 3}),
        headers={"Content-Type": "application/json", "X-Own": "yes", "Cookie": "a=1; b=2"},
        timeout=20,
    )
    event = response.json()
    assert event["version"] == "2.0"
    assert event["routeKey"] == "ANY /open/{proxy+}"
    assert event["rawPath"] == "/open/orders/a b"
    assert event["rawQueryString"] == "tag=1&tag=2&empty="
    assert event["queryStringParameters"] == {"tag": "1,2", "empty": ""}
    assert event["pathParameters"] == {"proxy": "orders/a b"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-own"] == "yes"
    assert "cookie" not in event["headers"]
    assert json.loads(event["body"]) == {"total": 3}
    assert event["isBase64Encoded"] is False
    context = event["requestContext"]
    assert context["http"]["method"] == "POST"
    assert context["http"]["path"] == "/open/orders/a b"
    assert context["http"]["sourceIp"] == "127.0.0.1"
    assert context["accountId"] == "000000000000"
    assert context["stage"] == "$default"
    assert context["requestId"] == response.headers["apigw-requestid"]
    assert "authorizer" not in context


def test_keys_without_a_value_are_left_out_of_the_event(cloud: CloudProcess) -> None:
    event = requests.get(f"{cloud.front}/open/x", timeout=20).json()
    assert not {"body", "cookies", "queryStringParameters", "stageVariables"} & set(event)


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/x-www-form-urlencoded"])
def test_a_body_that_is_no_text_arrives_in_base64(cloud: CloudProcess, kind: str) -> None:
    event = requests.post(
        f"{cloud.front}/open/x", data=b"\xff\x00a=1", headers={"Content-Type": kind}, timeout=20
    ).json()
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\xff\x00a=1"


def test_the_most_specific_route_answers(cloud: CloudProcess) -> None:
    event = requests.post(f"{cloud.front}/open/items/7", timeout=20).json()
    assert event["routeKey"] == "POST /open/items/{id}"
    assert event["pathParameters"] == {"id": "7"}
    assert requests.get(f"{cloud.front}/open/items/7", timeout=20).json()["routeKey"] == "ANY /open/{proxy+}"


def test_an_unknown_path_is_answered_404(cloud: CloudProcess) -> None:
    response = requests.get(f"{cloud.front}/nowhere", timeout=20)
    assert (response.status_code, response.json()) == (404, {"message": "Not Found"})


def test_a_request_over_what_a_function_may_get_is_answered_413(cloud: CloudProcess) -> None:
    response = requests.post(f"{cloud.front}/open/x", data=b"x" * (5 * 1024 * 1024), timeout=20)
    assert response.status_code == 413


def test_a_body_over_ten_megabytes_is_answered_413(cloud: CloudProcess) -> None:
    response = requests.post(f"{cloud.front}/open/x", data=b"x" * (10 * 1024 * 1024 + 1), timeout=20)
    assert (response.status_code, response.json()) == (413, {"message": "Request Entity Too Large"})


def test_an_authorized_route_without_a_token_is_answered_401(cloud: CloudProcess) -> None:
    response = _private(cloud, None)
    assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})


def test_a_wrong_token_is_answered_403(cloud: CloudProcess) -> None:
    response = _private(cloud, "Bearer wrong")
    assert (response.status_code, response.json()) == (403, {"message": "Forbidden"})


def test_the_function_is_told_what_the_authorizer_says_about_the_caller(cloud: CloudProcess) -> None:
    event = _private(cloud, f"Bearer {cloud.token}").json()
    assert event["requestContext"]["authorizer"] == {"lambda": {"principal": "developer"}}


def test_an_authorizer_may_answer_with_a_policy(cloud: CloudProcess) -> None:
    event = _private(cloud, "policy").json()
    assert event["requestContext"]["authorizer"] == {"lambda": {"by": "policy"}}


def test_a_failing_authorizer_is_answered_500(cloud: CloudProcess) -> None:
    response = _private(cloud, "broken")
    assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})


def test_an_answer_with_a_status_sets_status_headers_cookies_and_body(cloud: CloudProcess) -> None:
    response = requests.post(
        f"{cloud.front}/open/x",
        json={
            "statusCode": 201,
            "headers": {"Content-Type": "text/csv", "X-Count": 3},
            "cookies": ["a=1; Path=/", "b=2"],
            "body": "a,b",
        },
        params={"do": "body"},
        timeout=20,
    )
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["X-Count"] == "3"
    assert response.cookies.get_dict() == {"a": "1", "b": "2"}
    assert response.text == "a,b"


def test_an_answer_in_base64_is_sent_decoded(cloud: CloudProcess) -> None:
    content = base64.b64encode(b"\x00\xff").decode()
    response = requests.post(
        f"{cloud.front}/open/x?do=body",
        json={"statusCode": 200, "body": content, "isBase64Encoded": True},
        timeout=20,
    )
    assert response.content == b"\x00\xff"


def test_an_answer_without_a_status_is_the_body_itself(cloud: CloudProcess) -> None:
    response = requests.post(f"{cloud.front}/open/x?do=body", json={"a": [1]}, timeout=20)
    assert (response.status_code, response.json()) == (200, {"a": [1]})
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("do", ["raise", "exit"])
def test_a_failing_function_is_answered_500_without_its_inside(cloud: CloudProcess, do: str) -> None:
    response = requests.get(f"{cloud.front}/open/x?do={do}&argument=7", timeout=20)
    assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})


@pytest.mark.parametrize(
    "answer", [{"statusCode": "x"}, {"statusCode": 200, "body": {}}, {"statusCode": 200, "headers": 3}]
)
def test_a_malformed_answer_is_answered_500(cloud: CloudProcess, answer: dict[str, Any]) -> None:
    response = requests.post(f"{cloud.front}/open/x?do=body", json=answer, timeout=20)
    assert response.status_code == 500


def test_the_root_says_where_everything_is(cloud: CloudProcess) -> None:
    root = requests.get(cloud.front, timeout=20).json()
    assert root["aws_endpoint"] == cloud.aws
    cloud.invoke("print", "to be found in the log")
    log = requests.get(root["logs"]["test-echo"], timeout=20)
    assert "to be found in the log" in log.text


_PREFLIGHT = {"Origin": "https://editor.example", "Access-Control-Request-Method": "PUT"}


def _allowed(response: requests.Response) -> dict[str, str]:
    prefix = "access-control-"
    return {
        name.lower().removeprefix(prefix): value
        for name, value in response.headers.items()
        if name.lower().startswith(prefix)
    }


@pytest.mark.parametrize("path", ["/private/x", "/open/x", "/nowhere"])
def test_a_preflight_is_answered_without_a_function_and_without_a_token(
    cloud: CloudProcess, path: str
) -> None:
    response = requests.options(f"{cloud.front}{path}", headers=_PREFLIGHT, timeout=20)
    assert (response.status_code, response.content) == (204, b"")
    assert _allowed(response) == {
        "allow-origin": "https://editor.example",
        "allow-methods": "GET,PUT",
        "allow-headers": "authorization",
        "expose-headers": "apigw-requestid",
        "max-age": "60",
    }


def test_a_preflight_of_an_origin_that_is_not_allowed_gets_no_permission(cloud: CloudProcess) -> None:
    headers = {**_PREFLIGHT, "Origin": "https://other.example"}
    response = requests.options(f"{cloud.front}/open/x", headers=headers, timeout=20)
    assert (response.status_code, _allowed(response)) == (204, {})


def test_a_request_of_a_page_is_answered_with_the_apis_headers_and_not_the_functions(
    cloud: CloudProcess,
) -> None:
    answer = {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*", "x-own": "1"}}
    response = requests.post(
        f"{cloud.front}/open/x?do=body",
        data=json.dumps(answer),
        headers={"Content-Type": "application/json", "Origin": "https://editor.example"},
        timeout=20,
    )
    assert _allowed(response) == {
        "allow-origin": "https://editor.example",
        "expose-headers": "apigw-requestid",
    }
    assert response.headers["x-own"] == "1"
    refused = requests.get(
        f"{cloud.front}/private/x", headers={"Origin": "https://editor.example"}, timeout=20
    )
    assert (refused.status_code, _allowed(refused)["allow-origin"]) == (401, "https://editor.example")


def test_an_options_request_that_is_no_preflight_reaches_the_function(cloud: CloudProcess) -> None:
    event = requests.options(f"{cloud.front}/open/x", timeout=20).json()
    assert event["requestContext"]["http"]["method"] == "OPTIONS"


def test_more_requests_than_a_route_takes_are_answered_429(cloud: CloudProcess) -> None:
    responses = [requests.get(f"{cloud.front}/rare", timeout=20) for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[2].json() == {"message": "Too Many Requests"}


def test_a_bucket_is_filled_at_its_rate_and_holds_no_more_than_its_burst() -> None:
    now = [0.0]
    own = Route("GET", "/a", "f", throttle=Throttle(rate=2, burst=1))
    throttles = Throttles(Throttle(rate=1, burst=3), lambda: now[0])
    assert [throttles.takes(own) for _ in range(2)] == [True, False]
    assert [throttles.takes(Route("GET", "/b", "f")) for _ in range(4)] == [True] * 3 + [False]
    now[0] = 0.5
    assert [throttles.takes(own) for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [throttles.takes(own) for _ in range(2)] == [True, False]


def test_any_origin_may_where_the_api_says_so_and_with_credentials_it_is_named() -> None:
    request = Request(EnvironBuilder(headers=[("Origin", "https://a.example")]).get_environ())
    for credentials, expected in ((False, "*"), (True, "https://a.example")):
        response = Response()
        CrossOrigin(Cors(("*",), credentials=credentials)).mark(request, response)
        assert response.headers["access-control-allow-origin"] == expected
        assert ("access-control-allow-credentials" in response.headers) is credentials


def test_a_throttled_function_is_answered_503(cloud: CloudProcess) -> None:
    url = f"{cloud.front}/narrow?do=sleep&argument=3"
    with ThreadPoolExecutor(2) as threads:
        responses = list(threads.map(lambda _: requests.get(url, timeout=20), range(2)))
    assert sorted(response.status_code for response in responses) == [200, 503]
    (refused,) = [response for response in responses if response.status_code == 503]
    assert refused.json() == {"message": "Service Unavailable"}
