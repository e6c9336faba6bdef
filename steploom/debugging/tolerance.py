"""Values of a recorded run, of which the large ones may lie in the account."""

from __future__ import annotations

from layers.runtime.objects import ObjectsError
from layers.runtime.references import BrokenReferenceError
from steploom.large_values import ValuesInMemory
from translator.json_value import JsonValue


class TolerantValues(ValuesInMemory):
    """A reference to what is not here stays a reference."""

    def whole(self, value: JsonValue) -> JsonValue:
        """A value with all that it refers to, as far as that is here."""
        try:
            return super().whole(value)
        except (ObjectsError, BrokenReferenceError):
            return value
