"""A request as API Gateway gives it to a function: payload format 2.0 of HTTP APIs.

Source: "Create AWS Lambda proxy integrations for HTTP APIs" and "Control access to HTTP APIs with AWS Lambda
authorizers" in the API Gateway developer guide. The path arrives decoded; keys without a value are left out.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, Final

from werkzeug.wrappers import Request

from infra.local.front.route import Match
from infra.local.names import ACCOUNT, REGION

API_ID: Final = "local"
_TEXT_TYPES: Final = frozenset({"application/json", "application/javascript", "application/xml"})


def proxy_event(
    request: Request, match: Match, request_id: str, now: float, authorizer: object
) -> dict[str, Any]:
    """The event of a route's function; `authorizer` is the context that the authorizer gave, or None."""
    event = _shared(request, match, request_id, now)
    if authorizer is not None:
        event["requestContext"]["authorizer"] = {"lambda": authorizer}
    body, encoded = _body(request)
    if body:
        event["body"] = body
    event["isBase64Encoded"] = encoded
    return event


def authorizer_event(
    request: Request, match: Match, request_id: str, now: float, identity: list[str]
) -> dict[str, Any]:
    """The event of the Lambda authorizer: no body, and the values of its identity sources."""
    path = request.path.removeprefix("/")
    arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/$default/{request.method}/{path}"
    event = _shared(request, match, request_id, now)
    return {**event, "type": "REQUEST", "routeArn": arn, "identitySource": identity}


def _shared(request: Request, match: Match, request_id: str, now: float) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.key,
        "rawPath": request.path,
        "rawQueryString": request.query_string.decode("latin-1"),
        "headers": _headers(request),
        "requestContext": _context(request, match, request_id, now),
    }
    if cookies := request.headers.get("Cookie"):
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if request.args:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in request.args.lists()}
    if match.parameters:
        event["pathParameters"] = dict(match.parameters)
    return event


def _headers(request: Request) -> dict[str, str]:
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() != "cookie"}
    headers.setdefault("content-length", "0")
    address = request.remote_addr or "127.0.0.1"
    forwarded = headers.get("x-forwarded-for")
    headers["x-forwarded-for"] = f"{forwarded}, {address}" if forwarded else address
    headers.setdefault("x-forwarded-proto", "http")
    headers.setdefault("x-forwarded-port", request.host.rpartition(":")[2])
    return headers


def _context(request: Request, match: Match, request_id: str, now: float) -> dict[str, Any]:
    moment = datetime.fromtimestamp(now, UTC)
    host = request.host.partition(":")[0]
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
            "sourceIp": request.remote_addr or "127.0.0.1",
            "userAgent": request.headers.get("User-Agent", ""),
        },
        "requestId": request_id,
        "routeKey": match.key,
        "stage": "$default",
        "time": moment.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now * 1000),
    }


def _body(request: Request) -> tuple[str, bool]:
    content = request.get_data()
    if not content:
        return "", False
    if _is_text(request.mimetype) and not request.headers.get("Content-Encoding"):
        try:
            return content.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(content).decode(), True


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type in _TEXT_TYPES or media_type.endswith("+json")
