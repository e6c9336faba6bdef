"""What a caller sent in the body of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from pydantic import BaseModel, ValidationError

from functions.api.bodies import SentModel
from functions.api.misfits import misfit
from layers.runtime.errors import RequestError
from layers.runtime.json_value import JsonValue, NotJsonError, read_json
from layers.runtime.problems import bad_request, not_json, unsupported_media_type
from layers.runtime.store.workflows import Format, refuse_large_definition

Sent = TypeVar("Sent", bound=BaseModel)

FORMATS: Final[Mapping[str, Format]] = {
    "": "json",
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
}


class Execution(SentModel):
    """What a run is to be started with."""

    body: Any = None
    """The payload."""
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


def sent_model(event: object, model: type[Sent]) -> Sent:
    """The JSON body as a model, an empty one as the model without fields; raises RequestError 400 or 422."""
    try:
        return model.model_validate(sent_json(event))
    except ValidationError as error:
        raise RequestError(misfit(error.errors(), "body")) from error


def sent_json(event: object) -> JsonValue:
    """The JSON body, an empty one as an empty object; raises RequestError 400."""
    text = _text(cast("APIGatewayProxyEventV2", event))
    try:
        return read_json(text) if text.strip() else {}
    except NotJsonError as error:
        raise not_json(str(error)) from error


def _text(request: APIGatewayProxyEventV2) -> str:
    try:
        text: str = request.decoded_body or ""
    except (ValueError, TypeError) as error:
        raise bad_request("The body is not text in UTF-8.", "Send it as UTF-8.") from error
    return text
