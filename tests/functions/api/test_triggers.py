"""Triggers tell what they have done, when they fire next, and what a payload would start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from layers.runtime.store import Store
from layers.runtime.store.trigger_records import count
from tests.functions.fake_firing import FakeScheduler
from tests.functions.fakes import FakeStepFunctions, definition

Call = Callable[..., Any]
ONE = "/api/workflows/order-fulfilment"
TRIGGERS = [
    {"id": "nightly", "type": "schedule", "cron": "0 2 * * *", "entry": "charge"},
    {"id": "office", "type": "schedule", "rate": "1 hour", "calendar": {"days": ["mon"]}},
    {"id": "paid", "type": "event", "pattern": {"source": ["shop"]}},
    {"id": "hand", "type": "manual"},
    {"id": "new_order", "type": "webhook", "path": "orders"},
]


@pytest.fixture
def active(call: Call) -> None:
    schema = {"type": "object"}
    call("POST", "/api/workflows", definition(triggers=TRIGGERS, input=schema))
    assert call("POST", f"{ONE}/activate")["status"] == 200


def tried(call: Call, trigger: str, body: Any) -> Any:
    answered = call("POST", f"{ONE}/triggers/{trigger}/test", body)
    assert answered["status"] == 200, answered
    return answered["json"]


def test_triggers_are_listed_with_records_and_the_next_times(active: None, call: Call, store: Store) -> None:
    values = {"last_run": "r-1", "late_by_seconds": 3}
    count(store, "order-fulfilment", "nightly", {"fired": 2, "started": 1, "refused": 1}, values)
    items = {item["id"]: item for item in call("GET", f"{ONE}/triggers")["json"]["items"]}
    record = items["nightly"]["record"]
    assert (record["fired"], record["started"], record["refused"], record["last_run"]) == (2, 1, 1, "r-1")
    assert (record["late_by_seconds"], record["most_late_by_seconds"]) == (3, 3)
    assert items["nightly"]["next_times"][0] == "2026-02-01T02:00:00.000Z"
    assert items["hand"]["record"]["fired"] == 0
    assert "next_times" not in items["hand"]


def test_a_pause_disables_schedules_and_a_deletion_removes_them(
    active: None, call: Call, scheduler: FakeScheduler
) -> None:
    call("POST", f"{ONE}/pause")
    assert set(scheduler.states().values()) == {"DISABLED"}
    assert call("DELETE", ONE)["status"] == 204
    assert scheduler.schedules == {}


def test_a_test_of_a_schedule_says_which_version_it_would_start_where_and_with_what(
    active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    told = tried(call, "nightly", {"scheduled_at": "2026-01-31T02:00:00Z"})
    assert (told["starts"], told["version"], told["entry"], told["refused"]) == (True, 1, "charge", None)
    assert told["trigger"]["scheduled_at"] == "2026-01-31T02:00:00Z"
    assert step_functions.executions == {}


def test_a_test_of_a_schedule_outside_its_calendar_says_so(active: None, call: Call) -> None:
    told = tried(call, "office", {})
    assert (told["starts"], told["refused"]["code"]) == (False, "calendar_closed")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"source": "shop", "detail": {"order": 7}}, None),
        ({"source": "bank", "detail": {}}, "pattern_unmatched"),
        ({"source": "shop", "detail": [7]}, "input_unfit"),
    ],
)
def test_a_test_of_an_event_says_whether_it_matches_and_fits(
    active: None, call: Call, event: Any, code: str | None
) -> None:
    told = tried(call, "paid", {"event": event})
    assert told["starts"] is (code is None)
    if code == "pattern_unmatched":
        assert told["refused"]["code"] == code


@pytest.mark.parametrize("trigger", ["hand", "new_order"])
def test_a_body_is_held_to_the_input_of_the_workflow(active: None, call: Call, trigger: str) -> None:
    assert tried(call, trigger, {"body": {"order": 7}})["starts"] is True
    assert tried(call, trigger, {"body": 7})["starts"] is False


def test_a_test_of_a_trigger_that_is_not_there_is_answered_404(active: None, call: Call) -> None:
    answered = call("POST", f"{ONE}/triggers/weekly/test", {})
    assert (answered["status"], answered["json"]["code"]) == (404, "trigger_not_found")


def test_a_test_of_an_event_trigger_without_an_event_is_refused(active: None, call: Call) -> None:
    assert call("POST", f"{ONE}/triggers/paid/test", {})["status"] == 400
