"""What the service says of text that is no JSON, as far as it is recorded."""

from __future__ import annotations

import json
import re
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*")
_KNOWN: Final = frozenset({"null", "true", "false"})
_EXPECTED: Final = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


class NotJsonError(ValueError):
    """Text that is no JSON; `place` is `[Source: (String)"…"; line: 1, column: 4]`."""

    def __init__(self, text: str, error: ValueError) -> None:
        message, position = (
            _message(text, error) if isinstance(error, json.JSONDecodeError) else (str(error), 0)
        )
        super().__init__(message)
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        self.place = f'[Source: (String)"{text[:500]}"; line: {line}, column: {column}]'


def _message(text: str, error: json.JSONDecodeError) -> tuple[str, int]:
    position = error.pos
    word = _WORD.match(text, position)
    if word is not None and word[0] not in _KNOWN and error.msg.startswith("Expecting value"):
        return f"Unrecognized token '{word[0]}': {_EXPECTED}", word.end()
    if error.msg.startswith("Expecting property name") and position < len(text):
        found = text[position]
        told = f"Unexpected character ('{found}' (code {ord(found)}))"
        return f"{told}: was expecting double-quote to start field name", position + 1
    return error.msg, position
