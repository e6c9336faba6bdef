"""What a function's answer becomes over HTTP: payload format 2.0 of HTTP APIs.

Source: "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway developer guide.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from werkzeug.wrappers import Response

from infra.local.functions.invocation import Outcome
from translator.json_value import JsonValue


def message(status: int, text: str) -> Response:
    """An answer of API Gateway's own."""
    return Response(
        json.dumps({"message": text}, separators=(",", ":")), status, content_type="application/json"
    )


def response_of(outcome: Outcome) -> Response:
    """The response to the caller; a failed or malformed answer is a 500 that says nothing of its inside."""
    if outcome.function_error is not None:
        return message(500, "Internal Server Error")
    try:
        answer: JsonValue = json.loads(outcome.payload)
        if isinstance(answer, Mapping) and "statusCode" in answer:
            return _declared(answer)
        return _inferred(answer)
    except (ValueError, TypeError, binascii.Error):
        return message(500, "Internal Server Error")


def _inferred(answer: JsonValue) -> Response:
    body = (
        answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    )
    return Response(body, 200, content_type="application/json")


def _declared(answer: Mapping[str, JsonValue]) -> Response:
    body = answer.get("body", "")
    if body is None:
        body = ""
    if not isinstance(body, str):
        raise TypeError("a body is text")
    content = (
        base64.b64decode(body, validate=True) if answer.get("isBase64Encoded") is True else body.encode()
    )
    response = Response(content, _status(answer["statusCode"]), content_type="text/plain; charset=utf-8")
    _set_headers(response, answer.get("headers"))
    cookies = answer.get("cookies")
    if isinstance(cookies, list):
        for cookie in cookies:
            response.headers.add("Set-Cookie", str(cookie))
    return response


def _set_headers(response: Response, headers: JsonValue) -> None:
    if headers is None:
        return
    if not isinstance(headers, Mapping):
        raise TypeError("headers are an object")
    for name, value in headers.items():
        if name.lower() != "content-length":
            response.headers[name] = _header_text(value)


def _header_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _status(value: JsonValue) -> int:
    status = int(value) if isinstance(value, str | int) else 0
    if not 100 <= status <= 599:
        raise ValueError("not a status code")
    return status
