"""Handshakes: what senders ask before their first webhook; none of them starts a run."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.fakes import FakeClock, FakeStepFunctions

Sender = Callable[..., Any]
Opener = Callable[..., None]


def test_slacks_url_verification_is_answered_with_its_challenge(
    opened: Opener, send: Sender, secrets: dict[str, str], clock: FakeClock, step_functions: FakeStepFunctions
) -> None:
    """The body is the example of docs.slack.dev, "url_verification event"."""
    secrets["hook"] = "slack-secret"
    opened(verify={"preset": "slack", "secret": "hook"})
    body = (
        '{"token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", '
        '"challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P", "type": "url_verification"}'
    )
    sent_at = str(int(clock.seconds()))
    proof = hmac.new(b"slack-secret", f"v0:{sent_at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": sent_at, "x-slack-signature": f"v0={proof}"}
    answered = send(body, headers=headers)
    assert (answered["statusCode"], answered["body"]) == (
        200,
        "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
    )
    assert answered["headers"]["content-type"].startswith("text/plain")
    assert send(body)["statusCode"] == 401
    assert step_functions.executions == {}


QUERY = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (QUERY, 200),
        (QUERY.replace("meatyhamhock", "other"), 403),
        (QUERY.replace("subscribe", "other"), 403),
        (QUERY.replace("&hub.verify_token=meatyhamhock", ""), 403),
        (QUERY + "&hub.challenge=2", 400),
        (QUERY.replace("1158201444", "%0d%0aset-cookie:a"), 400),
        ("page=1", 405),
    ],
)
def test_metas_verification_request_is_answered_if_it_has_the_token(
    query: str, status: int, opened: Opener, send: Sender, secrets: dict[str, str]
) -> None:
    """The values are those of developers.facebook.com, "Webhooks: getting started"."""
    secrets["token"] = "meatyhamhock"
    opened(handshake={"preset": "meta", "secret": "token"})
    answered = send(None, "GET", query=query)
    assert answered["statusCode"] == status
    if status == 200:
        assert (answered["body"], answered["headers"]["x-content-type-options"]) == ("1158201444", "nosniff")


def test_an_echo_answers_the_parameter_that_the_definition_names(opened: Opener, send: Sender) -> None:
    """Microsoft Graph sends POST with `validationToken` (learn.microsoft.com, "Change notifications")."""
    opened(handshake={"preset": "echo", "parameter": "validationToken"})
    answered = send("", "POST", query="validationToken=Validation%3A%20Testing")
    assert (answered["statusCode"], answered["body"]) == (200, "Validation: Testing")
    assert send('{"a": 1}')["statusCode"] == 202


def test_a_challenge_response_check_is_answered_signed(
    opened: Opener, send: Sender, secrets: dict[str, str]
) -> None:
    secrets["consumer"] = "consumer-secret"
    opened(handshake={"preset": "crc", "secret": "consumer"})
    answered = send(None, "GET", query="crc_token=abc")
    expected = base64.b64encode(hmac.new(b"consumer-secret", b"abc", hashlib.sha256).digest()).decode()
    assert answered["json"] == {"response_token": f"sha256={expected}"}
