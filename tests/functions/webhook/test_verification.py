"""Who gets in: each preset against what its vendor published, and against what it must refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.webhook.request import WebhookRequest
from functions.webhook.signatures import Scheme, why_unsigned
from layers.runtime.store import Store
from layers.runtime.store.routes import put_route, routes_of_path
from tests.functions.fakes import FakeClock, FakeStepFunctions

Sender = Callable[..., Any]
Opener = Callable[..., None]
CANARY = "canary-5d1c0f"
BODY = '{"total": 30}'

STRIPE_BODY = """\
{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
"""
SLACK_BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
PUBLISHED: Mapping[str, tuple[str, str, int, Mapping[str, str]]] = {
    # docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
    "github": (
        "It's a Secret to Everybody",
        "Hello, World!",
        0,
        {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
    ),
    # github.com/stripe/stripe-dotnet, src/StripeTests/Services/Events/EventUtilityTest.cs and
    # src/StripeTests/Resources/event_test_signature.json.
    "stripe": (
        "webhook_secret",
        STRIPE_BODY,
        1533204620,
        {
            "stripe-signature": "t=1533204620,"
            "v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7,"
            "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"
        },
    ),
    # docs.slack.dev, "Verifying requests from Slack".
    "slack": (
        "8f742231b10e8888abcd99yyyzzz85a5",
        SLACK_BODY,
        1531420618,
        {
            "x-slack-request-timestamp": "1531420618",
            "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        },
    ),
    # github.com/standard-webhooks/standard-webhooks, the test of `sign` in every library.
    "standard_webhooks": (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        '{"test": 2432232314}',
        1614265330,
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
    ),
}


@dataclass(frozen=True)
class Example:
    """Sends a vendor's published example, changed as a test says."""

    preset: str
    send: Sender

    @property
    def headers(self) -> Mapping[str, str]:
        return PUBLISHED[self.preset][3]

    def __call__(self, change: Mapping[str, str] | None = None, more: str = "") -> Any:
        headers = {"content-type": "text/plain", **self.headers, **(change or {})}
        return self.send(PUBLISHED[self.preset][1] + more, headers=headers)


@pytest.fixture
def published(
    request: pytest.FixtureRequest, opened: Opener, send: Sender, secrets: dict[str, str], clock: FakeClock
) -> Example:
    """A webhook that verifies by a preset, on the day of its example."""
    preset: str = request.param
    secret, _, sent_at, _ = PUBLISHED[preset]
    clock.now = datetime.fromtimestamp(sent_at or clock.seconds(), UTC)
    secrets["hook"] = secret
    opened(verify={"preset": preset, "secret": "hook"})
    return Example(preset, send)


EVERY = pytest.mark.parametrize("published", PUBLISHED, indirect=True)
TIMED = pytest.mark.parametrize("published", sorted({*PUBLISHED} - {"github"}), indirect=True)


@EVERY
def test_the_example_that_the_vendor_published_is_accepted(published: Example) -> None:
    assert published()["statusCode"] == 202


@EVERY
def test_a_body_that_differs_in_one_character_is_refused(published: Example) -> None:
    answered = published(more=" ")
    assert (answered["statusCode"], answered["json"]["code"]) == (401, "not_verified")


@EVERY
def test_each_header_of_a_proof_is_needed_and_must_be_what_was_signed(published: Example) -> None:
    for name, given in published.headers.items():
        value = given.partition(",v0=")[0]  # Stripe's v0 is for its test mode, and not looked at
        for wrong in ("", value[:-3] + "abc", value[:-1], "nonsense", "ü"):
            assert published({name: wrong})["statusCode"] == 401, (name, wrong)


@TIMED
def test_a_signature_is_taken_up_to_the_tolerance_and_not_a_second_longer(
    published: Example, clock: FakeClock, opened: Opener
) -> None:
    begun = clock.now
    for seconds, status in ((299, 202), (301, 401), (-301, 401)):
        clock.now = begun
        clock.pass_seconds(seconds)
        answered = published()
        assert answered["statusCode"] == status, seconds
    assert "301 seconds" in answered["json"]["detail"]


@EVERY
def test_while_a_secret_is_replaced_both_are_taken(
    published: Example, store: Store, secrets: dict[str, str]
) -> None:
    [route] = routes_of_path(store, "orders/eu")
    secrets["new"] = "another secret"
    for names, status in ((["new", "hook"], 202), (["new"], 401)):
        store.table.write([put_route(store, replace(route, verify={**route.verify, "secret": names}))])
        assert published()["statusCode"] == status


def test_of_several_signatures_one_has_to_fit(
    opened: Opener, send: Sender, secrets: dict[str, str], clock: FakeClock
) -> None:
    secret, body, sent_at, headers = PUBLISHED["standard_webhooks"]
    secrets["hook"], clock.now = secret, datetime.fromtimestamp(sent_at, UTC)
    opened(verify={"preset": "standard_webhooks", "secret": "hook"})
    several = f"v1a,AAAA v1,BBBB {headers['webhook-signature']}"
    assert send(body, headers={**headers, "webhook-signature": several})["statusCode"] == 202


# RFC 4231, section 4.3 (test case 2): the key "Jefe" and the data "what do ya want for nothing?".
RFC_4231 = {
    "sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e22"
    "40ca5e69e2c78b3239ecfab21649",
    "sha512": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758b"
    "f75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    # RFC 2202, section 3, test case 2: the same with SHA-1.
    "sha1": "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
}


@pytest.mark.parametrize("algorithm", RFC_4231)
@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_a_signature_of_ones_own_is_made_of_a_hash_and_an_encoding(
    algorithm: str, encoding: str, opened: Opener, send: Sender, secrets: dict[str, str]
) -> None:
    secrets["hook"] = "Jefe"
    opened(verify={"preset": "hmac", "secret": "hook", "algorithm": algorithm, "encoding": encoding})
    given = RFC_4231[algorithm]
    if encoding == "base64":
        given = base64.b64encode(bytes.fromhex(given)).decode()
    headers = {"content-type": "text/plain", "x-signature": given}
    assert send("what do ya want for nothing?", headers=headers)["statusCode"] == 202
    assert send("what do ya want for nothing!", headers=headers)["statusCode"] == 401


def test_a_template_says_what_is_signed(
    opened: Opener, send: Sender, secrets: dict[str, str], clock: FakeClock
) -> None:
    secrets["hook"] = CANARY
    template = "{method} {path} {timestamp}:{id}:{body}"
    opened(
        verify={
            "preset": "hmac",
            "secret": "hook",
            "header": "X-Proof",
            "prefix": "v9=",
            "template": template,
            "timestamp_header": "X-Time",
            "id_header": "X-Id",
        }
    )
    sent_at = str(int(clock.seconds()))
    content = f"POST /webhooks/orders/eu {sent_at}:d1:{BODY}"
    proof = hmac.new(CANARY.encode(), content.encode(), hashlib.sha256).hexdigest()
    headers = {"x-time": sent_at, "x-id": "d1", "x-proof": f"v9={proof}"}
    assert send(BODY, headers=headers)["statusCode"] == 202
    for change in ({"x-id": "d2"}, {"x-time": "1"}, {"x-proof": proof}):
        assert send(BODY, headers={**headers, **change})["statusCode"] == 401


@pytest.mark.parametrize(
    ("verify", "good", "bad"),
    [
        ({"preset": "header", "header": "X-Shop"}, {"x-shop": CANARY}, {"x-shop": CANARY[:-1]}),
        ({"preset": "api_key"}, {"x-api-key": CANARY}, {"x-api-key": "other"}),
        ({"preset": "bearer"}, {"authorization": f"Bearer {CANARY}"}, {"authorization": f"Basic {CANARY}"}),
        (
            {"preset": "basic"},
            # RFC 7617, section 2: user "Aladdin", password "open sesame".
            {"authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
            {"authorization": "Basic QWxhZGRpbjpvcGVu"},
        ),
    ],
    ids=["header", "api_key", "bearer", "basic"],
)
def test_a_sender_with_the_secret_itself_gets_in_and_no_run_sees_it(
    verify: dict[str, str],
    good: Mapping[str, str],
    bad: Mapping[str, str],
    opened: Opener,
    send: Sender,
    secrets: dict[str, str],
    step_functions: FakeStepFunctions,
) -> None:
    secrets["hook"] = "Aladdin:open sesame" if verify["preset"] == "basic" else CANARY
    opened(verify={**verify, "secret": "hook"})
    refused = [send(BODY), send(BODY, headers=bad), send(BODY, headers=dict.fromkeys(good, "ü"))]
    assert [answered["statusCode"] for answered in refused] == [401, 401, 401]
    is_challenged = verify["preset"] in {"basic", "bearer"}
    assert all(("www-authenticate" in answered["headers"]) is is_challenged for answered in refused)
    assert send(BODY, headers=good)["statusCode"] == 202
    [execution] = step_functions.executions.values()
    assert all(value not in execution["input"] for value in (*good.values(), CANARY))


def test_a_key_in_the_query_is_hidden_from_the_run_too(
    opened: Opener, send: Sender, secrets: dict[str, str], step_functions: FakeStepFunctions
) -> None:
    secrets["hook"] = CANARY
    opened(verify={"preset": "api_key", "secret": "hook", "parameter": "key"})
    assert send(BODY, query="key=other")["statusCode"] == 401
    assert send(BODY, query=f"key={CANARY}&key={CANARY}")["statusCode"] == 401
    assert send(BODY, query=f"key={CANARY}&page=2")["statusCode"] == 202
    [execution] = step_functions.executions.values()
    assert CANARY not in execution["input"]
    assert '"query":{"page":"2"}' in execution["input"]


@pytest.mark.parametrize(
    "preset", ["header", "hmac", "github", "stripe", "slack", "standard_webhooks", "basic"]
)
def test_no_refusal_shows_the_secret_or_the_signature_that_would_have_fitted(
    preset: str, opened: Opener, send: Sender, secrets: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    secrets["hook"] = CANARY
    opened(
        verify={"preset": preset, "secret": "hook", **({"header": "x-shop"} if preset == "header" else {})}
    )
    right = hmac.new(CANARY.encode(), BODY.encode(), hashlib.sha256).hexdigest()
    proofs = ("x-shop", "x-signature", "x-hub-signature-256", "stripe-signature", "authorization")
    answered = send(BODY, headers={**dict.fromkeys(proofs, "sha256=00"), "authorization": "Basic AAAA"})
    assert answered["statusCode"] == 401
    logged = "".join(capfd.readouterr())
    for text in (answered["body"], logged):
        assert CANARY not in text
        assert right not in text


def test_a_request_with_thousands_of_signatures_costs_few_comparisons() -> None:
    request = WebhookRequest("POST", "x", {"s": " ".join(["v1,AAAA"] * 100_000)}, {}, b"")
    scheme = Scheme("s", prefix="v1,", separator=" ")
    assert why_unsigned(request, scheme, ["key"], 300, 0.0) is not None
