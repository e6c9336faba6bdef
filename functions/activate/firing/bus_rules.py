"""Names the buses that event triggers listen to and that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from functions.activate.compilation import finding
from functions.activate.firing.rules import Rules
from layers.runtime.firing.names import PLATFORM
from translator.definition.firing import EventTrigger
from translator.definition.model import WorkflowDefinition
from translator.diagnostics import Diagnostic, Severity

_ALWAYS = frozenset({PLATFORM, "default"})


def bus_findings(definition: WorkflowDefinition, rules: Rules) -> Iterator[Diagnostic]:
    """What must stop an activation, because its rules could not be made; raises PlatformError."""
    for position, trigger in enumerate(definition.triggers):
        if not isinstance(trigger, EventTrigger) or trigger.bus in _ALWAYS or rules.has_bus(trigger.bus):
            continue
        yield finding(
            "AC120",
            f"trigger '{trigger.id}' listens to the event bus '{trigger.bus}', which this account and region "
            "do not have",
            "create the bus, or write `platform`, `default` or the name of another",
            f"/triggers/{position}/bus",
            Severity.ERROR,
        )
