"""Large values: parameters are made whole before a node runs, its output is cut down behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from layers.runtime.json_value import JsonObject, JsonValue, read_json, size_in_bytes, write_json
from layers.runtime.objects import Loading, Objects, ObjectsError, object_key, runs_prefix
from layers.runtime.projection import SMALL_BYTES, Projection
from layers.runtime.references import (
    RESERVED,
    BrokenReferenceError,
    has_reference,
    hydrated,
    reference,
    reference_part,
)
from translator.error_classes import System, Validation
from translator.expressions.evaluating import ExpressionFailedError, evaluated

INLINE_LIMIT_BYTES: Final = 64 * 1024
"""An output stays in the state machine up to here, as several may travel together in the 262,144 bytes of a
state (AWS: Step Functions quotas). The compiler may ask for less."""
_LEAST_KEPT_BYTES: Final = 8 * 1024


@dataclass(frozen=True, slots=True)
class Data:
    """How the values of one piece of work come and go; `keep` says what of its output stays inline."""

    objects: Objects
    project: str
    node: str
    node_key: str
    keep: JsonValue = "reference"
    views: Mapping[str, JsonValue] = field(default_factory=dict)
    """By name `{"evaluate": …, "keep": …}`: calls over a large output, worked out here."""
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
            payload.get("views") or {},
            int(payload.get("inline_limit", INLINE_LIMIT_BYTES)),
        )

    def whole(self, value: JsonValue) -> JsonValue:
        """A value with all that it refers to; raises Validation and System."""
        if not has_reference(value):
            return value
        try:
            return hydrated(value, Loading(self.objects, runs_prefix(self.project)))
        except BrokenReferenceError as error:
            raise Validation(str(error)) from error
        except ObjectsError as error:
            raise System(f"a large value cannot be read: {error}") from error

    def stored(self, text: str) -> str:
        """The output's JSON text as it is recorded: a large one is kept as an object, its reference here.

        Raises Validation for an output that uses the reserved name, System if the object cannot be kept.
        """
        self._refuse_reserved(text, "the output")
        size = size_in_bytes(text)
        if size <= INLINE_LIMIT_BYTES and size <= self.inline_limit:
            return text
        key = object_key(self.project, self.node_key, text)
        self.put(key, text)
        return write_json(reference(key, (), size))

    def kept(self, piece: str, text: str) -> str:
        """The key under which a piece of the node's work is kept; raises System if it cannot be."""
        key = object_key(self.project, f"{self.node_key}/{piece.replace(' ', '-')}", text)
        self.put(key, text)
        return key

    def part(self, piece: str, value: JsonValue, keep: JsonValue) -> JsonValue:
        """A value that travels by itself: a large one is kept, and cut down to what `keep` says.

        Raises Validation where that is still too much, and for the reserved name.
        """
        text = write_json(value)
        self._refuse_reserved(text, piece)
        size = size_in_bytes(text)
        if size <= self._most_kept:
            return value
        cut = Projection(self.kept(piece, text)).of(value, keep, size)
        left = size_in_bytes(write_json(cut))
        if left > self._most_kept:
            raise Validation(f"{piece} of {self._too_much(size, left, keep)}")
        return cut

    def text_of(self, key: str) -> str:
        """An object as it is; raises System, also for a key that is none of this project's runs."""
        if not key.startswith(runs_prefix(self.project)):
            raise System(f'the object "{key}" is none of this project\'s runs')
        try:
            return self.objects.get(key)
        except ObjectsError as error:
            raise System(f"a large value cannot be read: {error}") from error

    def put(self, key: str, text: str) -> None:
        """Keeps a text under a key of its own; raises System if it cannot be."""
        try:
            self.objects.put(key, text)
        except ObjectsError as error:
            raise System(f'a value of node "{self.node}" cannot be kept: {error}') from error

    def _refuse_reserved(self, text: str, piece: str) -> None:
        if f'"{RESERVED}"' in text:
            raise Validation(f'{piece} of node "{self.node}" has a field "{RESERVED}": the name is reserved')

    def inline(self, stored: str) -> JsonValue:
        """What the state machine gets of an output that was recorded; raises Validation if it is too much."""
        value = read_json(stored)
        if not isinstance(value, Mapping) or RESERVED not in value:
            return value
        return self._inline(value, lambda: self.whole(value))

    def answered(self, output: JsonValue) -> JsonValue:
        """What the state machine gets of an output that nothing records; raises as `stored` and `inline`."""
        text = write_json(output)
        stored = self.stored(text)
        if stored is text:
            return output
        given = read_json(stored)
        assert isinstance(given, Mapping)
        return self._inline(given, lambda: output)

    def _inline(self, given: JsonObject, whole: Callable[[], JsonValue]) -> JsonValue:
        if self.keep == "reference" and not self.views:
            return given
        part = given[RESERVED]
        assert isinstance(part, Mapping)
        key, size = str(part["object"]), int(str(part["bytes"]))
        cut = self._cut(whole(), key, size)
        left = size_in_bytes(write_json(cut))
        if left > self._most_kept:
            raise Validation(f"the output of {self._too_much(size, left, self.keep)}")
        return cut

    def _cut(self, value: JsonValue, key: str, size: int) -> JsonValue:
        if not self.views:
            return Projection(key).of(value, self.keep, size)
        if not isinstance(value, Mapping) and self.keep != "reference":
            # An array has no place for what was worked out, so the expressions must find all of it.
            return value
        kept = Projection(key).of(value, self.keep, size)
        if not isinstance(kept, Mapping):
            kept = reference(key, (), size)
        seen = {name: self._seen(view, value) for name, view in self.views.items()}
        part = kept.get(RESERVED) or reference_part(key, (), size)
        assert isinstance(part, Mapping)
        return {**kept, RESERVED: {**part, **seen}}

    def _seen(self, view: JsonValue, value: JsonValue) -> str:
        """A call's value as JSON in brackets, empty for nothing; where it fails, no JSON but what it says."""
        assert isinstance(view, Mapping)
        try:
            found = evaluated(str(view["evaluate"]), {self.node: value})
        except ExpressionFailedError as error:
            return f"! {error}"
        if found is None:
            return "[]"
        (result,) = found
        text = write_json(result)
        size = size_in_bytes(text)
        if view["keep"] is True or size <= SMALL_BYTES:
            return f"[{text}]"
        key = object_key(self.project, self.node_key, text)
        self.put(key, text)
        return write_json([Projection(key).of(result, view["keep"], size)])

    @property
    def _most_kept(self) -> int:
        """What expressions read is not cut off as sharply as what may as well be a reference."""
        return min(max(self.inline_limit, _LEAST_KEPT_BYTES), INLINE_LIMIT_BYTES)

    def _too_much(self, size: int, left: int, keep: JsonValue) -> str:
        worked_out = [str(view["evaluate"]) for view in self.views.values() if isinstance(view, Mapping)]
        read = ", ".join([*_paths(keep), *worked_out]) or "all of it"
        return (
            f'node "{self.node}" has {size:,} bytes, and what expressions read of it has '
            f"{left:,} ({read}); its state machine can hold {self._most_kept:,}. Give the transform that "
            "reads it `resources: small`, so that it is evaluated in a function, where there is no such "
            "limit; a `for_each` that goes over it takes `mode: distributed`"
        )


def _paths(keep: JsonValue, path: str = "") -> list[str]:
    if isinstance(keep, Mapping):
        inner = [_paths(keep[name], f"{path}.{name}".lstrip(".")) for name in keep if name != RESERVED]
        return [each for paths in inner for each in paths]
    return [path] if keep is True and path else []
