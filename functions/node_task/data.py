"""Large values: parameters are made whole before a node runs, its output is cut down behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from layers.runtime.json_value import JsonValue, read_json, size_in_bytes, write_json
from layers.runtime.objects import Loading, Objects, ObjectsError, object_key, runs_prefix
from layers.runtime.projection import Projection
from layers.runtime.references import RESERVED, BrokenReferenceError, has_reference, hydrated, reference
from translator.error_classes import System, Validation

INLINE_LIMIT_BYTES: Final = 64 * 1024
"""An output stays in the state machine up to here, as several may travel together in the 262,144 bytes of a
state (AWS: Step Functions quotas). The compiler may ask for less."""


@dataclass(frozen=True, slots=True)
class Data:
    """How the values of one piece of work come and go; `keep` says what of its output stays inline."""

    objects: Objects
    project: str
    node: str
    node_key: str
    keep: JsonValue = "reference"
    inline_limit: int = INLINE_LIMIT_BYTES

    @classmethod
    def of(cls, payload: Mapping[str, Any], objects: Objects) -> Data:
        """What the payload of a node's Task says about them."""
        return cls(
            objects,
            str(payload.get("project", "main")),
            str(payload["node"]),
            str(payload["node_key"]),
            payload.get("keep", "reference"),
            int(payload.get("inline_limit", INLINE_LIMIT_BYTES)),
        )

    @property
    def _root(self) -> str:
        """The root run, whose objects the node may read."""
        return f"{runs_prefix(self.project)}{self.node_key.split('/', 1)[0]}/"

    def whole(self, value: JsonValue) -> JsonValue:
        """A value with all that it refers to; raises Validation and System."""
        if not has_reference(value):
            return value
        try:
            return hydrated(value, Loading(self.objects, self._root))
        except BrokenReferenceError as error:
            raise Validation(str(error)) from error
        except ObjectsError as error:
            raise System(f"a large value cannot be read: {error}") from error

    def stored(self, text: str) -> str:
        """The output's JSON text as it is recorded: a large one is kept as an object, its reference here.

        Raises Validation for an output that uses the reserved name, System if the object cannot be kept.
        """
        if f'"{RESERVED}"' in text:
            raise Validation(
                f'the output of node "{self.node}" has a field "{RESERVED}": the name is reserved'
            )
        size = size_in_bytes(text)
        if size <= INLINE_LIMIT_BYTES and size <= self.inline_limit:
            return text
        key = object_key(self.project, self.node_key, text)
        try:
            self.objects.put(key, text)
        except ObjectsError as error:
            raise System(f'the output of node "{self.node}" cannot be kept: {error}') from error
        return write_json(reference(key, (), size))

    def inline(self, stored: str) -> JsonValue:
        """What the state machine gets of an output that was recorded; raises Validation if it is too much."""
        value = read_json(stored)
        if not isinstance(value, Mapping) or RESERVED not in value or self.keep == "reference":
            return value
        part = value[RESERVED]
        assert isinstance(part, Mapping)
        key, size = str(part["object"]), int(str(part["bytes"]))
        cut = Projection(key).of(self.whole(value), self.keep, size)
        left = size_in_bytes(write_json(cut))
        if left > INLINE_LIMIT_BYTES:
            raise Validation(self._too_much(size, left))
        return cut

    def _too_much(self, size: int, left: int) -> str:
        read = ", ".join(_paths(self.keep)) or "all of it"
        return (
            f'the output of node "{self.node}" has {size:,} bytes, and what expressions read of it has '
            f"{left:,} ({read}); a state machine can hold {INLINE_LIMIT_BYTES:,}. Give the transform that "
            "reads it `resources: small`, so that it is evaluated in a function, where there is no such limit"
        )


def _paths(keep: JsonValue, path: str = "") -> list[str]:
    if isinstance(keep, Mapping):
        inner = [_paths(keep[name], f"{path}.{name}".lstrip(".")) for name in keep if name != RESERVED]
        return [each for paths in inner for each in paths]
    return [path] if keep is True and path else []
