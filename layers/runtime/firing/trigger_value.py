"""The `$trigger` of a run that a firing starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from layers.runtime.firing.message import Firing, MalformedFiringError
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.timeline import iso_time


def trigger_value(firing: Firing) -> dict[str, JsonValue]:
    """What the run finds in `$trigger`; raises MalformedFiringError for a message that lacks it."""
    make = _BY_TYPE.get(firing.type)
    if make is None:
        raise MalformedFiringError(f"no firing is of type '{firing.type}'")
    value: dict[str, JsonValue] = {"id": firing.trigger, "type": firing.type, **make(firing)}
    return value if firing.replay is None else {**value, "replay": firing.replay}


def _schedule(firing: Firing) -> JsonObject:
    scheduled = firing.fields.get("scheduled_at")
    if not isinstance(scheduled, str):
        raise MalformedFiringError("the firing of a schedule lacks 'scheduled_at'")
    return {"scheduled_at": scheduled, "fired_at": iso_time(firing.fired_at), "body": {}}


def _event(firing: Firing) -> JsonObject:
    event = firing.fields.get("event")
    if not isinstance(event, Mapping):
        raise MalformedFiringError("the firing of an event lacks 'event'")
    return {"event": event, "body": event.get("detail")}


def _manual(firing: Firing) -> JsonObject:
    return {"body": firing.fields.get("body")}


def _workflow(firing: Firing) -> JsonObject:
    runs = firing.fields.get("runs")
    if not isinstance(runs, list) or not runs:
        raise MalformedFiringError("the firing of a workflow lacks 'runs'")
    outputs = {str(run["workflow"]): run.get("output") for run in runs if isinstance(run, Mapping)}
    return {"runs": runs, "body": outputs if len(runs) > 1 else next(iter(outputs.values()))}


def _poll(firing: Firing) -> JsonObject:
    if "items" in firing.fields:
        return {"items": firing.fields["items"], "body": firing.fields["items"]}
    if "item" not in firing.fields:
        raise MalformedFiringError("the firing of a poll lacks 'item' or 'items'")
    return {"item": firing.fields["item"], "body": firing.fields["item"]}


_BY_TYPE: Final[Mapping[str, Callable[[Firing], JsonObject]]] = {
    "schedule": _schedule,
    "event": _event,
    "manual": _manual,
    "workflow": _workflow,
    "poll": _poll,
}
