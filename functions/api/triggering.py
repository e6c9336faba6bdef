"""The `$trigger` of a run that somebody starts by hand, of what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from functions.api.sent import Execution
from layers.runtime import hand_triggers
from layers.runtime.json_value import JsonObject, JsonValue


def trigger_value(triggers: Sequence[JsonObject], sent: Execution, now: str) -> dict[str, JsonValue]:
    """What `$trigger` is; raises RequestError (400) for a trigger's name that is unknown, or missing."""
    return hand_triggers.trigger_value(triggers, sent.trigger, sent.body, now)
