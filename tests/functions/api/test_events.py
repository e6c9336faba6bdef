"""Events are put on the project's bus, and replayed to chosen workflows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.functions.fake_firing import BUS, BUS_ARN, FakeEvents
from tests.functions.fakes import definition, refusal

Call = Callable[..., Any]
WINDOW = {"from": "2026-01-30T00:00:00Z", "to": "2026-01-31T00:00:00Z"}


@pytest.fixture
def listening(call: Call) -> None:
    trigger = {"id": "paid", "type": "event", "pattern": {"source": ["shop"]}}
    other = {"id": "theirs", "type": "event", "pattern": {"source": ["shop"]}, "bus": "shop"}
    call("POST", "/api/workflows", definition(triggers=[trigger, other]))
    assert call("POST", "/api/workflows/order-fulfilment/activate")["status"] == 200


def test_an_event_is_put_on_the_bus_of_the_project(call: Call, events: FakeEvents) -> None:
    sent = {"source": "shop", "type": "order.paid", "detail": {"order": 7}, "time": "2026-01-30T10:00:00Z"}
    answered = call("POST", "/api/events", sent)
    assert (answered["status"], answered["json"]) == (202, {"event": "event-1"})
    assert events.put == [
        {
            "Source": "shop",
            "DetailType": "order.paid",
            "Detail": '{"order":7}',
            "Time": datetime(2026, 1, 30, 10, tzinfo=UTC),
            "EventBusName": BUS,
        }
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"source": "shop"},
        {"source": "shop", "type": "x", "detail": [1]},
        {"source": "shop", "type": "x", "time": "tomorrow"},
        {"source": "shop", "type": "x", "colour": "red"},
        [1],
        "{",
    ],
)
def test_what_is_no_event_is_refused(call: Call, events: FakeEvents, sent: Any) -> None:
    assert call("POST", "/api/events", sent)["status"] in {400, 422}
    assert events.put == []


def test_a_bus_that_takes_nothing_is_answered_502(call: Call, events: FakeEvents) -> None:
    events.failing["put_events"] = refusal("InternalException")
    assert call("POST", "/api/events", {"source": "shop", "type": "x"})["status"] == 502


def test_a_replay_goes_to_the_rules_of_the_chosen_workflows(
    call: Call, events: FakeEvents, listening: None
) -> None:
    answered = call(
        "POST", "/api/events/replay", {"workflows": ["order-fulfilment"], "name": "monday", **WINDOW}
    )
    assert answered["status"] == 202
    assert answered["json"]["replay"] == "main-monday"
    [replay] = events.replays.values()
    assert replay["EventStartTime"] == datetime(2026, 1, 30, tzinfo=UTC)
    rule = BUS_ARN.replace(":event-bus/", ":rule/") + "/main-order-fulfilment.paid"
    assert replay["Destination"] == {"Arn": BUS_ARN, "FilterArns": [rule]}
    assert call("GET", answered["headers"]["location"])["json"]["state"] == "COMPLETED"
    again = call(
        "POST", "/api/events/replay", {"workflows": ["order-fulfilment"], "name": "monday", **WINDOW}
    )
    assert (again["status"], again["json"]["code"]) == (409, "replay_exists")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"workflows": ["nowhere"], **WINDOW}, 404),
        ({"workflows": [], **WINDOW}, 422),
        ({**WINDOW}, 422),
        ({"workflows": ["order-fulfilment"], "from": WINDOW["to"], "to": WINDOW["from"]}, 400),
        ({"workflows": ["order-fulfilment"], "from": "yesterday", "to": WINDOW["to"]}, 422),
        ({"workflows": ["order-fulfilment"], "name": "a b", **WINDOW}, 422),
    ],
)
def test_a_replay_of_nothing_is_refused(call: Call, listening: None, sent: Any, status: int) -> None:
    assert call("POST", "/api/events/replay", sent)["status"] == status


def test_a_replay_that_is_not_there_is_answered_404(call: Call) -> None:
    assert call("GET", "/api/events/replay/main-never")["status"] == 404
