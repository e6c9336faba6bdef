"""The policies of a trigger about time: jitter, its calendar, and what comes too late."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from boto3.dynamodb.conditions import Attr

from layers.runtime.firing.calendar import calendar_of
from layers.runtime.firing.message import Firing, moment_of
from layers.runtime.firing.outcome import Outcome, Postponed, refused
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.node_run import iso_time
from layers.runtime.store import Store
from layers.runtime.store.trigger_records import change_record

MISSED_AFTER_SECONDS = 300


def due_at(firing: Firing) -> datetime:
    """When it was to fire: the scheduled time, the event's time, else when it did."""
    event = firing.fields.get("event")
    written = event.get("time") if isinstance(event, Mapping) else firing.fields.get("scheduled_at")
    return moment_of(written) or firing.fired_at


def held_back(firing: Firing, trigger: JsonObject, now: datetime) -> Outcome | None:
    """Whether jitter or the calendar keeps a firing from starting a run now."""
    jitter = _jitter(firing, trigger)
    until = due_at(firing) + timedelta(seconds=jitter)
    if jitter and now < until and firing.replay is None:
        return Postponed(until, "jitter")
    calendar = calendar_of(trigger)
    if calendar is None or calendar.is_open(now):
        return None
    opening = calendar.next_opening(now) if calendar.waits else None
    if opening is not None:
        return Postponed(opening, "calendar_closed")
    return refused("calendar_closed", f"The calendar of trigger '{firing.trigger}' is closed.")


def too_late(store: Store, firing: Firing, trigger: JsonObject, now: datetime) -> Outcome | None:
    """What the policy of a schedule says of a time that comes late; None lets it start a run.

    What has been held back on purpose is not late. A repeated delivery gets the answer that it got before.
    """
    if firing.type != "schedule" or firing.waits:
        return None
    allowed = _whole(trigger.get("missed_after_seconds"), MISSED_AFTER_SECONDS)
    allowed += _whole(trigger.get("window_minutes"), 0) * 60 + _whole(trigger.get("jitter_seconds"), 0)
    due = due_at(firing)
    if now - due <= timedelta(seconds=allowed):
        return None
    policy = trigger.get("missed") or "once"
    if policy == "skip":
        return refused("missed", f"The time {iso_time(due)} was missed, and `missed` is skip.")
    if policy == "once" and not _makes_up(store, firing, due, now):
        return refused("missed", f"The time {iso_time(due)} was missed, and a run has made up for it.")
    if policy == "all" and not _is_within_limit(store, firing, _whole(trigger.get("missed_limit"), 100)):
        return refused(
            "missed", f"The time {iso_time(due)} was missed, like more than `missed_limit` others."
        )
    return None


def _makes_up(store: Store, firing: Firing, due: datetime, now: datetime) -> bool:
    """Whether this is the one late firing that makes up for all times until now; one only can be it."""
    values = {"missed_until": iso_time(now), "missed_by": firing.identity}
    open_ = Attr("missed_until").not_exists() | Attr("missed_until").lt(iso_time(due))
    mine = Attr("missed_by").eq(firing.identity)
    return change_record(store, firing.workflow, firing.trigger, values, open_ | mine)


def _is_within_limit(store: Store, firing: Firing, limit: int) -> bool:
    """Whether fewer late firings than the limit were let through since the last punctual one."""
    below = Attr("missed_runs").not_exists() | Attr("missed_runs").lt(limit)
    return change_record(store, firing.workflow, firing.trigger, {}, below, numbers={"missed_runs": 1})


def _jitter(firing: Firing, trigger: JsonObject) -> int:
    """Seconds to wait: the same for the same firing, so that a repeated delivery waits no longer."""
    most = _whole(trigger.get("jitter_seconds"), 0)
    digest = hashlib.sha256(firing.key.encode()).digest()
    return int.from_bytes(digest[:4], "big") % (most + 1)


def _whole(value: JsonValue, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
