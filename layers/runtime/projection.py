"""Cuts a large value down to what the state machine itself looks at, with references to the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.runtime.json_value import JsonObject, JsonValue, size_in_bytes, write_json
from layers.runtime.references import RESERVED, reference, reference_part

SMALL_BYTES: Final = 512
"""A part that may be a reference stays as it is up to this size: a reference is hardly shorter."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Cuts values whose whole is kept under `key`.

    What is kept of a value is a tree: true is all of it, "reference" a reference to it, an object what is
    kept by field, of each element of an array. In such an object the reserved field says that the value is
    also handed on whole.
    """

    key: str

    def of(self, value: JsonValue, keep: JsonValue, size: int) -> JsonValue:
        """The value as it travels through the state machine; `size` is that of the whole in bytes."""
        if isinstance(value, Mapping) and isinstance(keep, Mapping):
            return self._object(value, keep, (), size)
        return self._part(value, keep, (), size)

    def _part(self, value: JsonValue, keep: JsonValue, path: tuple[str, ...], size: int) -> JsonValue:
        if keep == "reference":
            return value if size <= SMALL_BYTES else reference(self.key, path, size)
        if isinstance(keep, Mapping) and isinstance(value, Mapping):
            return self._object(value, keep, path, size)
        return _element(value, keep)

    def _object(self, value: JsonObject, keep: JsonObject, path: tuple[str, ...], size: int) -> JsonObject:
        kept = {
            name: self._part(inner, keep[name], (*path, name), size_in_bytes(write_json(inner)))
            for name, inner in value.items()
            if name in keep
        }
        if len(kept) == len(value) and all(kept[name] is value[name] for name in kept):
            return value
        return {**kept, RESERVED: reference_part(self.key, path, size)}


def _element(value: JsonValue, keep: JsonValue) -> JsonValue:
    """A value that no reference can name: an array, or something inside one."""
    if not isinstance(keep, Mapping) or RESERVED in keep:
        return value
    if isinstance(value, Mapping):
        return {name: _element(inner, keep[name]) for name, inner in value.items() if name in keep}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_element(inner, keep) for inner in value]
    return value
