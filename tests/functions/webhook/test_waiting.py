"""Webhooks that wait for the result of an Express run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from functions.activate.activation import Activator, activate
from functions.webhook.answering import Answering, Patience
from functions.webhook.handler import answer
from functions.webhook.reception import Reception
from functions.webhook.tally import Tally
from layers.runtime.executions import Starter
from layers.runtime.store import Store
from layers.runtime.store.responses import put_response
from layers.runtime.store.run_lists import list_runs
from layers.runtime.store.runs import Run, RunResult, RunStatus, find_result, find_run, finish_run
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeStepFunctions, http_event
from tests.functions.webhook.conftest import PatientSender

Sender = Callable[[], Any]


@pytest.fixture
def send(starter: Starter, step_functions: FakeStepFunctions, sender: PatientSender) -> Sender:
    """Sends a request and gives the answer, its body read."""
    tally = Tally(starter.store, starter.clock)
    answering = Answering(starter, lambda: step_functions, tally, Patience(sender.now, sender.sleep))
    reception = Reception(answering, lambda name: name)

    def send_one() -> Any:
        answered = answer(http_event("POST", "/webhooks/orders/eu", "{}"), lambda: reception)
        is_json = "json" in answered["headers"]["content-type"]
        return {**answered, "json": json.loads(answered["body"]) if is_json else None}

    return send_one


@pytest.fixture
def waiting(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> None:
    """An Express workflow whose webhook waits for the result."""
    webhook = {"id": "new_order", "type": "webhook", "path": "orders/eu", "answer": "result"}
    write_draft(triggers=[webhook], settings={"type": "express"})
    activate(activator, "order-fulfilment")


def test_a_webhook_that_waits_is_answered_with_the_output_and_the_run_is_recorded_at_once(
    waiting: None, send: Sender, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.answered = {"status": "SUCCEEDED", "output": '{"paid": true}'}
    answered = send()
    assert (answered["statusCode"], answered["json"]) == (200, {"paid": True})
    assert step_functions.calls[-1] == "start_sync_execution"
    run = answered["headers"]["content-location"].rpartition("/")[2]
    recorded, result = find_run(store, run), find_result(store, run)
    assert recorded is not None
    assert result is not None
    assert (recorded.status, recorded.events, result.output) == ("succeeded", 0, {"paid": True})
    assert result.left_out == ["timeline"]


def test_a_webhook_that_waits_for_a_run_that_fails_is_answered_502_with_its_name(
    waiting: None, send: Sender, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.answered = {"status": "FAILED", "error": "Network", "cause": "10.0.0.7 is not there"}
    answered = send()
    assert (answered["statusCode"], answered["json"]["code"]) == (502, "run_failed")
    assert "10.0.0.7" not in answered["body"]
    [run] = list_runs(store).elements
    assert (run.status, run.error, run.cause) == ("failed", "Network", "10.0.0.7 is not there")


def test_a_run_that_takes_longer_than_a_request_may_is_answered_202_and_goes_on(
    waiting: None, send: Sender, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.failing["start_sync_execution"] = ReadTimeoutError(endpoint_url="https://states")
    answered = send()
    assert answered["statusCode"] == 202
    run = find_run(store, answered["json"]["run"])
    assert run is not None
    assert run.status == "running"


@pytest.fixture
def open_standard(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[[str], None]:
    """Activates a Standard workflow whose webhook answers in one of the ways."""

    def open_one(answers: str) -> None:
        webhook = {"id": "new_order", "type": "webhook", "path": "orders/eu", "answer": answers}
        write_draft(triggers=[{**webhook, "idempotency": {"header": "user-agent"}}])
        activate(activator, "order-fulfilment")

    return open_one


def started(store: Store) -> Run:
    [run] = list_runs(store).elements
    return run


def end(store: Store, status: RunStatus = "succeeded", output: Any = None) -> None:
    run = replace(started(store), status=status, ended_at="2026-01-31T09:30:09.000Z", error="Network")
    assert finish_run(store, run, RunResult({}, output, None, [], []))


def respond(store: Store, **answer: Any) -> None:
    whole = {"status": 200, "headers": {}, "body": None, **answer}
    assert put_response(store, f"{started(store).id}/reply", json.dumps(whole), 1)


def test_a_standard_run_that_ends_soon_is_answered_with_its_output(
    open_standard: Callable[[str], None], send: Sender, sender: PatientSender, store: Store
) -> None:
    open_standard("result")
    sender.meanwhile = [lambda: respond(store, body="early"), lambda: end(store, output={"paid": True})]
    answered = send()
    assert (answered["statusCode"], answered["json"]) == (200, {"paid": True})
    assert sender.seconds < 1


def test_a_node_answers_with_status_headers_and_body_while_the_run_goes_on(
    open_standard: Callable[[str], None], send: Sender, sender: PatientSender, store: Store
) -> None:
    open_standard("respond")
    sender.meanwhile = [
        lambda: respond(store, status=201, headers={"Location": "/orders/7"}, body={"order": 7})
    ]
    answered = send()
    assert (answered["statusCode"], answered["json"]) == (201, {"order": 7})
    assert answered["headers"]["location"] == "/orders/7"
    assert answered["headers"]["content-type"] == "application/json"
    assert started(store).status == "running"


def test_a_duplicate_of_a_delivery_is_answered_as_the_first_time(
    open_standard: Callable[[str], None], send: Sender, sender: PatientSender, store: Store
) -> None:
    open_standard("respond")
    sender.meanwhile = [lambda: respond(store, status=201, body=7)]
    assert [send()["statusCode"], send()["statusCode"]] == [201, 201]
    assert started(store).status == "running"


@pytest.mark.parametrize(("status", "code"), [("succeeded", 200), ("failed", 502), ("cancelled", 502)])
def test_a_run_that_ends_before_any_node_answers_is_the_answer(
    status: RunStatus,
    code: int,
    open_standard: Callable[[str], None],
    send: Sender,
    sender: PatientSender,
    store: Store,
) -> None:
    open_standard("respond")
    sender.meanwhile = [lambda: end(store, status, {"paid": False})]
    answered = send()
    assert answered["statusCode"] == code
    assert answered["json"] == {"paid": False} if code == 200 else answered["json"]["code"] == "run_failed"


def test_an_answer_that_takes_longer_than_a_request_may_wait_is_202_with_where_to_look(
    open_standard: Callable[[str], None], send: Sender, sender: PatientSender, store: Store
) -> None:
    open_standard("respond")
    answered = send()
    assert (answered["statusCode"], answered["json"]["run"]) == (202, started(store).id)
    assert 25 <= sender.seconds < 26


def test_an_express_run_whose_node_has_answered_is_answered_so_at_its_end(
    activator: Activator,
    write_draft: Callable[..., WorkflowHead],
    send: Sender,
    store: Store,
    step_functions: FakeStepFunctions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhook = {"id": "new_order", "type": "webhook", "path": "orders/eu", "answer": "respond"}
    write_draft(triggers=[webhook], settings={"type": "express"})
    activate(activator, "order-fulfilment")
    step_functions.answered = {"status": "SUCCEEDED", "output": "1"}
    run_to_its_end = step_functions.start_sync_execution

    def answering(**arguments: Any) -> Any:
        respond(store, headers={"Content-Type": "text/plain"}, body="thanks")
        return run_to_its_end(**arguments)

    monkeypatch.setattr(step_functions, "start_sync_execution", answering)
    answered = send()
    assert (answered["statusCode"], answered["body"]) == (200, "thanks")


def test_only_one_node_of_a_run_answers_and_it_may_be_tried_again(store: Store) -> None:
    assert put_response(store, "run-1/reply", "1", 1)
    assert put_response(store, "run-1/reply", "1", 1)
    assert not put_response(store, "run-1/reply/2", "1", 1)
    assert put_response(store, "run-2/other", "1", 1)
