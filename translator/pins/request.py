"""What somebody asks to be taken as given before a run starts, and where it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from translator.definition.model import Pin
from translator.diagnostics import Position
from translator.json_value import JsonValue


@dataclass(frozen=True)
class Request:
    """Pins by node, other first values by variable, and the trigger whose run it is, if it was named."""

    pins: Mapping[str, Pin]
    variables: Mapping[str, JsonValue] = field(default_factory=dict)
    trigger: str | None = None
    place: Callable[[str], Position] = lambda pointer: Position(0, 0, pointer)
    """Where something of the request stands, by its place in it (`pins/charge`)."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.pins and not self.variables
