"""http_request: calls an HTTP service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, ClassVar, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from translator.error_classes import NodeError, Permission, System, Throttled, Timeout, Validation
from translator.json_value import JsonObject, JsonValue
from translator.node_type import Effect, Fixed, Invoking, NodeType, Parameters, RunContext, Template, checked
from translator.work.http_message import Answer, Request

LONGEST_WAIT_SECONDS: Final = 5.0
"""How long a Retry-After is waited for inside the attempt; a longer one is left to the retry policy."""
MARGIN_SECONDS: Final = 2.0
"""How much earlier than its state the node gives up, so that it is the one to say what happened."""
_READS: Final = ("GET", "HEAD", "OPTIONS")
_EXCERPT: Final = 300


def _http_url(url: str) -> str:
    if "{%" in url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{url}" is not the address of an HTTP service: begin it with https:// and a host')
    return url


def _field_value(value: str | float | bool) -> str | float | bool:
    if isinstance(value, str) and ("\r" in value or "\n" in value):
        raise ValueError("a header cannot hold a line break")
    return value


StatusPattern = Annotated[str, StringConstraints(pattern=r"^[1-5]xx$")]
Scalar = str | int | float | bool


class HttpRequestParameters(Parameters):
    """The request, and what counts as an answer."""

    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Annotated[str, AfterValidator(_http_url)]
    query: dict[str, Scalar | list[Scalar] | None] | str = Field(default_factory=dict)
    """Added to the URL; a list repeats the name, null leaves it out."""
    headers: dict[str, Annotated[Scalar, AfterValidator(_field_value)] | None] | str = Field(
        default_factory=dict
    )
    body: Template = None
    """Sent as JSON."""
    form: dict[str, Scalar | list[Scalar] | None] | str | None = None
    """Sent as application/x-www-form-urlencoded."""
    accept_status: Annotated[tuple[int | StatusPattern, ...], Field(min_length=1)] | str = ("2xx",)
    """Statuses that are an answer; `2xx` is a class of them."""
    response: Annotated[Literal["auto", "json", "text"], Fixed] = "auto"
    """How the answer's body is read: by its content type, or as promised here."""
    response_schema: Annotated[dict[str, Any] | bool | None, Fixed] = None
    """A JSON Schema of the answer's body: what reads it is checked against it, the answer itself is not."""
    max_response_bytes: Annotated[int, Field(ge=1, le=200_000)] = 200_000
    follow_redirects: bool = True
    idempotency_header: Annotated[str, Fixed, StringConstraints(pattern=r"^[A-Za-z0-9-]+$")] | None = (
        "Idempotency-Key"
    )
    """The header that tells the service that a request repeats another; null if it knows none."""

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if self.form is not None and "body" in self.model_fields_set:
            raise ValueError('give either "body" (JSON) or "form", not both')
        return self


class HttpRequest(NodeType):
    """Calls an HTTP service and gives `{"status": 200, "headers": {…}, "body": …}`.

    Header names are in lower case. The body is parsed if its content type is JSON, text if it is text,
    null if it is empty.

    What goes wrong is an error by class: no connection is Network; no answer within the node's time,
    or status 408, is Timeout; 401, 403 and 407 are Permission; 429, and 503 with a Retry-After, are
    Throttled; other 5xx are System; any other status that `accept_status` does not list is Validation,
    as is an answer that is not what it claims to be or larger than `max_response_bytes`.

    A node whose effect is `once` (the default of POST and PATCH) sends its key in the header
    `idempotency_header`, the same on every attempt, so that a service that honours it acts once. With
    `idempotency_header: null` a request that was sent and got no answer is the error OutcomeUnknown
    instead of Timeout or Network.
    """

    name: ClassVar[str] = "http_request"
    summary: ClassVar[str] = "Call an HTTP service"
    example: ClassVar[str] = """\
id: charge
type: http_request
name: Charge the card
parameters:
  method: POST
  url: https://payments.example.com/charges
  body:
    order: "{% $trigger.body.id %}"
    amount: "{% $totals.total %}"
timeout_seconds: 20
retry_policy: {preset: network}
"""
    Parameters: ClassVar[type[Parameters]] = HttpRequestParameters

    def __init__(self, wait: Callable[[float], None] = time.sleep) -> None:
        self._wait = wait

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """GET, HEAD and OPTIONS read, PUT and DELETE may be repeated, POST and PATCH may not."""
        method = str(parameters.get("method", "GET"))
        if method in _READS:
            return "read"
        return "idempotent" if method in ("PUT", "DELETE") else "once"

    def is_safe_to_repeat(self, parameters: Mapping[str, Any]) -> bool:
        """Where the key is sent along."""
        return parameters.get("idempotency_header", "") is not None

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject:
        """Status, headers, and the body as far as it is declared."""
        body = parameters.get("response_schema")
        if body is None:
            body = {"type": ["string", "null"]} if parameters.get("response") == "text" else {}
        return {
            "type": "object",
            "properties": {
                "status": {"type": "integer"},
                "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                "body": _under(body, "#/properties/body"),
            },
            "required": ["status", "headers", "body"],
            "additionalProperties": False,
        }

    def lower(self, parameters: Mapping[str, Any]) -> Invoking:
        """A Task; what only the translator asks for stays behind."""
        sent = {name: value for name, value in parameters.items() if name != "response_schema"}
        return Invoking(parameters=sent)

    def run(self, parameters: Mapping[str, Any], context: RunContext) -> JsonValue:
        """Sends the request; waits once for a short Retry-After if the node's time allows it."""
        request = checked(HttpRequestParameters, parameters)
        deadline = time.monotonic() + _own_seconds(context.timeout_seconds)
        try:
            return _answer_of(request, context, deadline)
        except Throttled as throttled:
            pause = throttled.retry_after
            if pause is None or pause > LONGEST_WAIT_SECONDS or time.monotonic() + pause >= deadline:
                raise
            self._wait(pause)
            return _answer_of(request, context, deadline)


def _under(schema: Any, place: str) -> Any:
    """A schema that stands inside another one: its references to itself lead to its new place."""
    if isinstance(schema, list):
        return [_under(inner, place) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: place + inner[1:]
        if key == "$ref" and isinstance(inner, str) and inner.startswith("#")
        else _under(inner, place)
        for key, inner in schema.items()
    }


def _own_seconds(timeout_seconds: float) -> float:
    # Above the whole attempt stands the state's own timeout, which knows nothing of what was sent.
    return timeout_seconds - min(MARGIN_SECONDS, timeout_seconds / 10)


def _answer_of(parameters: HttpRequestParameters, context: RunContext, deadline: float) -> JsonValue:
    # The HTTP library is needed where the node runs, not where it is compiled.
    from translator.work.http_exchange import exchange  # noqa: PLC0415

    request = _request(parameters, context)
    answer = exchange(request, deadline)
    if not _accepted(answer.status, parameters.accept_status):
        raise _refusal(request, answer)
    return {
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": _body(request, answer, parameters.response),
    }


def _request(parameters: HttpRequestParameters, context: RunContext) -> Request:
    headers = {
        name: _text(value)
        for name, value in _object("headers", parameters.headers).items()
        if value is not None
    }
    given = {name.lower() for name in headers}
    key_header = parameters.idempotency_header if context.effect == "once" else None
    if key_header and key_header.lower() not in given:
        headers[key_header] = context.node_key
    if parameters.body is not None and "content-type" not in given:
        headers["Content-Type"] = "application/json"
    return Request(
        method=parameters.method,
        url=parameters.url,
        query=_pairs("query", parameters.query),
        headers=headers,
        content=json.dumps(parameters.body) if parameters.body is not None else _form(parameters),
        follow_redirects=parameters.follow_redirects,
        max_response_bytes=parameters.max_response_bytes,
        repeatable=context.effect != "once" or parameters.idempotency_header is not None,
    )


def _form(parameters: HttpRequestParameters) -> list[tuple[str, str]] | None:
    return None if parameters.form is None else _pairs("form", parameters.form)


def _object(name: str, value: Mapping[str, Any] | str) -> Mapping[str, Any]:
    if isinstance(value, str):
        raise Validation(
            f'parameter "{name}": expected an object of names and values, got the text {value[:80]!r}'
        )
    return value


def _pairs(name: str, value: Mapping[str, Any] | str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, given in _object(name, value).items():
        values = given if isinstance(given, list) else [given]
        pairs.extend((key, _text(one)) for one in values if one is not None)
    return pairs


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _accepted(status: int, patterns: tuple[int | str, ...] | str) -> bool:
    if isinstance(patterns, str):
        raise Validation(
            f'parameter "accept_status": expected a list of statuses, got the text {patterns[:80]!r}'
        )
    return status in patterns or f"{status // 100}xx" in patterns


def _refusal(request: Request, answer: Answer) -> NodeError:
    message = f"{request} answered {answer.status}"
    excerpt = " ".join(answer.text().split())[:_EXCERPT]
    if excerpt:
        message += f": {excerpt}"
    retry_after = _retry_after(answer)
    if answer.status == 429 or (answer.status == 503 and retry_after is not None):
        return Throttled(message, retry_after=retry_after)
    if answer.status in (401, 403, 407):
        return Permission(message)
    if answer.status == 408:
        return Timeout(message)
    return System(message) if answer.status >= 500 else Validation(message)


def _retry_after(answer: Answer) -> float | None:
    """RFC 9110, 10.2.3: seconds, or a date, which is measured by the answer's own clock."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        until, sent = parsedate_to_datetime(value), parsedate_to_datetime(answer.headers.get("date", ""))
        return max((until - sent).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _body(request: Request, answer: Answer, promised: str) -> JsonValue:
    is_json = answer.media_type == "application/json" or answer.media_type.endswith("+json")
    if promised == "json" or (promised == "auto" and is_json):
        return _parsed(request, answer)
    return answer.text() if answer.content else None


def _parsed(request: Request, answer: Answer) -> JsonValue:
    if not answer.content:
        return None
    try:
        value: JsonValue = json.loads(answer.content, parse_constant=_refuse_constant)
    except ValueError as error:
        raise Validation(f"{request} promised JSON and answered something else: {error}") from error
    except RecursionError as error:
        raise Validation(f"{request} answered JSON that is nested too deeply") from error
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


NODE_TYPE = HttpRequest()
