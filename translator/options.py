"""What whoever compiles a definition may choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from translator.definition.model import Pin, WorkflowDefinition
from translator.forecast import MAX_EVENTS
from translator.json_value import JsonValue
from translator.legalize import MAX_DEFINITION_BYTES


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """Choices of whoever compiles.

    `optimize` is a level that overrides the definition's. `estimates` are the seconds that nodes take as a
    rule, by id: they decide where a barrier costs least; `exact_estimates` says that they can be relied on.
    `pins` are the nodes that have ended before the run starts, `variables` other first values; `trigger` is
    whose run it is, which pins need where triggers enter different nodes. `most_bytes` and `most_events` are
    what one state machine and the history of one execution may have; `counts` is how often loops repeat and
    how many items there are at most, by node, where that is known from outside the definition.
    """

    project: str = "main"
    optimize: Literal[0, 1, 2] | None = None
    estimates: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    exact_estimates: bool = False
    most_bytes: int = MAX_DEFINITION_BYTES
    most_events: int = MAX_EVENTS
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    pins: Mapping[str, Pin] = field(default_factory=lambda: MappingProxyType({}))
    variables: Mapping[str, JsonValue] = field(default_factory=lambda: MappingProxyType({}))
    trigger: str | None = None


def with_variables(definition: WorkflowDefinition, values: Mapping[str, JsonValue]) -> WorkflowDefinition:
    """The definition with other first values of some variables."""
    variables = tuple(
        each.model_copy(update={"value": values[each.name]}) if each.name in values else each
        for each in definition.variables
    )
    return definition.model_copy(update={"variables": variables}) if values else definition
