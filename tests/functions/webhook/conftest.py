"""A webhook of a test's own settings, and senders of requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.webhook.answering import Answering, Patience
from functions.webhook.handler import answer
from functions.webhook.reception import Reception
from functions.webhook.tally import Tally
from layers.runtime.executions import Starter
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeStepFunctions, http_event

Sender = Callable[..., Any]


@dataclass
class PatientSender:
    """Somebody who waits; meanwhile happens what a test has in store, a piece with each pause."""

    seconds: float = 0.0
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()


@pytest.fixture
def sender() -> PatientSender:
    """The sender that waits for the answer."""
    return PatientSender()


@pytest.fixture
def secrets() -> dict[str, str]:
    """The project's secrets by name, as a test fills them."""
    return {}


@pytest.fixture
def opened(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[..., None]:
    """Activates a workflow whose webhook has the given settings."""

    def open_webhook(**settings: Any) -> None:
        write_draft(triggers=[{"id": "new_order", "type": "webhook", "path": "orders/eu", **settings}])
        activate(activator, "order-fulfilment")

    return open_webhook


@pytest.fixture
def send(
    starter: Starter, step_functions: FakeStepFunctions, secrets: dict[str, str], sender: PatientSender
) -> Sender:
    """Sends a request and gives the answer, its body read."""
    tally = Tally(starter.store, starter.clock)
    answering = Answering(starter, lambda: step_functions, tally, Patience(sender.now, sender.sleep))
    reception = Reception(answering, secrets.__getitem__)

    def send_one(
        body: str | None = '{"total": 30}',
        method: str = "POST",
        path: str = "/webhooks/orders/eu",
        **more: Any,
    ) -> Any:
        answered = answer(http_event(method, path, body, **more), lambda: reception)
        is_json = "json" in answered["headers"]["content-type"]
        return {**answered, "json": json.loads(answered["body"]) if is_json else None}

    return send_one
