"""What a webhook's body means, by the media types that are declared and sent."""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import parse_qs

from functions.webhook.request import WebhookRequest, single_or_list
from layers.runtime.json_value import JsonValue, NotJsonError, read_json, write_json
from layers.runtime.problems import not_json, unsupported_media_type

FORM: Final = "application/x-www-form-urlencoded"


def read_body(request: WebhookRequest, declared: str | None) -> tuple[JsonValue, bool]:
    """The body's value, and whether it is base64 text of bytes that are no UTF-8.

    JSON if the trigger declares it or the request says so, a form as an object, else text; null if empty.
    Raises RequestError 400 for what is not JSON then, 415 for another type than the declared one.
    """
    expected = (declared or "").partition(";")[0].strip().lower()
    if is_json(expected) or (not expected and is_json(request.content_type) and request.body):
        return _json(request.body), False
    if expected and request.content_type != expected:
        raise unsupported_media_type(request.content_type, [expected])
    if not request.body:
        return None, False
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        return base64.b64encode(request.body).decode(), True
    if request.content_type == FORM:
        return dict(single_or_list(parse_qs(text, keep_blank_values=True))), False
    return text, False


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839: also those that end in `+json`)."""
    return media_type == "application/json" or media_type.endswith("+json")


def _json(body: bytes) -> JsonValue:
    if not body:
        raise not_json("it is empty")
    try:
        value = read_json(body.decode())
        write_json(value)  # finds what JSON text can say but UTF-8 cannot: half of a surrogate pair
    except (NotJsonError, UnicodeDecodeError) as error:
        raise not_json(str(error)) from error
    return value
