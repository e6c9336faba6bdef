"""Reads JSON (RFC 8259, strictly) with positions."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.definition.document import (
    NOT_TEXT,
    SYNTAX,
    Document,
    duplicate_key,
    no_json_number,
    too_deep,
    too_large,
)
from translator.definition.limits import MAX_DEPTH, MAX_WEIGHT, weight
from translator.definition.positions import Place, join_pointer
from translator.diagnostics.model import Diagnostic, DiagnosticsError, Position

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_HINTS: Final = (
    ("property name", "put every key in double quotes, and no comma behind the last field"),
    ("Expecting value", "write a value here, and no comma behind the last element"),
    ("delimiter", "check the commas, colons and brackets"),
    ("Extra data", "remove what follows the last }"),
    ("Unterminated string", 'close the text with "'),
    ("control character", "write a line end inside a text as \\n and a tab as \\t"),
    ("escape", 'escapes are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX'),
)


def load_json(text: str) -> Document:
    """Raises DiagnosticsError where reading cannot go on; other mistakes are in the document."""
    document = Document(text)
    scanner = _Scanner(document, _line_starts(text))
    try:
        document.value = json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=_constant)
    except json.JSONDecodeError as error:
        hint = next((hint for words, hint in _HINTS if words in error.msg), "check the quotes and brackets")
        message = f"this is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise DiagnosticsError([Diagnostic(SYNTAX, message, hint, scanner.position(error.pos, ""))]) from None
    except RecursionError:
        raise DiagnosticsError([too_deep(Position(1, 1, ""))]) from None
    scanner.scan()
    return document


# What is no number stands as 0 until the scanner, which knows where it stands, has reported it.


def _integer(written: str) -> int:
    return int(written) if len(written) < 300 else 0


def _float(written: str) -> float:
    number = float(written)
    return number if math.isfinite(number) else 0


def _constant(_: str) -> int:
    return 0


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


@dataclass(slots=True)
class _Open:
    pointer: str
    is_object: bool
    keys: set[str] = field(default_factory=set)
    elements: int = 0
    key: str | None = None
    key_start: int = -1


@dataclass(slots=True)
class _Scanner:
    """Goes over a text that is known to be valid, and notes where each value stands."""

    document: Document
    line_starts: list[int]
    stack: list[_Open] = field(default_factory=list)
    weight: int = 0

    def scan(self) -> None:
        for written, start in self._pieces():
            match written[0]:
                case "{" | "[":
                    self._begin(written, start)
                case "}" | "]":
                    self.stack.pop()
                case ",":
                    self.stack[-1].elements += 1
                    self.stack[-1].key = None
                case ":":
                    pass
                case '"' if self.stack and self.stack[-1].is_object and self.stack[-1].key is None:
                    self._key(written, start)
                case _:
                    self._scalar(written, start)

    def _pieces(self) -> Iterator[tuple[str, int]]:
        for match in _TOKEN.finditer(self.document.text):
            yield match.group(), match.start()

    def _begin(self, written: str, start: int) -> None:
        pointer = self._place(start, -1)
        if len(self.stack) >= MAX_DEPTH:
            raise DiagnosticsError([*self.document.diagnostics, too_deep(self.position(start, pointer))])
        self.stack.append(_Open(pointer, written == "{"))

    def _key(self, written: str, start: int) -> None:
        parent = self.stack[-1]
        parent.key, parent.key_start = self._string(written, start), start
        if parent.key in parent.keys:
            position = self.position(start, join_pointer(parent.pointer, parent.key))
            self.document.diagnostics.append(duplicate_key(parent.key, position))
        parent.keys.add(parent.key)

    def _scalar(self, written: str, start: int) -> None:
        pointer = self._place(start, start + len(written))
        if written[0] == '"':
            self._string(written, start)
        elif written in {"NaN", "Infinity", "-Infinity"} or (
            written not in {"true", "false", "null"} and (len(written) >= 300 or math.isinf(float(written)))
        ):
            self.document.diagnostics.append(no_json_number(written, self.position(start, pointer)))
        self.weight += weight(written)
        if self.weight > MAX_WEIGHT:
            raise DiagnosticsError([*self.document.diagnostics, too_large(self.position(start, pointer))])

    def _string(self, written: str, start: int) -> str:
        if "\\" not in written:
            return written[1:-1]
        text: str = json.loads(written)
        if _LONE_SURROGATE.search(text):
            message = "a text holds half of a surrogate pair"
            self.document.add(
                NOT_TEXT, message, "write both halves, or the character itself", self.position(start, "")
            )
        return text

    def _place(self, start: int, end: int) -> str:
        pointer, key_start = "", -1
        if self.stack:
            parent = self.stack[-1]
            part = parent.key if parent.key is not None else parent.elements
            pointer, key_start = (
                join_pointer(parent.pointer, part),
                parent.key_start if parent.key is not None else -1,
            )
        line, column = self._line_and_column(start)
        key_line, key_column = self._line_and_column(key_start) if key_start >= 0 else (0, 0)
        span = (start, end) if end >= 0 else (-1, -1)
        self.document.places[pointer] = Place(line, column, key_line, key_column, *span)
        return pointer

    def position(self, offset: int, pointer: str) -> Position:
        line, column = self._line_and_column(offset)
        return Position(line, column, pointer)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1
