"""Decides who a request comes from, by its bearer token."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from layers.runtime.json_value import JsonValue
from layers.runtime.principal import Principal
from layers.runtime.settings import Settings


def decide(event: Mapping[str, Any], settings: Settings) -> dict[str, JsonValue]:
    """The simple response of an HTTP API authorizer: allowed with the principal, or not.

    Without a development token in the settings nobody is allowed.
    """
    token = bearer_token(event)
    if token is None or settings.development_token is None:
        return {"isAuthorized": False}
    if not hmac.compare_digest(token.encode(), settings.development_token.encode()):
        return {"isAuthorized": False}
    principal = Principal("developer", settings.project, ("admin",))
    return {"isAuthorized": True, "context": {"principal": principal.to_json()}}


def bearer_token(event: Mapping[str, Any]) -> str | None:
    """The token of `Authorization: Bearer <token>` (RFC 6750); header names may be in any case."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    scheme, _, token = str(headers.get("authorization", "")).partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
