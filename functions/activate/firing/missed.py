"""The times of a schedule that passed while its workflow was paused."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import takewhile

from functions.activate.firing.schedule_plan import ScheduleTimes
from layers.runtime.firing.message import Firing
from layers.runtime.json_value import JsonObject


def missed_firings(
    workflow: str, trigger: JsonObject, times: ScheduleTimes, position: datetime, now: datetime
) -> Iterator[Firing]:
    """What makes up for them as the trigger's `missed` says: nothing, the last, or the last of a bound.

    Each has the identity that the scheduled firing would have had, so none starts twice.
    """
    policy = trigger.get("missed") or "once"
    if policy == "skip":
        return
    limit = trigger.get("missed_limit")
    most = 1 if policy == "once" else limit if isinstance(limit, int) else 100
    passed = takewhile(lambda time: time <= now, times.after(position, counted_from=position))
    for time in deque(passed, maxlen=most):
        at = f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        yield Firing(workflow, str(trigger["id"]), str(trigger["type"]), at, now, {"scheduled_at": at})
