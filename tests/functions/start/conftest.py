"""An active workflow with a schedule, and messages of it as the queue delivers them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from layers.runtime.executions import Starter
from layers.runtime.firing.fire import Platform, fire
from layers.runtime.firing.message import read_firing
from layers.runtime.firing.outcome import Outcome
from layers.runtime.store.trigger_records import TriggerRecord, find_trigger_record
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeClock

WORKFLOW = "order-fulfilment"
AT = "2026-01-31T09:30:00Z"
"""Where the clock of the tests stands."""


@dataclass
class FakeQueue:
    """Keeps what is put back: the text and the seconds to wait."""

    sent: list[tuple[str, int]] = field(default_factory=list)

    def send(self, text: str, delay_seconds: int) -> None:
        self.sent.append((text, delay_seconds))


@dataclass
class Firings:
    """Fires triggers of the workflow and looks at what came of it."""

    platform: Platform
    queue: FakeQueue
    clock: FakeClock

    def schedule(self, at: str = AT, **fields: Any) -> Outcome:
        message = {"workflow": WORKFLOW, "trigger": "nightly", "type": "schedule", "identity": at}
        return self.message({**message, "scheduled_at": at, **fields})

    def message(self, message: Any) -> Outcome:
        return fire(self.platform, read_firing(json.dumps(message), self.clock()))

    def put_back(self) -> Outcome:
        """Delivers what was put back last."""
        text, _ = self.queue.sent.pop()
        return fire(self.platform, read_firing(text, self.clock()))

    def record(self, trigger: str = "nightly") -> TriggerRecord:
        return find_trigger_record(self.platform.starter.store, WORKFLOW, trigger)


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()


@pytest.fixture
def firings(starter: Starter, queue: FakeQueue, clock: FakeClock) -> Firings:
    return Firings(Platform(starter, queue), queue, clock)


@pytest.fixture
def scheduled(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[..., None]:
    """Activates the workflow with a schedule of those fields."""

    def make(**fields: Any) -> None:
        trigger = {"id": "nightly", "type": "schedule", "cron": "30 9 * * *", **fields}
        write_draft(triggers=[trigger])
        activate(activator, WORKFLOW)

    return make
