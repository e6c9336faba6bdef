"""The inputs of a Map Run's children: an item each, or batches of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.interpreter.payload import MAXIMUM_BYTES, Payload, encode
from translator.json_value import JsonValue

_SEPARATOR: Final = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """The input of one child, and how many items are in it."""

    payload: Payload
    size: int


def batches(
    items: Sequence[JsonValue],
    maximum_items: int | None,
    maximum_bytes: int | None,
    batch_input: JsonValue,
) -> list[Batch]:
    """The items in batches, each within both limits; an item that is too large alone stands alone."""
    most = maximum_items or len(items)
    room = min(maximum_bytes or MAXIMUM_BYTES, MAXIMUM_BYTES) - len(encode(_whole([], batch_input)).encode())
    return [Batch(Payload(_whole(part, batch_input)), len(part)) for part in _parts(items, most, room)]


def _whole(items: Sequence[JsonValue], batch_input: JsonValue) -> JsonValue:
    whole: Mapping[str, JsonValue] = {"Items": list(items)}
    return whole if batch_input is None else {"BatchInput": batch_input, **whole}


def _parts(items: Sequence[JsonValue], most: int, room: int) -> Iterator[list[JsonValue]]:
    part: list[JsonValue] = []
    used = 0
    for item in items:
        size = len(encode(item).encode()) + _SEPARATOR
        if part and (len(part) >= most or used + size > room):
            yield part
            part, used = [], 0
        part.append(item)
        used += size
    if part:
        yield part
