"""What a firing would start: the trigger as the workflow's active version has it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from layers.runtime.admission.limit import Limit, read_limit
from layers.runtime.arms import Split
from layers.runtime.firing.message import Firing
from layers.runtime.firing.outcome import Refused, refused
from layers.runtime.json_value import JsonObject
from layers.runtime.store import Store
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import find_head

FIRED_TYPES: Final = frozenset({"schedule", "event"})
"""Of triggers: those that something in AWS fires, by way of the queue `starts`."""
UNRECORDED_VERSION: Final = 0
"""Of runs of a workflow that was deployed with the stack, of which the table has no version."""


@dataclass(frozen=True, slots=True)
class Target:
    """A trigger of a version, and what its runs are started by."""

    version: int
    alias_arn: str
    trigger: JsonObject
    has_input: bool = False
    limit: Limit | None = None
    split: Split | None = None
    """Where an A/B has two versions, which have the same trigger."""


def find_target(store: Store, firing: Firing) -> Target | Refused:
    """What the firing is for, or why it is for nothing.

    A workflow that was deployed with the stack has no head; its schedules and rules say all that is needed.
    """
    head = find_head(store, firing.workflow)
    if head is None or head.status == "deleted":
        deployed = firing.fields.get("deployed")
        if isinstance(deployed, Mapping) and isinstance(deployed.get("trigger"), Mapping):
            return _deployed(deployed)
        return refused("workflow_not_active", f"There is no workflow '{firing.workflow}'.")
    if head.status == "paused":
        return refused("workflow_paused", f"Workflow '{head.id}' is paused.")
    if head.status != "active" or head.active_version is None or head.alias_arn is None:
        return refused("workflow_not_active", f"Workflow '{head.id}' was never activated.")
    version = find_version(store, head.id, head.active_version)
    trigger = trigger_of(version.triggers if version else (), firing.trigger)
    if version is None or trigger is None or trigger["type"] != firing.type:
        detail = (
            f"Version {head.active_version} of '{head.id}' has no {firing.type} trigger '{firing.trigger}'."
        )
        return refused("trigger_gone", detail)
    limit = read_limit(version.concurrency)
    return Target(version.number, head.alias_arn, trigger, version.has_input, limit, head.split)


def trigger_of(triggers: Sequence[JsonObject], name: str) -> JsonObject | None:
    """The trigger of that id."""
    return next((trigger for trigger in triggers if trigger["id"] == name), None)


def _deployed(deployed: JsonObject) -> Target:
    trigger = deployed["trigger"]
    assert isinstance(trigger, Mapping)
    return Target(UNRECORDED_VERSION, str(deployed["alias_arn"]), trigger)
