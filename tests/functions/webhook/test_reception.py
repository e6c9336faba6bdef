"""Webhooks: every answer that a sender can get, and what the run is started with."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from layers.runtime.executions import Starter
from layers.runtime.objects import Loading
from layers.runtime.references import hydrated
from layers.runtime.store import Store
from layers.runtime.store.routes import routes_of_path, set_status
from layers.runtime.store.run_lists import list_runs
from layers.runtime.store.runs import find_run
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeStepFunctions, refusal

Sender = Callable[..., Any]


def started_with(step_functions: FakeStepFunctions) -> Any:
    [execution] = step_functions.executions.values()
    return json.loads(execution["input"])


def test_a_webhook_starts_a_run_and_is_answered_202_with_where_to_look(
    opened: Callable[..., None], send: Sender, step_functions: FakeStepFunctions, store: Store
) -> None:
    opened()
    headers = {"X-Source": "shop", "Authorization": "Bearer secret", "Cookie": "session=1"}
    answered = send(query="a=1&a=2&b=x%20y", headers=headers)
    run = "main-order-fulfilment-20260131T093000-00000001"
    assert (answered["statusCode"], answered["json"]) == (
        202,
        {"run": run, "status_url": f"/api/executions/{run}"},
    )
    assert started_with(step_functions) == {
        "trigger": {
            "id": "new_order",
            "type": "webhook",
            "method": "POST",
            "path": "orders/eu",
            "headers": {"content-type": "application/json", "user-agent": "curl/8.5.0", "x-source": "shop"},
            "query": {"a": ["1", "2"], "b": "x y"},
            "body": {"total": 30},
            "received_at": "2026-01-31T09:30:00.000Z",
        },
        "run": {"project": "main", "workflow": "order-fulfilment", "version": 1},
    }
    recorded = find_run(store, run)
    assert recorded is not None
    assert (recorded.status, recorded.trigger_id, recorded.version) == ("running", "new_order", 1)
    assert recorded.execution_arn in step_functions.executions


def test_a_webhook_for_an_unknown_path_is_answered_404(send: Sender) -> None:
    answered = send(path="/webhooks/nowhere")
    assert (answered["statusCode"], answered["json"]["code"]) == (404, "webhook_not_found")
    assert answered["headers"]["content-type"] == "application/problem+json"


def test_another_method_is_answered_405_with_those_allowed(opened: Callable[..., None], send: Sender) -> None:
    opened()
    answered = send(method="GET", body=None)
    assert (answered["statusCode"], answered["headers"]["allow"]) == (405, "POST")


def test_a_paused_workflow_is_answered_503_and_starts_nothing(
    opened: Callable[..., None], send: Sender, store: Store, step_functions: FakeStepFunctions
) -> None:
    opened()
    [route] = routes_of_path(store, "orders/eu")
    store.table.write([set_status(store, route, "paused")])
    answered = send()
    assert (answered["statusCode"], answered["json"]["code"]) == (503, "workflow_paused")
    assert step_functions.executions == {}


def test_a_body_over_the_triggers_limit_is_answered_413_with_the_figures(
    opened: Callable[..., None], send: Sender
) -> None:
    opened(max_body_bytes=10)
    answered = send(body='"123456789"')
    assert answered["statusCode"] == 413
    assert answered["json"]["detail"] == "The body has 11 bytes; the limit is 10."
    assert send(body='"12345678"')["statusCode"] == 202


def test_an_input_of_which_the_machine_reads_too_much_is_answered_413_and_leaves_no_record(
    opened: Callable[..., None], send: Sender, store: Store
) -> None:
    opened(max_body_bytes=1_000_000)
    answered = send(body=json.dumps("x" * 262_000))
    assert answered["statusCode"] == 413
    assert answered["json"]["detail"].endswith("bytes; the limit is 245,760.")
    assert list_runs(store).elements == ()


def test_of_a_large_body_only_what_the_machine_reads_is_in_the_input_and_all_of_it_is_kept(
    activator: Activator,
    write_draft: Callable[..., WorkflowHead],
    send: Sender,
    starter: Starter,
    step_functions: FakeStepFunctions,
) -> None:
    trigger = {"id": "new_order", "type": "webhook", "path": "orders/eu", "max_body_bytes": 6_000_000}
    keep = {"body": {"order": {"id": True}, "lines": "reference"}}
    write_draft(triggers=[trigger], description=json.dumps(keep))
    activate(activator, "order-fulfilment")
    body = {"order": {"id": 7, "text": "x" * 5_000}, "lines": ["y" * 100] * 50_000}
    assert send(body=json.dumps(body))["statusCode"] == 202
    given = started_with(step_functions)["trigger"]
    assert (given["id"], given["type"], given["body"]["order"]["id"]) == ("new_order", "webhook", 7)
    assert len(json.dumps(given)) < 1_000
    load = Loading(starter.objects, "main/runs/")
    assert hydrated(given, load) == {**json.loads(json.dumps(hydrated(given, load))), "body": body}
    assert hydrated(given["body"]["lines"], load) == body["lines"]


def test_a_body_that_looks_like_a_reference_is_answered_400(
    opened: Callable[..., None], send: Sender
) -> None:
    opened()
    answered = send(body=json.dumps({"steploom__": {"object": "main/runs/other.json"}}))
    assert (answered["statusCode"], answered["json"]["code"]) == (400, "reserved_name")


@pytest.mark.parametrize(
    "body",
    ['{"a": ', "", "NaN", '{"a": Infinity}', '"\\ud800"', "[" * 100_000],
    ids=["cut", "empty", "nan", "infinity", "surrogate", "nested"],
)
def test_what_is_not_json_where_json_is_declared_is_answered_400(
    body: str, opened: Callable[..., None], send: Sender
) -> None:
    opened(content_type="application/json")
    answered = send(body=body, headers={"content-type": "text/plain"})
    assert (answered["statusCode"], answered["json"]["code"]) == (400, "not_json")


def test_a_request_that_says_json_and_sends_something_else_is_answered_400(
    opened: Callable[..., None], send: Sender
) -> None:
    opened()
    assert send(body="hello", headers={"content-type": "application/cloudevents+json"})["statusCode"] == 400


def test_another_type_than_the_declared_one_is_answered_415(
    opened: Callable[..., None], send: Sender
) -> None:
    opened(content_type="text/csv")
    assert send()["statusCode"] == 415
    assert send(body="a,b", headers={"content-type": "text/csv; charset=utf-8"})["statusCode"] == 202


BINARY = base64.b64encode(b"\xff\xfe").decode()


@pytest.mark.parametrize(
    ("content_type", "body", "is_base64", "value"),
    [
        ("application/x-www-form-urlencoded", "name=Ann+Lee&tag=a&tag=b&empty=", False,
         {"name": "Ann Lee", "tag": ["a", "b"], "empty": ""}),
        ("text/plain", "hello", False, "hello"),
        ("text/plain", base64.b64encode("grüß".encode()).decode(), True, "grüß"),
        ("application/json", base64.b64encode(b'{"a":1}').decode(), True, {"a": 1}),
        ("application/octet-stream", BINARY, True, BINARY),
        ("application/json", None, False, None),
    ],
    ids=["form", "text", "base64 text", "base64 json", "binary", "none"],
)  # fmt: skip
def test_a_body_is_read_by_its_type(
    content_type: str,
    body: str | None,
    is_base64: bool,
    value: Any,
    opened: Callable[..., None],
    send: Sender,
    step_functions: FakeStepFunctions,
) -> None:
    opened()
    answered = send(body=body, headers={"content-type": content_type}, isBase64Encoded=is_base64)
    assert answered["statusCode"] == 202
    trigger = started_with(step_functions)["trigger"]
    assert (trigger["body"], trigger.get("body_is_base64", False)) == (value, value == BINARY)


def test_a_start_that_step_functions_refuses_is_answered_503_and_recorded(
    opened: Callable[..., None], send: Sender, step_functions: FakeStepFunctions, store: Store
) -> None:
    opened()
    step_functions.failing["start_execution"] = refusal("ThrottlingException", "slow down")
    answered = send()
    assert (answered["statusCode"], answered["json"]["code"]) == (503, "start_failed")
    [run] = list_runs(store).elements
    assert (run.status, run.error, run.ended_at) == (
        "failed",
        "Steploom.StartFailed",
        "2026-01-31T09:30:00.000Z",
    )
    assert "slow down" in (run.cause or "")


def test_a_failure_that_nobody_foresaw_is_answered_500_without_its_inside(
    opened: Callable[..., None], send: Sender, step_functions: FakeStepFunctions
) -> None:
    opened()
    step_functions.failing["start_execution"] = ZeroDivisionError("the inside")
    answered = send()
    assert (answered["statusCode"], answered["json"]["code"]) == (500, "internal_error")
    assert "the inside" not in answered["body"]


def test_a_body_that_does_not_fit_the_input_is_refused_with_every_violation_and_starts_nothing(
    activator: Activator,
    write_draft: Callable[..., WorkflowHead],
    send: Sender,
    step_functions: FakeStepFunctions,
) -> None:
    schema = {
        "type": "object",
        "properties": {"total": {"type": "number"}, "lines": {"items": {"required": ["sku"]}}},
        "required": ["customer"],
    }
    write_draft(input=schema, triggers=[{"id": "new_order", "type": "webhook", "path": "orders/eu"}])
    activate(activator, "order-fulfilment")
    answered = send('{"total": "30", "lines": [{"sku": 1}, {}]}')
    assert (answered["statusCode"], answered["json"]["code"]) == (422, "input_does_not_fit")
    places = [one["pointer"] for one in answered["json"]["violations"]]
    assert places == ["", "/lines/1", "/total"]
    assert step_functions.executions == {}
    assert send('{"total": 30, "customer": "Ada"}')["statusCode"] == 202
