"""References: how a value that is too large for Step Functions says where the whole of it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.objects import ObjectsError

RESERVED: Final = "steploom__"
"""The field of an object that holds a reference; no data from outside may have one of that name."""

Load = Callable[[str], JsonValue]
"""Gives the value of an object by its key."""


class BrokenReferenceError(ValueError):
    """A reference that nothing of ours has made; the message says what is wrong with it."""


def reference(key: str, path: Sequence[str], size: int) -> JsonObject:
    """A value that stands for the field at `path` of an object; `size` is that field's in bytes of JSON."""
    return {RESERVED: reference_part(key, path, size)}


def reference_part(key: str, path: Sequence[str], size: int) -> JsonObject:
    """What stands in the reserved field."""
    place: JsonObject = {"path": list(path)} if path else {}
    return {"object": key, **place, "bytes": size}


def has_reference(value: JsonValue) -> bool:
    """Whether there is a reference anywhere in a value."""
    if isinstance(value, Mapping):
        return RESERVED in value or any(has_reference(inner) for inner in value.values())
    return isinstance(value, (list, tuple)) and any(has_reference(inner) for inner in value)


def shown(value: JsonValue, load: Load, room: int) -> JsonValue:
    """The value for people: whole where that fits into `room` bytes, else with the size of what is left."""
    return _Showing(load, room).of(value)


@dataclass(slots=True)
class _Showing:
    load: Load
    room: int

    def of(self, value: JsonValue) -> JsonValue:
        if isinstance(value, (list, tuple)):
            return [self.of(inner) for inner in value]
        if not isinstance(value, Mapping):
            return value
        rest = {name: self.of(inner) for name, inner in value.items() if name != RESERVED}
        return self._of_reference(value[RESERVED], rest) if RESERVED in value else rest

    def _of_reference(self, part: JsonValue, rest: JsonObject) -> JsonValue:
        size = part.get("bytes") if isinstance(part, Mapping) else None
        if isinstance(size, int) and size <= self.room:
            try:
                found = _looked_up(part, self.load)
            except (BrokenReferenceError, ObjectsError):
                return {**rest, "left_out_bytes": size}
            self.room -= size
            return found
        return {**rest, "left_out_bytes": size}


def hydrated(value: JsonValue, load: Load) -> JsonValue:
    """The value with all that references stand for in their place; raises BrokenReferenceError."""
    if isinstance(value, Mapping):
        if RESERVED in value:
            return _looked_up(value[RESERVED], load)
        return {name: hydrated(inner, load) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [hydrated(inner, load) for inner in value]
    return value


def _looked_up(part: JsonValue, load: Load) -> JsonValue:
    key, path = (part.get("object"), part.get("path", [])) if isinstance(part, Mapping) else (None, None)
    if not isinstance(key, str) or not isinstance(path, list):
        raise BrokenReferenceError(f'a field "{RESERVED}" holds no reference: the name is reserved')
    found = load(key)
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            raise BrokenReferenceError(f'the object "{key}" has no field "{".".join(map(str, path))}"')
        found = found[name]
    return found
