"""http_request against a real HTTP service."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from translator.error_classes import (
    Network,
    NodeError,
    OutcomeUnknown,
    Permission,
    System,
    Throttled,
    Timeout,
    Validation,
)
from translator.node_type import Effect, RunContext
from translator.nodes.http_request import HttpRequest, HttpRequestParameters

Replies = Callable[..., Any]


def context(*, seconds: float = 5.0, effect: Effect = "once", attempt: int = 0) -> RunContext:
    return RunContext(node_key="run-7/charge", attempt=attempt, timeout_seconds=seconds, effect=effect)


def call(parameters: dict[str, Any], given: RunContext | None = None) -> Any:
    return HttpRequest().run(parameters, given or context())


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_json_answer_is_parsed_and_headers_are_in_lower_case(service: Any) -> None:
    answer = call({"url": f"{service.url}/orders"})
    assert answer["status"] == 200
    assert answer["body"] == {"ok": True}
    assert answer["headers"]["content-type"] == "application/json; charset=utf-8"


def test_a_body_is_sent_as_json(service: Any) -> None:
    call({"url": service.url, "method": "POST", "body": {"amount": 12, "note": "über"}})
    (received,) = service.received
    assert received.method == "POST"
    assert received.headers["content-type"] == "application/json"
    assert json.loads(received.body) == {"amount": 12, "note": "über"}


def test_a_form_is_sent_url_encoded(service: Any) -> None:
    call({"url": service.url, "method": "POST", "form": {"name": "Ada & co", "tag": ["a", "b"]}})
    (received,) = service.received
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"
    assert received.body == b"name=Ada+%26+co&tag=a&tag=b"


def test_the_query_repeats_lists_leaves_out_nulls_and_writes_booleans_as_json(service: Any) -> None:
    call(
        {"url": f"{service.url}/find?fixed=1", "query": {"q": "a b", "id": [1, 2], "none": None, "all": True}}
    )
    assert service.received[0].path == "/find?fixed=1&q=a+b&id=1&id=2&all=true"


def test_a_once_node_sends_its_key_on_every_attempt(service: Any) -> None:
    for attempt in (0, 1):
        call({"url": service.url, "method": "POST"}, context(attempt=attempt))
    assert [one.headers["idempotency-key"] for one in service.received] == ["run-7/charge", "run-7/charge"]


def test_a_reading_node_sends_no_key(service: Any) -> None:
    call({"url": service.url}, context(effect="read"))
    assert "idempotency-key" not in service.received[0].headers


def test_a_key_that_the_author_gives_wins(service: Any) -> None:
    call({"url": service.url, "method": "POST", "headers": {"idempotency-key": "mine"}})
    assert service.received[0].headers["idempotency-key"] == "mine"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Validation),
        (401, Permission),
        (403, Permission),
        (404, Validation),
        (408, Timeout),
        (409, Validation),
        (422, Validation),
        (429, Throttled),
        (500, System),
        (503, System),
    ],
)
def test_a_status_that_is_no_answer_is_an_error_of_its_class(
    service: Any, replies: Replies, status: int, error: type[NodeError]
) -> None:
    service.script = [replies(status, b"card refused", Content_Type="text/plain")]
    with pytest.raises(NodeError) as raised:
        call({"url": f"{service.url}/charges?key=secret", "method": "POST"})
    assert type(raised.value) is error
    assert str(raised.value) == f"POST {service.url}/charges answered {status}: card refused"


def test_accepted_statuses_are_answers(service: Any, replies: Replies) -> None:
    service.script = [replies(404)]
    assert call({"url": service.url, "accept_status": ["2xx", 404]})["status"] == 404


def test_a_success_that_is_not_accepted_is_a_validation_error(service: Any) -> None:
    with pytest.raises(Validation, match="answered 200"):
        call({"url": service.url, "accept_status": [201]})


def test_garbage_where_json_is_promised_is_a_validation_error(service: Any, json_reply: Replies) -> None:
    for garbage in (b"<html>oops</html>", b'{"a": NaN}', b"\xff\xfe{"):
        service.script = [json_reply(200, garbage)]
        with pytest.raises(Validation, match="promised JSON"):
            call({"url": service.url})


def test_json_that_is_nested_too_deeply_is_a_validation_error(service: Any, json_reply: Replies) -> None:
    service.script = [json_reply(200, b"[" * 50_000 + b"]" * 50_000)]
    with pytest.raises(Validation, match="nested too deeply"):
        call({"url": service.url})


def test_text_stays_text_unless_the_node_expects_json(service: Any, replies: Replies) -> None:
    service.script = [replies(200, "già".encode("latin-1"), Content_Type="text/plain; charset=latin-1")]
    assert call({"url": service.url})["body"] == "già"
    service.script = [replies(200, b"[1, 2]", Content_Type="text/plain")]
    assert call({"url": service.url, "response": "json"})["body"] == [1, 2]


def test_an_empty_answer_has_a_null_body(service: Any, replies: Replies) -> None:
    service.script = [replies(204)]
    assert call({"url": service.url, "method": "DELETE"})["body"] is None


def test_an_answer_above_the_limit_is_a_validation_error(service: Any, json_reply: Replies) -> None:
    service.script = [json_reply(200, b'"' + b"x" * 100 + b'"')]
    with pytest.raises(Validation, match="more than 100 bytes"):
        call({"url": service.url, "max_response_bytes": 100})


def test_a_server_that_nobody_runs_is_a_network_error() -> None:
    with pytest.raises(Network, match="could not be reached: Connection refused"):
        call({"url": f"http://127.0.0.1:{unused_port()}/x"})


def test_a_name_that_does_not_exist_is_a_network_error() -> None:
    with pytest.raises(Network, match="could not be reached"):
        call({"url": "http://nowhere.invalid/"})


def test_no_answer_in_time_is_a_timeout(service: Any) -> None:
    service.script = [lambda _: service.closing.wait(5)]
    with pytest.raises(Timeout, match="gave no answer"):
        call({"url": service.url}, context(seconds=0.1))


def test_an_answer_that_trickles_is_cut_at_the_deadline(service: Any) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not service.closing.wait(0.02):
            handler.wfile.write(b"x")

    service.script = [trickle]
    with pytest.raises(Timeout, match="still answering"):
        call({"url": service.url}, context(seconds=0.2))


@pytest.mark.parametrize("promised_length", ["1000", None])
def test_a_connection_that_breaks_is_a_network_error(service: Any, promised_length: str | None) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        if promised_length:
            handler.send_response(200)
            handler.send_header("Content-Length", promised_length)
            handler.end_headers()
            handler.wfile.write(b"half")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    service.script = [break_off]
    with pytest.raises(Network, match="broke the connection"):
        call({"url": service.url, "method": "POST"})


def test_a_lost_answer_to_an_unrepeatable_request_is_outcome_unknown(service: Any) -> None:
    service.script = [lambda _: service.closing.wait(5)]
    once = {"url": service.url, "method": "POST", "idempotency_header": None}
    with pytest.raises(OutcomeUnknown, match="may have acted"):
        call(once, context(seconds=0.1))
    with pytest.raises(Timeout):
        call(once, context(seconds=0.1, effect="idempotent"))


def test_a_refused_connection_is_never_outcome_unknown() -> None:
    with pytest.raises(Network):
        call({"url": f"http://127.0.0.1:{unused_port()}", "method": "POST", "idempotency_header": None})


def test_a_short_retry_after_is_waited_for_inside_the_attempt(service: Any, replies: Replies) -> None:
    waits: list[float] = []
    service.script = [replies(429, Retry_After="2"), replies(200)]
    assert HttpRequest(waits.append).run({"url": service.url}, context())["status"] == 200  # type: ignore[index,call-overload]
    assert waits == [2.0]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "60"}, 60.0),
        ({"Retry_After": "Fri, 20 Nov 2026 10:05:00 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 300.0),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_long_or_unreadable_retry_after_is_left_to_the_policy(
    service: Any, headers: dict[str, str], seconds: float | None
) -> None:
    def throttle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(429)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    service.script = [throttle]
    with pytest.raises(Throttled) as raised:
        call({"url": service.url})
    assert raised.value.retry_after == seconds


def test_unavailable_with_a_retry_after_is_throttled(service: Any, replies: Replies) -> None:
    service.script = [replies(503, Retry_After="30")]
    with pytest.raises(Throttled):
        call({"url": service.url})


def test_redirects_are_followed_unless_told_otherwise(service: Any, replies: Replies) -> None:
    service.script = [replies(302, Location="/there"), replies(200)]
    assert call({"url": service.url})["status"] == 200
    service.script = [replies(302, Location="/there"), replies(200)]
    kept = call({"url": service.url, "follow_redirects": False, "accept_status": [302]})
    assert kept["headers"]["location"] == "/there"


def test_a_redirect_in_a_circle_is_a_validation_error(service: Any, replies: Replies) -> None:
    service.script = [replies(302, Location="/again")]
    with pytest.raises(Validation, match="circle"):
        call({"url": service.url})


@pytest.mark.parametrize(
    "parameters",
    [
        {"url": "ftp://example.com"},
        {"url": "example.com/orders"},
        {"url": "https://example.com", "method": "FETCH"},
        {"url": "https://example.com", "accept_status": []},
        {"url": "https://example.com", "body": 1, "form": {"a": "b"}},
        {"url": "https://example.com", "headers": {"x": "a\r\nEvil: 1"}},
        {"url": "https://example.com", "idempotency_header": "{% $x %}"},
    ],
)
def test_parameters_that_cannot_work_are_refused_before_anything_is_sent(parameters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        HttpRequestParameters.model_validate(parameters)


@pytest.mark.parametrize("name", ["query", "headers", "form"])
def test_an_expression_that_gives_text_for_an_object_is_a_validation_error(name: str) -> None:
    with pytest.raises(Validation, match=f'"{name}"'):
        call({"url": "http://127.0.0.1:1", "method": "POST", name: "text"})


@pytest.mark.parametrize(
    ("method", "effect"), [("GET", "read"), ("PUT", "idempotent"), ("DELETE", "idempotent"), ("POST", "once")]
)
def test_the_default_effect_follows_the_method(method: str, effect: str) -> None:
    assert HttpRequest().default_effect({"url": "https://example.com", "method": method}) == effect
