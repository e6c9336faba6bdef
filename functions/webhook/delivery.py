"""What names a delivery, so that the same one, sent again, starts no second run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from functions.webhook.request import WebhookRequest
from functions.webhook.signatures import SCHEMES, scheme_of, signed_digest
from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.store.routes import Route

LONGEST_ID: Final = 200
"""Characters of a delivery's id that its key holds as they are."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The key of one delivery within its workflow, and what must be the same when it comes again."""

    key: str
    digest: str = "delivery"


def delivery_of(request: WebhookRequest, route: Route, body: JsonValue) -> Delivery | None:
    """What names a verified request: the trigger's `idempotency`, else what its preset sends with each.

    None where nothing does. What was signed counts instead of an id that anybody could change: with
    `replays: refuse`, and where a time is signed and no id. Raises RequestError (400) if the declared one is
    missing.
    """
    declared = route.options.get("idempotency")
    if isinstance(declared, Mapping):
        sent = hashlib.sha256(request.body).hexdigest()
        return Delivery(_key(route, "own", _declared(request, body, declared)), sent)
    verify = route.verify
    preset = str(verify.get("preset") or "none")
    if preset not in SCHEMES:
        return None
    given = None if verify.get("replays") == "refuse" else _id_of_preset(request, preset, verify, body)
    if given:
        return Delivery(_key(route, "id", given))
    scheme = scheme_of(verify)
    if verify.get("replays") == "refuse" or scheme.timestamp_header or scheme.is_in_fields:
        return Delivery(_key(route, "signed", signed_digest(request, scheme)))
    return None


def _id_of_preset(request: WebhookRequest, preset: str, verify: JsonObject, body: JsonValue) -> str | None:
    """The delivery's id as each vendor sends it; sent again, it is the same."""
    if preset == "github":
        return request.headers.get("x-github-delivery")
    if preset == "standard_webhooks":
        return request.headers.get("webhook-id")
    if preset == "hmac":
        header = verify.get("id_header")
        return request.headers.get(str(header).lower()) if header else None
    name = {"stripe": "id", "slack": "event_id"}[preset]
    given = body.get(name) if isinstance(body, Mapping) else None
    return given if isinstance(given, str) else None


def _declared(request: WebhookRequest, body: JsonValue, declared: JsonObject) -> str:
    header, field = declared.get("header"), declared.get("field")
    if header is not None:
        found: JsonValue = request.headers.get(str(header).lower())
        place = f"header '{header}'"
    else:
        found, place = body, f"field '{field}' of the body"
        for name in str(field).split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not found:
        raise _missing(place)
    return found


def _key(route: Route, kind: str, given: str) -> str:
    whole = f"{route.trigger}/{kind}/{given}"
    if len(given) <= LONGEST_ID and given.isascii():
        return whole
    return f"{route.trigger}/{kind}/sha256:{hashlib.sha256(given.encode()).hexdigest()}"


def _missing(place: str) -> RequestError:
    return RequestError(
        Problem(
            400,
            "delivery_id_missing",
            "Delivery id missing",
            f"The {place} is to name the delivery, and holds no text or whole number.",
            "Send the same id with every repeat of a delivery, and another one with every other.",
        )
    )
