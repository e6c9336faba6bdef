"""What an EventBridge connection adds to the request of an HTTP Task (EventBridge API: CreateConnection)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from botocore.exceptions import ClientError

from infra.local.aws.clients import Clients

_AUTHORIZED: Final = "AUTHORIZED"
_FORM: Final = "application/x-www-form-urlencoded"

Send = Callable[[str, str, Mapping[str, str], bytes], bytes]
"""Method, URL, headers and content in, the content of the answer out; raises ConnectionUnusable."""


class ConnectionUnusable(Exception):  # noqa: N818 (the service's errors name the connection)
    """`error` is the name of the task's error."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(error, cause)
        self.error = f"Events.ConnectionResource.{error}"
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Additions:
    """Headers, query parameters and fields of the body that a connection adds; all of them are secrets."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)


def read_connection(clients: Clients, arn: str, send: Send) -> Additions:
    """What the connection adds. Raises ConnectionUnusable."""
    name = arn.partition(":connection/")[2].partition("/")[0]
    try:
        found = clients.of("events").describe_connection(Name=name) if name else {}
    except ClientError as error:
        raise ConnectionUnusable("ResourceNotFound", str(error)) from error
    if found.get("ConnectionArn") != arn:
        raise ConnectionUnusable("ResourceNotFound", f"There is no connection '{arn}'.")
    if found["ConnectionState"] != _AUTHORIZED:
        state = found["ConnectionState"]
        raise ConnectionUnusable("InvalidConnectionState", f"The connection '{arn}' is {state}.")
    secret = clients.of("secretsmanager").get_secret_value(SecretId=found["SecretArn"])
    return _additions(found["AuthorizationType"], json.loads(secret["SecretString"]), send)


def _additions(kind: str, secret: Mapping[str, Any], send: Send) -> Additions:
    added = _parameters(secret.get("invocation_http_parameters"))
    if kind == "API_KEY":
        return replace(added, headers={**added.headers, secret["api_key_name"]: secret["api_key_value"]})
    if kind == "BASIC":
        pair = f"{secret['username']}:{secret['password']}".encode()
        return _authorized(added, f"Basic {base64.b64encode(pair).decode()}")
    return _authorized(added, f"Bearer {_token(secret, send)}")


def _authorized(added: Additions, value: str) -> Additions:
    return replace(added, headers={**added.headers, "Authorization": value})


def _parameters(given: Mapping[str, Any] | None) -> Additions:
    parts = given or {}
    return Additions(
        *(
            _pairs(parts.get(name))
            for name in ("header_parameters", "query_string_parameters", "body_parameters")
        )
    )


def _pairs(given: Sequence[Mapping[str, Any]] | None) -> dict[str, str]:
    return {str(pair["key"]): str(pair["value"]) for pair in given or ()}


def _token(secret: Mapping[str, Any], send: Send) -> str:
    """An access token by the client credentials grant (RFC 6749, 4.4)."""
    more = _parameters(secret.get("o_auth_http_parameters") or secret.get("oauth_http_parameters"))
    client = secret.get("client_parameters") or secret
    fields = {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        **more.body,
    }
    query = f"?{urlencode(more.query)}" if more.query else ""
    method, endpoint = str(secret["http_method"]), str(secret["authorization_endpoint"])
    content = send(
        method, f"{endpoint}{query}", {"Content-Type": _FORM, **more.headers}, urlencode(fields).encode()
    )
    try:
        return str(json.loads(content)["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        cause = f"'{endpoint}' has given no access token."
        raise ConnectionUnusable("InvalidConnectionState", cause) from error
