"""Values on their way from state to state, with their JSON text made at most once."""

from __future__ import annotations

import json
import re
from typing import Final

from translator.json_value import JsonValue

MAXIMUM_BYTES: Final = 262_144
"""AWS: the largest input or output of a state, task or execution, in bytes of UTF-8."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_HALF: Final = re.compile("[\ud800-\udfff]")


def encode(value: JsonValue) -> str:
    """JSON text as the service writes it: no spaces, keys in their order, nothing but characters."""
    text = _encode(value)
    return text if text.isascii() else _HALF.sub("?", text)


def exceeds_limit(text: str) -> bool:
    """Whether the text is larger than the service lets pass."""
    return len(text) * 4 > MAXIMUM_BYTES and len(text.encode()) > MAXIMUM_BYTES


class Payload:
    """A JSON value that nobody may change, and its text."""

    __slots__ = ("_text", "value")

    def __init__(self, value: JsonValue, text: str | None = None) -> None:
        self.value = value
        self._text = text

    @property
    def text(self) -> str:
        """The value as JSON text."""
        if self._text is None:
            self._text = encode(self.value)
        return self._text
