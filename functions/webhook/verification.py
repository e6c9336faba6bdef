"""Checks that a webhook comes from who knows the secret."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from functions.webhook.request import WebhookRequest
from functions.webhook.signatures import SCHEMES, scheme_of, why_unsigned
from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject, JsonValue

TOLERANCE_SECONDS: Final = 300
"""How far a signed time may lie from now (Standard Webhooks leaves it to the receiver)."""

_HEADERS: Final = {
    "header": "x-webhook-secret",
    "api_key": "x-api-key",
    "basic": "authorization",
    "bearer": "authorization",
}
_CHALLENGES: Final = {"basic": 'Basic realm="webhooks", charset="UTF-8"', "bearer": "Bearer"}
"""What a client is told with 401 (RFC 9110, 11.6.1)."""


def verify(request: WebhookRequest, settings: JsonObject, secret: Callable[[str], str], now: float) -> None:
    """Raises RequestError (401) unless the request fits the trigger's `verify`; `now` in epoch seconds.

    `secret` gives the text of a secret by its name; of several named ones each proves the sender.
    """
    preset = str(settings.get("preset") or "none")
    if preset == "none":
        return
    secrets = [secret(name) for name in secret_names(settings.get("secret"))]
    if preset in SCHEMES:
        tolerance = settings.get("tolerance_seconds")
        allowed = tolerance if isinstance(tolerance, int) else TOLERANCE_SECONDS
        reason = why_unsigned(request, scheme_of(settings), secrets, allowed, now)
    else:
        reason = _CREDENTIALS[preset](request, settings, secrets)
    if reason is not None:
        raise _not_verified(preset, reason)


def secret_names(given: JsonValue) -> Sequence[str]:
    """The names of `secret`: one, several, or none."""
    if given is None:
        return ()
    return [str(name) for name in given] if isinstance(given, list | tuple) else [str(given)]


def proof_headers(settings: JsonObject) -> frozenset[str]:
    """The headers that carry the proof, in lower case: no run is to see them."""
    preset = str(settings.get("preset") or "none")
    if preset == "none":
        return frozenset()
    if preset in SCHEMES:
        return frozenset({scheme_of(settings).header})
    return frozenset({_header(settings)})


def proof_parameter(settings: JsonObject) -> str | None:
    """The query parameter that carries the proof."""
    named = settings.get("parameter")
    return None if named is None else str(named)


def _header(settings: JsonObject) -> str:
    return str(settings.get("header") or _HEADERS[str(settings["preset"])]).lower()


def _same_text(request: WebhookRequest, settings: JsonObject, secrets: Sequence[str]) -> str | None:
    parameter = proof_parameter(settings)
    if parameter is not None:
        value = request.query.get(parameter)
        given, where = value if isinstance(value, str) else "", f"query parameter '{parameter}'"
    else:
        given, where = request.headers.get(_header(settings), ""), f"header '{_header(settings)}'"
    if not given:
        return f"the {where} is missing"
    return None if _is_one_of(given, secrets) else f"the {where} does not hold the secret"


def _basic(request: WebhookRequest, settings: JsonObject, secrets: Sequence[str]) -> str | None:
    """RFC 7617; the secret is `user:password`."""
    scheme, _, encoded = request.headers.get(_header(settings), "").partition(" ")
    if scheme.lower() != "basic":
        return "the header 'authorization' holds no Basic credentials"
    try:
        given = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "the Basic credentials are not base64 of UTF-8 text"
    return None if _is_one_of(given, secrets) else "the user or the password is wrong"


def _bearer(request: WebhookRequest, settings: JsonObject, secrets: Sequence[str]) -> str | None:
    """RFC 6750, with the secret itself as the token."""
    scheme, _, token = request.headers.get(_header(settings), "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return "the header 'authorization' holds no Bearer token"
    return None if _is_one_of(token.strip(), secrets) else "the token is not the one expected"


def _is_one_of(given: str, secrets: Sequence[str]) -> bool:
    matches = [hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets]
    return any(matches)


_CREDENTIALS: Final[Mapping[str, Callable[[WebhookRequest, JsonObject, Sequence[str]], str | None]]] = {
    "header": _same_text,
    "api_key": _same_text,
    "basic": _basic,
    "bearer": _bearer,
}


def _not_verified(preset: str, reason: str) -> RequestError:
    challenge = _CHALLENGES.get(preset)
    return RequestError(
        Problem(
            401,
            "not_verified",
            "Not verified",
            f"The request does not prove its sender (preset '{preset}'): {reason}.",
            "Check the secret on both sides, the header that carries the proof, and the sender's clock; sign "
            "the body byte by byte as it is sent.",
            headers={"www-authenticate": challenge} if challenge else {},
        )
    )
