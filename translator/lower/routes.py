"""Where a node leads, as the states around it give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import source_of
from translator.json_value import JsonValue
from translator.lower.draft import Transition

Route: TypeAlias = tuple[tuple[str, ...], Transition]
"""The service's names of some errors, and where they lead."""


@dataclass(frozen=True)
class Routes:
    """Where a node leads: by port, and by error edge as service names and transition."""

    ports: Mapping[str, Transition]
    errors: tuple[Route, ...]
    no_match: Transition | None = None
    is_watched: bool = False
    """Whether something else than its error edges waits for its failing expressions."""
    handlers: tuple[Route, ...] = ()
    """Where failures lead that no error edge takes; for states that cannot be caught by name."""

    def expression_routes(self) -> tuple[Transition, ...]:
        """Where a failing expression leads: the first error edge that takes it, if there is one."""
        fitting = [transition for errors, transition in self.errors if EXPRESSION_FAILED in errors]
        return tuple(fitting[:1])

    def guards(self, values: Sequence[JsonValue]) -> bool:
        """Whether something waits for expressions of which one may fail."""
        waits = self.is_watched or bool(self.expression_routes())
        sources = (source_of(value) for value in values)
        return waits and any(source_may_fail(source) for source in sources if source is not None)
