"""Checks that a webhook comes from who knows the secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from functions.webhook.request import WebhookRequest
from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject

TOLERANCE_SECONDS: Final = 300
"""How far a signed time may lie from now (Standard Webhooks leaves it to the receiver)."""

DEFAULT_HEADERS: Final = {
    "header": "x-webhook-secret",
    "hmac": "x-signature",
    "github": "x-hub-signature-256",
    "standard_webhooks": "webhook-signature",
}


def verify(request: WebhookRequest, settings: JsonObject, secret: Callable[[str], str], now: float) -> None:
    """Raises RequestError (401) unless the request fits the trigger's `verify`; `now` in epoch seconds.

    `secret` gives the text of a secret by its name.
    """
    preset = str(settings.get("preset") or "none")
    if preset == "none":
        return
    key = secret(str(settings["secret"]))
    given = request.headers.get(proof_header(settings), "")
    if not _CHECKS[preset](request, given, key, now):
        raise _not_verified(preset)


def proof_header(settings: JsonObject) -> str:
    """The header that carries the proof, in lower case; empty for preset `none`."""
    named = settings.get("header") or DEFAULT_HEADERS.get(str(settings.get("preset")), "")
    return str(named).lower()


def _same_secret(request: WebhookRequest, given: str, key: str, now: float) -> bool:
    del request, now
    return hmac.compare_digest(given.encode(), key.encode())


def _hex_signature(request: WebhookRequest, given: str, key: str, now: float) -> bool:
    """GitHub's `sha256=<hex>`, and the plain hex of a generic HMAC."""
    del now
    expected = hmac.new(key.encode(), request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.strip().lower().removeprefix("sha256=").encode(), expected.encode())


def _standard_webhooks(request: WebhookRequest, given: str, key: str, now: float) -> bool:
    """Standard Webhooks 1.0: base64 HMAC-SHA256 of `id.timestamp.body`, one of several `v1,` signatures."""
    message = request.headers.get("webhook-id", "")
    sent_at = request.headers.get("webhook-timestamp", "")
    if not message or not sent_at.isdecimal() or abs(now - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    try:
        raw_key = base64.b64decode(key.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raw_key = key.encode()
    signed = f"{message}.{sent_at}.".encode() + request.body
    expected = base64.b64encode(hmac.new(raw_key, signed, hashlib.sha256).digest())
    return any(
        hmac.compare_digest(signature.removeprefix("v1,").encode(), expected)
        for signature in given.split()
        if signature.startswith("v1,")
    )


_CHECKS: Final = {
    "header": _same_secret,
    "hmac": _hex_signature,
    "github": _hex_signature,
    "standard_webhooks": _standard_webhooks,
}


def _not_verified(preset: str) -> RequestError:
    return RequestError(
        Problem(
            401,
            "not_verified",
            "Not verified",
            f"The request does not prove its sender (preset '{preset}').",
            "Check the secret on both sides, the header that carries the proof, and the sender's clock.",
        )
    )
