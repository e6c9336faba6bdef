"""Webhooks that wait for the result of an Express run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from functions.activate.activation import Activator, activate
from functions.webhook.handler import answer
from functions.webhook.reception import Reception
from functions.webhook.tally import Tally
from layers.runtime.executions import Starter
from layers.runtime.store import Store
from layers.runtime.store.run_lists import list_runs
from layers.runtime.store.runs import find_result, find_run
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeStepFunctions, http_event

Sender = Callable[[], Any]


@pytest.fixture
def send(starter: Starter, step_functions: FakeStepFunctions) -> Sender:
    """Sends a request and gives the answer, its body read."""
    tally = Tally(starter.store, starter.clock)
    reception = Reception(starter, lambda name: name, lambda: step_functions, tally)

    def send_one() -> Any:
        answered = answer(http_event("POST", "/webhooks/orders/eu", "{}"), lambda: reception)
        return {**answered, "json": json.loads(answered["body"])}

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
