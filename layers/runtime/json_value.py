"""The one name for JSON data in the functions, and how it is read and written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
JsonObject: TypeAlias = "Mapping[str, JsonValue]"


class NotJsonError(ValueError):
    """Text or a value that RFC 8259 does not allow; the message says why."""


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is not a JSON value")


def read_json(text: str | bytes) -> JsonValue:
    """The value of JSON text, strictly: raises NotJsonError also for `NaN` and for endless nesting."""
    try:
        value: JsonValue = json.loads(text, parse_constant=_refuse_constant)
    except NotJsonError:
        raise
    except RecursionError as error:
        raise NotJsonError("it is nested too deeply") from error
    except ValueError as error:
        raise NotJsonError(str(error)) from error
    return value


def json_or_none(text: str | None) -> JsonValue:
    """The value of a text of an event; None if the service has cut it off."""
    if text is None:
        return None
    try:
        return read_json(text)
    except NotJsonError:
        return None


def write_json(value: object) -> str:
    """Compact JSON text; raises NotJsonError for what JSON cannot say (dates, sets, NaN, lone surrogates)."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except RecursionError as error:
        raise NotJsonError("it is nested too deeply, or holds itself") from error
    except (TypeError, ValueError) as error:
        raise NotJsonError(str(error)) from error
    return text


def size_in_bytes(text: str) -> int:
    """The size by which Step Functions, Lambda and DynamoDB count: bytes of UTF-8."""
    return len(text.encode())
