"""Who may send, by address, and how often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from layers.runtime.store import Store
from layers.runtime.store.rates import Rate, take
from tests.functions.fakes import FakeClock, FakeStepFunctions, http_event
from tests.functions.one_at_a_time import one_at_a_time

Sender = Callable[..., Any]
Opener = Callable[..., None]


def from_address(address: str) -> dict[str, Any]:
    """What of a request's event tells where it comes from."""
    context = http_event("POST", "/webhooks/orders/eu")["requestContext"]
    return {"requestContext": {**context, "http": {**context["http"], "sourceIp": address}}}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("203.0.113.7", 202),
        ("203.0.114.7", 403),
        ("2001:db8:1::7", 202),
        ("2001:db9::7", 403),
        ("::ffff:203.0.113.7", 202),
        ("198.51.100.1", 202),
        ("", 403),
    ],
)
def test_requests_are_taken_from_the_networks_that_are_allowed(
    address: str, status: int, opened: Opener, send: Sender, step_functions: FakeStepFunctions
) -> None:
    opened(allow=["203.0.113.0/24", "2001:db8::/32", "198.51.100.1"])
    answered = send(**from_address(address))
    assert answered["statusCode"] == status
    assert len(step_functions.executions) == (1 if status == 202 else 0)


def test_what_a_header_claims_about_the_address_counts_for_nothing(opened: Opener, send: Sender) -> None:
    opened(allow=["10.0.0.0/8"])
    headers = {"x-forwarded-for": "10.0.0.7", "forwarded": "for=10.0.0.7", "x-real-ip": "10.0.0.7"}
    answered = send(headers=headers)
    assert (answered["statusCode"], answered["json"]["code"]) == (403, "address_not_allowed")


def test_a_handshake_is_answered_to_allowed_addresses_only(opened: Opener, send: Sender) -> None:
    opened(allow=["10.0.0.0/8"], handshake={"preset": "echo"})
    assert send(None, "GET", query="challenge=1")["statusCode"] == 403
    assert send(None, "GET", query="challenge=1", **from_address("10.0.0.7"))["statusCode"] == 200


def test_what_comes_faster_than_the_limit_is_answered_429_with_when_to_come_again(
    opened: Opener, send: Sender, clock: FakeClock, step_functions: FakeStepFunctions
) -> None:
    opened(rate_limits=[{"requests": 3, "seconds": 60}])
    answers = [send() for _ in range(4)]
    assert [answered["statusCode"] for answered in answers] == [202, 202, 202, 429]
    assert (answers[3]["json"]["code"], answers[3]["headers"]["retry-after"]) == ("rate_limited", "20")
    clock.pass_seconds(19)
    assert send()["statusCode"] == 429
    clock.pass_seconds(1)
    assert [send()["statusCode"], send()["statusCode"]] == [202, 429]
    clock.pass_seconds(3600)
    assert [send()["statusCode"] for _ in range(4)] == [202, 202, 202, 429]


def test_each_sender_has_a_limit_of_its_own(opened: Opener, send: Sender) -> None:
    opened(rate_limits=[{"requests": 1, "per": "sender"}, {"requests": 3}])
    addresses = ("203.0.113.1", "203.0.113.1", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "203.0.113.9")
    sent = [send(**from_address(address))["statusCode"] for address in addresses]
    assert sent == [202, 429, 202, 429, 202, 429]


def test_requests_that_do_not_prove_their_sender_take_nothing_of_the_limit(
    opened: Opener, send: Sender, secrets: dict[str, str]
) -> None:
    secrets["hook"] = "a-secret"
    verify = {"preset": "header", "header": "x-shop", "secret": "hook"}
    opened(verify=verify, rate_limits=[{"requests": 1}])
    assert [send()["statusCode"] for _ in range(3)] == [401, 401, 401]
    assert send(headers={"x-shop": "a-secret"})["statusCode"] == 202


def test_of_many_at_once_no_more_get_in_than_the_limit_says(store: Store) -> None:
    key = store.keys.rate("orders", "hook", "0#all")
    at_once = one_at_a_time(store)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _number: take(at_once, key, Rate(10, 60), 1000.0), range(40)))
    assert waits.count(None) == 10
