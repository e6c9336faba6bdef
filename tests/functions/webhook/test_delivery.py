"""Deliveries that come again: one run each, whoever sends and however often."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from layers.runtime.store import Store
from layers.runtime.store.trigger_records import find_trigger_record
from tests.functions.fakes import FakeClock, FakeStepFunctions, refusal

Sender = Callable[..., Any]
Opener = Callable[..., None]
KEY = "a-secret"
BODY = '{"id": "evt_1", "event_id": "Ev1", "total": 30}'

LONG = json.dumps({"order": {"id": "é" * 900}})


def signed(preset: str, now: float, body: str = BODY, delivery: str = "d1") -> dict[str, str]:
    """The headers of a delivery as the vendor of a preset would sign it at some time."""

    def proof(content: str) -> str:
        return hmac.new(KEY.encode(), content.encode(), hashlib.sha256).hexdigest()

    sent_at = str(int(now))
    return {
        "github": {"x-github-delivery": delivery, "x-hub-signature-256": f"sha256={proof(body)}"},
        "stripe": {"stripe-signature": f"t={sent_at},v1={proof(f'{sent_at}.{body}')}"},
        "slack": {
            "x-slack-request-timestamp": sent_at,
            "x-slack-signature": f"v0={proof(f'v0:{sent_at}:{body}')}",
        },
    }[preset]


@pytest.fixture
def opened_for(opened: Opener, secrets: dict[str, str]) -> Opener:
    """A webhook that verifies by a preset."""

    def open_one(preset: str, verify: Mapping[str, str] | None = None, **settings: Any) -> None:
        secrets["hook"] = KEY
        opened(verify={"preset": preset, "secret": "hook", **(verify or {})}, **settings)

    return open_one


@pytest.mark.parametrize("preset", ["github", "stripe", "slack"])
def test_what_a_vendor_sends_again_later_is_answered_200_with_the_run_of_the_first_time(
    preset: str,
    opened_for: Opener,
    send: Sender,
    clock: FakeClock,
    step_functions: FakeStepFunctions,
    store: Store,
) -> None:
    opened_for(preset)
    first = send(BODY, headers=signed(preset, clock.seconds()))
    clock.pass_seconds(3600)
    again = send(BODY, headers={**signed(preset, clock.seconds()), "x-retry": "1"})
    assert (first["statusCode"], again["statusCode"]) == (202, 200)
    assert again["json"] == {**first["json"], "duplicate": True}
    assert len(step_functions.executions) == 1
    record = find_trigger_record(store, "order-fulfilment", "new_order")
    assert (record.fired, record.started, record.deduplicated) == (2, 1, 1)


def test_another_delivery_starts_another_run(
    opened_for: Opener, send: Sender, clock: FakeClock, step_functions: FakeStepFunctions
) -> None:
    opened_for("github")
    for delivery in ("d1", "d2", "d1"):
        send(BODY, headers=signed("github", clock.seconds(), delivery=delivery))
    assert len(step_functions.executions) == 2


def test_where_replays_are_refused_a_signature_counts_once_whatever_id_comes_with_it(
    opened_for: Opener, send: Sender, clock: FakeClock, step_functions: FakeStepFunctions
) -> None:
    opened_for("github", {"replays": "refuse"})
    answers = [
        send(BODY, headers=signed("github", clock.seconds(), delivery=delivery)) for delivery in ("d1", "d2")
    ]
    assert [answered["statusCode"] for answered in answers] == [202, 200]
    assert len(step_functions.executions) == 1


def test_a_captured_request_with_signatures_added_is_still_the_same(
    opened_for: Opener, send: Sender, clock: FakeClock, step_functions: FakeStepFunctions
) -> None:
    opened_for("stripe", {"replays": "refuse"})
    headers = signed("stripe", clock.seconds())
    assert send(BODY, headers=headers)["statusCode"] == 202
    altered = {"stripe-signature": headers["stripe-signature"] + ",v1=00,v0=11"}
    assert send(BODY, headers=altered)["statusCode"] == 200
    assert len(step_functions.executions) == 1


def test_a_start_that_failed_is_made_when_the_delivery_comes_again(
    opened_for: Opener, send: Sender, clock: FakeClock, step_functions: FakeStepFunctions
) -> None:
    opened_for("slack", {"replays": "refuse"})
    headers = signed("slack", clock.seconds())
    step_functions.failing["start_execution"] = refusal("ThrottlingException")
    assert send(BODY, headers=headers)["statusCode"] == 503
    step_functions.failing.clear()
    assert send(BODY, headers=headers)["statusCode"] == 202
    assert len(step_functions.executions) == 1


@pytest.mark.parametrize(
    ("idempotency", "first", "other"),
    [
        ({"header": "X-Order"}, ({"x-order": "7"}, BODY), ({"x-order": "8"}, BODY)),
        ({"field": "order.id"}, ({}, '{"order": {"id": 7}}'), ({}, '{"order": {"id": 8}}')),
        (
            {"field": "order.id"},
            ({}, f'{{"order": {{"id": "{"é" * 900}"}}}}'),
            ({}, '{"order": {"id": "é"}}'),
        ),
    ],
    ids=["header", "field", "long"],
)
def test_a_definition_names_what_is_the_same_when_a_delivery_comes_again(
    idempotency: Mapping[str, str],
    first: tuple[Mapping[str, str], str],
    other: tuple[Mapping[str, str], str],
    opened: Opener,
    send: Sender,
    step_functions: FakeStepFunctions,
) -> None:
    opened(idempotency=idempotency)
    sent = [send(body, headers=headers)["statusCode"] for headers, body in (first, first, other)]
    assert sent == [202, 200, 202]
    assert len(step_functions.executions) == 2


def test_a_declared_id_that_is_missing_or_comes_with_another_body_is_refused(
    opened: Opener, send: Sender, store: Store
) -> None:
    opened(idempotency={"header": "X-Order"})
    missing = send(BODY)
    assert (missing["statusCode"], missing["json"]["code"]) == (400, "delivery_id_missing")
    assert send(BODY, headers={"x-order": "7"})["statusCode"] == 202
    reused = send('{"total": 31}', headers={"x-order": "7"})
    assert (reused["statusCode"], reused["json"]["code"]) == (422, "idempotency_key_reused")


def test_refusals_are_counted_at_most_once_a_second_and_none_is_forgotten_while_requests_come(
    opened_for: Opener, send: Sender, clock: FakeClock, store: Store
) -> None:
    opened_for("github")
    counts = []
    for seconds in (0, 0.1, 0.1, 2):
        clock.pass_seconds(seconds)
        assert send(BODY)["statusCode"] == 401
        record = find_trigger_record(store, "order-fulfilment", "new_order")
        counts.append((record.fired, record.refused, record.last_refusal))
    assert counts == [(1, 1, "not_verified")] * 3 + [(4, 4, "not_verified")]
