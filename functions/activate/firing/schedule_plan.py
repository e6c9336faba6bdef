"""What EventBridge Scheduler is told of a schedule trigger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from layers.runtime.firing.names import resource_name
from layers.runtime.json_value import JsonObject, JsonValue, write_json
from translator.schedule import (
    Rate,
    Schedule,
    ScheduleReading,
    occurrences,
    read_at,
    read_cron,
    read_moment,
    read_rate,
    read_zone,
)

SCHEDULED_TIME: Final = "<aws.scheduler.scheduled-time>"
"""What the service puts the time in for (AWS: Scheduler, context attributes)."""
NOTHING_MORE: Final[JsonObject] = MappingProxyType({})
_AGE_SECONDS: Final = 86_400
_TRIES: Final = 185


@dataclass(frozen=True, slots=True)
class Targets:
    """Where firings go: ARNs of the queue, of its dead letters, and of the role that may send to all."""

    queue: str
    dead_letters: str
    role: str
    polls: str = ""
    """The ARN of the queue of polls, which are no firings yet."""

    def of(self, message: JsonObject) -> dict[str, Any]:
        """The target of a schedule that sends a message."""
        return {
            "Arn": self.queue,
            "RoleArn": self.role,
            "Input": write_json(message),
            "RetryPolicy": {"MaximumEventAgeInSeconds": _AGE_SECONDS, "MaximumRetryAttempts": _TRIES},
            "DeadLetterConfig": {"Arn": self.dead_letters},
        }


@dataclass(frozen=True, slots=True)
class ScheduleTimes:
    """When a trigger fires."""

    reading: ScheduleReading
    zone: str
    start: datetime | None
    end: datetime | None

    @property
    def is_rate(self) -> bool:
        """Whether its times are counted from one to the next."""
        return isinstance(self.reading.expression, Rate)

    def after(self, moment: datetime, counted_from: datetime | None = None) -> Iterator[datetime]:
        """Its times later than a moment; those of a rate are counted from one of them."""
        origin = counted_from or self.start or moment
        start = None if self.is_rate and counted_from is not None else self.start
        expression = self.reading.expression
        return occurrences(Schedule(expression, read_zone(self.zone), origin, start, self.end), moment)


def times_of(trigger: JsonObject) -> ScheduleTimes:
    """When a schedule trigger fires, as the definition language writes it; the compiler has checked it."""
    zone = str(trigger.get("timezone") or "UTC")
    bounds = [_moment(trigger.get(name), zone) for name in ("start", "end")]
    return ScheduleTimes(_reading(trigger), zone, *bounds)


def timed(trigger: JsonObject, targets: Targets) -> tuple[JsonObject, Targets]:
    """A trigger with times as a schedule trigger, and where what they send goes: of a poll its interval."""
    if trigger["type"] != "poll":
        return trigger, targets
    return {**trigger, "rate": trigger["every"], "missed": "skip"}, replace(targets, queue=targets.polls)


def schedules_of(
    workflow: str,
    trigger: JsonObject,
    targets: Targets,
    *,
    now: datetime,
    enabled: bool,
    more: JsonObject = NOTHING_MORE,
) -> Mapping[str, dict[str, Any]]:
    """By name the schedules that fire a trigger; none if all its times have passed.

    `more` is what the message says besides. Two for a Unix cron with both day fields: a day that both fire
    has one identity, so it starts one run.
    """
    times = times_of(trigger)
    if next(times.after(now), None) is None:
        return {}
    identity: dict[str, JsonValue] = {"identity": SCHEDULED_TIME, "scheduled_at": SCHEDULED_TIME}
    message = {"workflow": workflow, "trigger": trigger["id"], "type": trigger["type"], **identity, **more}
    settings: dict[str, Any] = {
        "ScheduleExpressionTimezone": times.zone,
        "FlexibleTimeWindow": _window(trigger.get("window_minutes")),
        "State": "ENABLED" if enabled else "DISABLED",
        "Description": f"Trigger {trigger['id']} of workflow {workflow}",
        "Target": targets.of(message),
        "ActionAfterCompletion": "NONE",
    }
    # AWS refuses a start that lies more than five minutes back, and means the same without one.
    if times.start is not None and times.start > now:
        settings["StartDate"] = times.start
    if times.end is not None:
        settings["EndDate"] = times.end
    return {
        schedule_name(workflow, trigger, number): {**settings, "ScheduleExpression": expression}
        for number, expression in enumerate(times.reading.aws)
    }


def schedule_name(workflow: str, trigger: JsonObject, number: int = 0) -> str:
    """The name of a trigger's first schedule, or of its second."""
    return resource_name(workflow, str(trigger["id"]), *([str(number)] if number else []))


def _reading(trigger: JsonObject) -> ScheduleReading:
    for field, read in (("cron", read_cron), ("rate", read_rate), ("at", read_at)):
        text = trigger.get(field)
        if isinstance(text, str):
            return read(text)
    raise ValueError(f"trigger '{trigger['id']}' has no times")


def _moment(text: JsonValue, zone: str) -> datetime | None:
    return read_moment(text, read_zone(zone)).astimezone(UTC) if isinstance(text, str) else None


def _window(minutes: JsonValue) -> dict[str, Any]:
    return {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": minutes} if minutes else {"Mode": "OFF"}
