"""What the API asks of the function that makes schedules, rules and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from functions.api.services import Services
from layers.runtime.firing.target import FIRED_TYPES
from layers.runtime.json_value import JsonObject
from layers.runtime.store import Store
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import WorkflowHead


def fired_triggers(store: Store, head: WorkflowHead) -> Sequence[JsonObject]:
    """The triggers of the active or paused version that something in AWS fires."""
    version = find_version(store, head.id, head.active_version) if head.active_version else None
    triggers = version.triggers if version is not None else ()
    return [trigger for trigger in triggers if trigger["type"] in FIRED_TYPES]


def arm(services: Services, workflow: str, fired: Sequence[JsonObject]) -> None:
    """Brings what fires a workflow to what its head says now; nothing is asked where nothing fires it.

    Raises PlatformError 502. Until it is done the function `start` refuses what fires.
    """
    if fired:
        services.activation.ask({"action": "arm", "workflow": workflow})


def next_times(services: Services, workflow: str, fired: Sequence[JsonObject]) -> Mapping[str, Any]:
    """By schedule the next five times, in UTC."""
    if not any(trigger["type"] == "schedule" for trigger in fired):
        return {}
    answered = services.activation.ask({"action": "next_times", "workflow": workflow})
    times: Mapping[str, Any] = answered["next_times"]
    return times
