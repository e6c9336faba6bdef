"""What a caller sent in the body of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from layers.runtime.json_value import JsonValue, NotJsonError, read_json
from layers.runtime.problems import bad_request, not_json, unsupported_media_type
from layers.runtime.store.workflows import Format, refuse_large_definition

FORMATS: Final[Mapping[str, Format]] = {
    "": "json",
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
}


@dataclass(frozen=True, slots=True)
class Execution:
    """What a run is to be started with."""

    body: JsonValue = None
    trigger: str | None = None
    """The trigger to fire by hand; the manual one if none is named."""


def sent_definition(event: object) -> tuple[str, Format]:
    """The text and format of a definition; raises RequestError 400, 413 or 415."""
    request = cast("APIGatewayProxyEventV2", event)
    content_type = str(request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if content_type not in FORMATS:
        raise unsupported_media_type(content_type, ["application/json", "application/yaml"])
    text = _text(request)
    if not text.strip():
        raise bad_request("The request has no body.", "Send the workflow's definition as JSON or YAML.")
    refuse_large_definition(text)
    return text, FORMATS[content_type]


def sent_execution(event: object) -> Execution:
    """What to start a run with: `{"body": …, "trigger": "<id>"}`, both optional; raises RequestError 400."""
    text = _text(cast("APIGatewayProxyEventV2", event))
    if not text.strip():
        return Execution()
    try:
        value = read_json(text)
    except NotJsonError as error:
        raise not_json(str(error)) from error
    hint = 'Send {"body": <the payload>}, and the id of a trigger as "trigger" if another is to be fired.'
    if not isinstance(value, Mapping):
        raise bad_request("The body is not a JSON object.", hint)
    unknown = sorted(set(value) - {"body", "trigger"})
    if unknown:
        raise bad_request(f"The body has unknown fields: {', '.join(repr(name) for name in unknown)}.", hint)
    trigger = value.get("trigger")
    if trigger is not None and not isinstance(trigger, str):
        raise bad_request("The field 'trigger' is not a string.", hint)
    return Execution(value.get("body"), trigger)


def _text(request: APIGatewayProxyEventV2) -> str:
    try:
        text: str = request.decoded_body or ""
    except (ValueError, TypeError) as error:
        raise bad_request("The body is not text in UTF-8.", "Send it as UTF-8.") from error
    return text
