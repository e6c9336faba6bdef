"""The items that are in what an ItemReader has read (developer guide: ItemReader)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from translator.interpreter.states import ItemReader
from translator.json_value import JsonValue

MAXIMUM_ITEMS: Final = 100_000_000
"""AWS: the most items of one Map Run."""
_NOT_ITERABLE: Final = "Attempting to map over non-iterable node."


@dataclass(frozen=True, slots=True)
class Item:
    """One item; `key` where it is a field of an object, whose name it is."""

    value: JsonValue
    key: str | None = None


class UnreadableItems(ValueError):  # noqa: N818 (the state fails with States.ItemReaderFailed)
    """What was read holds no items; the message is the failure's cause."""


def items_of(value: JsonValue) -> list[Item]:
    """The items of an array, or the fields of an object. Raises UnreadableItems."""
    if isinstance(value, list):
        return [Item(item) for item in value]
    if isinstance(value, Mapping):
        return [Item(item, key) for key, item in value.items()]
    raise UnreadableItems(_NOT_ITERABLE)


def read_object(reader: ItemReader, body: str, maximum: int) -> list[Item]:
    """At most `maximum` items of an object's content. Raises UnreadableItems."""
    if reader.input_type == "CSV":
        return [Item(row) for row, _ in zip(_rows(reader, body), range(maximum), strict=False)]
    if reader.input_type == "JSONL":
        lines = (line for line in body.splitlines() if line.strip())
        return [Item(_parse(line)) for line, _ in zip(lines, range(maximum), strict=False)]
    return items_of(pointed(body, reader.pointer))[:maximum]


def read_listing(answer: JsonValue) -> tuple[list[Item], str | None]:
    """The objects of one page of ListObjectsV2, and the token of the next page."""
    fields = answer if isinstance(answer, Mapping) else {}
    contents = fields.get("Contents")
    found = [Item(_listed(one)) for one in contents] if isinstance(contents, list) else []
    token = fields.get("NextContinuationToken")
    return found, token if isinstance(token, str) and fields.get("IsTruncated") else None


def _listed(entry: JsonValue) -> JsonValue:
    """AWS spells the tag differently from S3 itself, and gives the time in whole epoch seconds."""
    if not isinstance(entry, Mapping):
        return entry
    modified = entry.get("LastModified")
    named: dict[str, JsonValue] = {
        "Etag": entry.get("ETag", entry.get("Etag")),
        "LastModified": _epoch(modified),
        **{name: entry.get(name) for name in ("Key", "Size", "StorageClass")},
    }
    return {name: value for name, value in named.items() if value is not None}


def _epoch(value: JsonValue) -> JsonValue:
    try:
        return int(datetime.fromisoformat(value).timestamp()) if isinstance(value, str) else value
    except ValueError:
        return value


def _parse(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError as error:
        raise UnreadableItems(f"The content is not JSON: {error}") from error
    return value


def pointed(body: str, pointer: str) -> JsonValue:
    """What the ItemsPointer leads to in JSON text. Raises UnreadableItems."""
    value = _parse(body)
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise UnreadableItems(f"The ItemsPointer '{pointer}' leads to nothing.")
    return value


def _rows(reader: ItemReader, body: str) -> Iterator[JsonValue]:
    rows = (row for row in csv.reader(io.StringIO(body, newline=""), delimiter=reader.delimiter) if row)
    headers: Sequence[str] = reader.headers
    if reader.header_location == "FIRST_ROW":
        headers = next(rows, ())
    if len(set(headers)) < len(headers):
        raise UnreadableItems("CSV headers cannot contain duplicates.")
    for row in rows:
        # Recorded: what has no header is dropped, what is missing is empty.
        yield {header: row[place] if place < len(row) else "" for place, header in enumerate(headers)}
