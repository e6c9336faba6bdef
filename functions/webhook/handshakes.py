"""Answers senders that ask, before their first webhook, whether the address is meant to take them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from functions.webhook.request import WebhookRequest
from functions.webhook.verification import secret_names
from layers.runtime.answers import Answer, json_answer
from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject, NotJsonError, read_json
from layers.runtime.problems import bad_request
from layers.runtime.store.routes import Route

_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {"meta": "hub.challenge", "echo": "challenge", "crc": "crc_token"}
)
_CHALLENGE: Final = re.compile(r"[\x20-\x7e]{1,1000}")
"""What is echoed: printable ASCII, and not much of it."""

Secret = Callable[[str], str]


def handshake_of(request: WebhookRequest, route: Route) -> JsonObject | None:
    """The route's handshake if the request is one, by the parameter's name.

    `meta` and `crc` are asked by GET, `echo` by GET or the trigger's own method.
    """
    handshake = route.options.get("handshake")
    if not isinstance(handshake, Mapping) or _parameter(handshake) not in request.query:
        return None
    is_asked = request.method == "GET" or (handshake["preset"] == "echo" and request.method == route.method)
    return handshake if is_asked else None


def answer_handshake(request: WebhookRequest, handshake: JsonObject, secret: Secret) -> Answer:
    """The answer to a handshake; raises RequestError 400 for no challenge, 403 for a wrong token."""
    parameter = _parameter(handshake)
    challenge = request.query.get(parameter)
    if not isinstance(challenge, str) or not _CHALLENGE.fullmatch(challenge):
        raise bad_request(
            f"The parameter '{parameter}' is not one text of printable ASCII.",
            "Send the challenge once, with 1,000 characters at most.",
        )
    secrets = [secret(name) for name in secret_names(handshake.get("secret"))]
    if handshake["preset"] == "crc":
        # X: https://docs.x.com/x-api/account-activity/quickstart#crc
        digest = hmac.new(secrets[0].encode(), challenge.encode(), hashlib.sha256).digest()
        return json_answer(200, {"response_token": f"sha256={base64.b64encode(digest).decode()}"})
    if handshake["preset"] == "meta":
        # https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
        token = request.query.get("hub.verify_token")
        given = token.encode() if isinstance(token, str) else b""
        matches = [hmac.compare_digest(given, one.encode()) for one in secrets]
        if request.query.get("hub.mode") != "subscribe" or not any(matches):
            raise _wrong_token()
    return _echo(challenge)


def slack_challenge(request: WebhookRequest) -> Answer | None:
    """The answer to Slack's `url_verification`, whose signature was checked; None to any other request.

    https://docs.slack.dev/reference/events/url_verification
    """
    if b"url_verification" not in request.body:
        return None
    try:
        sent = read_json(request.body.decode())
    except (NotJsonError, UnicodeDecodeError):
        return None
    if not isinstance(sent, Mapping) or sent.get("type") != "url_verification":
        return None
    challenge = sent.get("challenge")
    if not isinstance(challenge, str) or not _CHALLENGE.fullmatch(challenge):
        raise bad_request("The body has no `challenge`.", "Send the challenge as Slack does.")
    return _echo(challenge)


def _parameter(handshake: JsonObject) -> str:
    return str(handshake.get("parameter") or _PARAMETERS[str(handshake["preset"])])


def _echo(challenge: str) -> Answer:
    headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
    return {"statusCode": 200, "headers": headers, "body": challenge, "isBase64Encoded": False}


def _wrong_token() -> RequestError:
    return RequestError(
        Problem(
            403,
            "handshake_refused",
            "Handshake refused",
            "The request asks to be recognised, but its `hub.verify_token` is not the trigger's secret.",
            "Give the sender the same verify token that is stored under the handshake's secret.",
        )
    )
