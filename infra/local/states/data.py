"""Reads JSON that comes from outside and becomes data: all of it can be written again as UTF-8."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

from infra.local.states.json_errors import NotJsonError
from translator.json_value import JsonValue

_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""What may be half of a pair of surrogates; alone it is no character."""


def parse_data(text: str | bytes) -> Any:
    """The value. Raises NotJsonError also for what JSON has no number for and for what is nested too deeply.

    Half of a pair of surrogates becomes a question mark, as where the service writes text.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogatepass")
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        return _whole(value) if _has_half(text) else value
    except RecursionError as error:
        raise NotJsonError(text, ValueError("The JSON is nested too deeply")) from error
    except ValueError as error:
        raise NotJsonError(text, error) from error


def parse_text(text: str) -> tuple[str, JsonValue]:
    """JSON text and its value; the text is another one only if not all of it is characters."""
    value = parse_data(text)
    return (json.dumps(value) if _has_half(text) else text), value


def _has_half(text: str) -> bool:
    # Most data has neither, which is found out much faster.
    return ("\\u" in text or not text.isascii()) and _HALF.search(text) is not None


def _whole(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"The number {digits} is out of range")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
