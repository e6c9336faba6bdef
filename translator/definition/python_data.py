"""Takes a definition that is given as Python data, as the REST API and tests have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translator.definition.document import (
    KEY_IS_NO_TEXT,
    NOT_JSON,
    NOT_TEXT,
    Document,
    no_json_number,
    too_deep,
    too_large,
)
from translator.definition.limits import MAX_DEPTH, MAX_WEIGHT, weight
from translator.definition.positions import join_pointer
from translator.diagnostics.model import DiagnosticsError, Position


def load_data(value: object) -> Document:
    """A copy of the data as JSON has it; raises DiagnosticsError where copying cannot go on."""
    document = Document("")
    document.value = _Copier(document).copy(value, "", MAX_DEPTH)
    return document


MAX_NUMBER = 1e308
"""Whatever is larger (or no number at all) a reader of JSON may take for infinite."""


class _Copier:
    """Copies, and refuses what JSON has no form for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.weight = 0

    def copy(self, value: object, pointer: str, depth: int) -> Any:
        position = Position(0, 0, pointer)
        self.weight += weight(value) if isinstance(value, str) else 1
        if self.weight > MAX_WEIGHT:
            raise DiagnosticsError([*self.document.diagnostics, too_large(position)])
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, position)
        if isinstance(value, int | float):
            return self._number(value, position)
        if depth == 0:
            raise DiagnosticsError([*self.document.diagnostics, too_deep(position)])
        if isinstance(value, Mapping):
            return self._object(value, pointer, depth)
        if isinstance(value, list | tuple):
            return [
                self.copy(item, join_pointer(pointer, index), depth - 1) for index, item in enumerate(value)
            ]
        message = f"a value of the Python type {type(value).__name__} has no JSON form"
        self.document.add(NOT_JSON, message, "use only JSON data", position)
        return None

    def _text(self, text: str, position: Position) -> str:
        try:
            text.encode()
        except UnicodeEncodeError:
            message = "a text holds half of a surrogate pair"
            self.document.add(NOT_TEXT, message, "write both halves, or the character itself", position)
            return ""
        return text

    def _number(self, number: float, position: Position) -> float:
        if abs(number) < MAX_NUMBER:
            return number
        self.document.diagnostics.append(no_json_number("a number", position))
        return 0

    def _object(self, fields: Mapping[Any, Any], pointer: str, depth: int) -> dict[str, Any]:
        copied: dict[str, Any] = {}
        for key, item in fields.items():
            if not isinstance(key, str):
                message = f"the key {key!r} is not a text"
                self.document.add(KEY_IS_NO_TEXT, message, f'use "{key}"', Position(0, 0, pointer))
            name = self._text(str(key), Position(0, 0, pointer))
            copied[name] = self.copy(item, join_pointer(pointer, name), depth - 1)
        return copied
