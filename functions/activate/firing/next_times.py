"""When the schedules of an active workflow fire next."""

from __future__ import annotations

from itertools import islice
from typing import Final

from functions.activate.firing.arming import Arming
from functions.activate.firing.cycles import live_triggers
from functions.activate.firing.schedule_plan import times_of
from layers.runtime.firing.message import moment_of
from layers.runtime.json_value import JsonValue
from layers.runtime.node_run import iso_time
from layers.runtime.store.trigger_records import list_trigger_records
from layers.runtime.store.workflows import find_head

MOST: Final = 5


def next_times(arming: Arming, workflow: str) -> dict[str, JsonValue]:
    """By trigger the next five times, in UTC; nothing for a workflow that is not active."""
    head = find_head(arming.store, workflow)
    if head is None or head.status != "active":
        return {}
    records = list_trigger_records(arming.store, workflow)
    found: dict[str, JsonValue] = {}
    for trigger in live_triggers(arming.store, head):
        name = str(trigger["id"])
        if trigger["type"] == "schedule":
            position = moment_of(records[name].position) if name in records else None
            times = times_of(trigger).after(arming.clock(), counted_from=position)
            found[name] = [iso_time(time) for time in islice(times, MOST)]
    return found
