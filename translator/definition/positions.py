"""Where each value of a definition stands in its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from translator.diagnostics.model import Position


class Place(NamedTuple):
    """Where a value begins and, in a mapping, its key; lines and columns from 1, offsets in characters.

    `start` and `end` are -1 where the value's own text cannot be told from its place.
    """

    line: int
    column: int
    key_line: int
    key_column: int
    start: int = -1
    end: int = -1


def join_pointer(pointer: str, part: str | int) -> str:
    """The JSON pointer (RFC 6901) of the element or field `part` of the value at `pointer`."""
    if isinstance(part, str) and ("~" in part or "/" in part):
        part = part.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{part}"


@dataclass(frozen=True, slots=True)
class Positions:
    """The places of all values of one text; empty for a definition that was never text."""

    places: Mapping[str, Place] = field(default_factory=dict)
    text: str = ""

    def at(self, pointer: str) -> Position:
        """The place of the value, or of the nearest value around it, under the pointer that was asked for."""
        place = self._nearest(pointer)
        return Position(place.line, place.column, pointer) if place else Position(0, 0, pointer)

    def key_at(self, pointer: str) -> Position:
        """The place of the key of the value at `pointer`; of the value itself where it has no key."""
        place = self.places.get(pointer)
        if place is None or not place.key_line:
            return self.at(pointer)
        return Position(place.key_line, place.key_column, pointer)

    def inside(self, pointer: str, value: str, offset: int) -> Position:
        """The place of the character at `offset` of the text `value` that stands at `pointer`.

        Exact where the value stands in the text as it is, or as the lines of a block; where it is written
        with escapes or folded, the place of the value.
        """
        place = self.places.get(pointer)
        if place is None or place.start < 0:
            return self.at(pointer)
        found = self.text.find(value, place.start, place.end) if value else -1
        if found >= 0:
            return self._position(pointer, place, found + offset)
        return self._inside_block(pointer, place, value, offset)

    def _inside_block(self, pointer: str, place: Place, value: str, offset: int) -> Position:
        line_number = value.count("\n", 0, offset)
        line = value.split("\n")[line_number]
        column = offset - (value.rfind("\n", 0, offset) + 1)
        written = self.text[place.start : place.end]
        if not written.startswith("|"):
            return self.at(pointer)
        lines = written.split("\n")
        if line_number + 1 >= len(lines) or not lines[line_number + 1].endswith(line):
            return self.at(pointer)
        indent = len(lines[line_number + 1]) - len(line)
        return Position(place.line + line_number + 1, indent + column + 1, pointer)

    def _position(self, pointer: str, place: Place, offset: int) -> Position:
        """The place of a character inside a value, counted from the value's own: texts may be long."""
        line_end = self.text.rfind("\n", place.start, offset)
        if line_end < 0:
            return Position(place.line, place.column + offset - place.start, pointer)
        line = place.line + self.text.count("\n", place.start, offset)
        return Position(line, offset - line_end, pointer)

    def _nearest(self, pointer: str) -> Place | None:
        while (place := self.places.get(pointer)) is None:
            if not pointer:
                return None
            pointer = pointer.rpartition("/")[0]
        return place
