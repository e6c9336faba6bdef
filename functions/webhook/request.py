"""A webhook's request, read from API Gateway's event (payload format 2.0)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote

PREFIX: Final = "/webhooks/"


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """What the sender sent."""

    method: str
    path: str
    """Below `/webhooks/`, decoded, without slashes at its ends."""
    headers: Mapping[str, str]
    """Names in lower case; repeated ones joined with a comma, as API Gateway does it."""
    query: Mapping[str, str | list[str]]
    """A name given several times has a list."""
    body: bytes
    source_ip: str = ""
    """Of the connection, as API Gateway saw it."""

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty if none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def read_request(event: Mapping[str, Any]) -> WebhookRequest:
    """The request of an HTTP API event."""
    http = event["requestContext"]["http"]
    body = event.get("body") or ""
    return WebhookRequest(
        method=http["method"].upper(),
        path=_path(event),
        headers={name.lower(): str(value) for name, value in (event.get("headers") or {}).items()},
        query=_query(event),
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
        source_ip=str(http.get("sourceIp", "")),
    )


def single_or_list(fields: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    """Names with one value have that value, others the list."""
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _path(event: Mapping[str, Any]) -> str:
    proxy = (event.get("pathParameters") or {}).get("proxy")
    if proxy is None:
        proxy = unquote(str(event["rawPath"])).partition(PREFIX)[2]
    return str(proxy).strip("/")


def _query(event: Mapping[str, Any]) -> dict[str, str | list[str]]:
    raw = event.get("rawQueryString")
    if raw:
        return single_or_list(parse_qs(raw, keep_blank_values=True, errors="replace"))
    return dict(event.get("queryStringParameters") or {})
