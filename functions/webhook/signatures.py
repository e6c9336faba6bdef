"""Signatures over requests: what each vendor signs, how it writes it, and whether a request bears it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from functions.webhook.request import WebhookRequest
from layers.runtime.json_value import JsonObject

MOST_SIGNATURES: Final = 20
"""Of one request that are looked at."""
_PLACEHOLDER: Final = re.compile(r"\{(body|timestamp|id|method|path)\}")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a signature is made; names of headers in lower case, empty where there is none."""

    header: str
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    template: str = "{body}"
    timestamp_header: str = ""
    id_header: str = ""
    separator: str = ""
    """Between several signatures in the header."""
    is_in_fields: bool = False
    """Whether the header holds `t=<time>` and signatures, each with its name (Stripe)."""
    has_base64_secret: bool = False


SCHEMES: Final[Mapping[str, Scheme]] = MappingProxyType(
    {
        # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        "github": Scheme("x-hub-signature-256", prefix="sha256="),
        # https://docs.stripe.com/webhooks#verify-manually
        "stripe": Scheme(
            "stripe-signature", prefix="v1=", template="{timestamp}.{body}", separator=",", is_in_fields=True
        ),
        # https://docs.slack.dev/authentication/verifying-requests-from-slack
        "slack": Scheme(
            "x-slack-signature",
            prefix="v0=",
            template="v0:{timestamp}:{body}",
            timestamp_header="x-slack-request-timestamp",
        ),
        # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
        "standard_webhooks": Scheme(
            "webhook-signature",
            encoding="base64",
            prefix="v1,",
            template="{id}.{timestamp}.{body}",
            timestamp_header="webhook-timestamp",
            id_header="webhook-id",
            separator=" ",
            has_base64_secret=True,
        ),
        "hmac": Scheme("x-signature"),
    }
)


def scheme_of(settings: JsonObject) -> Scheme:
    """The scheme of a trigger's `verify`, whose preset is one of `SCHEMES`."""
    preset = SCHEMES[str(settings["preset"])]
    header = str(settings.get("header") or preset.header).lower()
    if settings["preset"] != "hmac":
        return Scheme(**{name: getattr(preset, name) for name in Scheme.__slots__} | {"header": header})
    algorithm = str(settings.get("algorithm") or preset.algorithm)
    return Scheme(
        header=header,
        algorithm=algorithm,
        encoding=str(settings.get("encoding") or preset.encoding),
        prefix=str(settings.get("prefix") or ""),
        template=str(settings.get("template") or preset.template),
        timestamp_header=str(settings.get("timestamp_header") or "").lower(),
        id_header=str(settings.get("id_header") or "").lower(),
    )


def why_unsigned(
    request: WebhookRequest, scheme: Scheme, secrets: Sequence[str], tolerance: int, now: float
) -> str | None:
    """Why a request is not signed with one of the secrets, None if it is; `now` in epoch seconds.

    Whatever is compared is compared in constant time, with each secret.
    """
    given = request.headers.get(scheme.header, "")
    if not given:
        return f"the header '{scheme.header}' is missing"
    sent_at = _sent_at(request, scheme, given)
    if sent_at is not None:
        if not _SECONDS.fullmatch(sent_at):
            return "the time of sending is missing, or is not in epoch seconds"
        if abs(now - int(sent_at)) > tolerance:
            return (
                f"it was signed {abs(now - int(sent_at)):.0f} seconds away from now; {tolerance} are allowed"
            )
    if scheme.id_header and not request.headers.get(scheme.id_header):
        return f"the header '{scheme.id_header}' is missing"
    content = _signed_content(request, scheme, sent_at or "")
    candidates = list(_candidates(scheme, given))[:MOST_SIGNATURES]
    matches = [
        hmac.compare_digest(candidate, _signature(scheme, secret, content))
        for secret in secrets
        for candidate in candidates
    ]
    return None if any(matches) else f"no signature in '{scheme.header}' is one of the body as it came"


def signed_digest(request: WebhookRequest, scheme: Scheme) -> str:
    """A digest of what a request's signature is over; other signatures beside it change nothing."""
    sent_at = _sent_at(request, scheme, request.headers.get(scheme.header, ""))
    return hashlib.sha256(_signed_content(request, scheme, sent_at or "")).hexdigest()


def _sent_at(request: WebhookRequest, scheme: Scheme, given: str) -> str | None:
    """The text of the signed time, None where the scheme has none."""
    if scheme.is_in_fields:
        times = [part.strip()[2:] for part in given.split(scheme.separator) if part.strip().startswith("t=")]
        return times[0] if len(times) == 1 else ""
    return request.headers.get(scheme.timestamp_header, "") if scheme.timestamp_header else None


def _signed_content(request: WebhookRequest, scheme: Scheme, sent_at: str) -> bytes:
    values = {
        "body": request.body,
        "timestamp": sent_at.encode(),
        "id": request.headers.get(scheme.id_header, "").encode(),
        "method": request.method.encode(),
        "path": f"/webhooks/{request.path}".encode(),
    }
    # Every second part of what the pattern splits is a placeholder's name.
    parts = _PLACEHOLDER.split(scheme.template)
    return b"".join(values[part] if place % 2 else part.encode() for place, part in enumerate(parts))


def _candidates(scheme: Scheme, given: str) -> Iterator[bytes]:
    for text in given.split(scheme.separator) if scheme.separator else (given,):
        candidate = text.strip()
        if not candidate.startswith(scheme.prefix):
            continue
        bare = candidate.removeprefix(scheme.prefix)
        if not scheme.prefix:  # many senders name the algorithm before the signature, as GitHub does
            bare = bare.removeprefix(f"{scheme.algorithm}=")
        yield (bare.lower() if scheme.encoding == "hex" else bare).encode()


def _signature(scheme: Scheme, secret: str, content: bytes) -> bytes:
    digest = hmac.new(_key(scheme, secret), content, getattr(hashlib, scheme.algorithm)).digest()
    return digest.hex().encode() if scheme.encoding == "hex" else base64.b64encode(digest)


def _key(scheme: Scheme, secret: str) -> bytes:
    if not scheme.has_base64_secret:
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return secret.encode()
