"""What becomes of values that are too large for a state machine, as far as a test run must know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from translator.json_value import JsonValue
from translator.testing.object_calls import ObjectStore


class LargeValues(Protocol):
    """Cuts values down as the functions do, and makes them whole again."""

    @property
    def objects(self) -> ObjectStore:
        """Where they are kept; also the items and results of a distributed Map."""

    def trigger(self, run: str, trigger: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """`$trigger` as it stands in the input of a run."""

    def output(self, payload: Mapping[str, Any], output: JsonValue) -> JsonValue:
        """A node's output as its Task's answer has it; raises a NodeError if that is too much."""

    def whole(self, value: JsonValue) -> JsonValue:
        """A value with all that it refers to."""


class _AsTheyAre:
    """Leaves every value as it is."""

    @property
    def objects(self) -> ObjectStore:
        """None: what needs it is to be given other values."""
        raise LookupError("this run keeps no objects: give it values that do")

    def trigger(self, run: str, trigger: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """`$trigger` itself."""
        del run
        return trigger

    def output(self, payload: Mapping[str, Any], output: JsonValue) -> JsonValue:
        """The output itself."""
        del payload
        return output

    def whole(self, value: JsonValue) -> JsonValue:
        """The value itself."""
        return value


AS_THEY_ARE: Final[LargeValues] = _AsTheyAre()
