"""The triggers that AWS fires, and the policies that a firing is held to before it starts a run."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints

from translator.definition.base import DefinitionModel, Identifier

ClockTime: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
BusName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[/._A-Za-z0-9-]+$", max_length=256)]


class Calendar(DefinitionModel):
    """The times in which runs may start, on the clocks of its zone."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    )
    opens: ClockTime = "00:00"
    closes: ClockTime = "24:00"
    """The first minute in which it is closed again."""
    holidays: tuple[str, ...] = ()
    """Days on which it stays closed: `2026-12-24`, or `12-25` of every year."""
    timezone: str | None = None
    """By default that of the schedule, and UTC for other triggers."""
    outside: Literal["skip", "wait"] = "skip"
    """What becomes of a firing while it is closed: nothing, or a run as soon as it opens."""


class FiredTrigger(DefinitionModel):
    """What the triggers that AWS fires have in common."""

    id: Identifier
    entry: Identifier | None = None
    overlap: Literal["allow", "skip", "queue", "cancel_previous"] = "allow"
    """What a firing does while the run that this trigger started before is still open."""
    calendar: Calendar | None = None


class ScheduleTrigger(FiredTrigger):
    """Fires by the clock: exactly one of `cron`, `rate`, `at`."""

    type: Literal["schedule"]
    cron: str | None = None
    rate: str | None = None
    at: str | None = None
    timezone: str = "UTC"
    start: str | None = None
    """The first moment at which it may fire; a rate counts from it. A local time if it names no offset."""
    end: str | None = None
    window_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    """The service may fire up to so much later, to spread load (EventBridge Scheduler's flexible window)."""
    jitter_seconds: Annotated[int, Field(ge=1, le=900)] | None = None
    """Each firing waits for a part of it, the same part for the same scheduled time."""
    missed: Literal["skip", "once", "all"] = "once"
    """What becomes of times that passed while the workflow was paused, or that reach it too late."""
    missed_limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """The most runs that make up for missed times in a row, with `missed: all`."""
    missed_after_seconds: Annotated[int, Field(ge=60, le=86_400)] = 300
    """How late a time counts as missed, beside its window and its jitter."""


class EventTrigger(FiredTrigger):
    """Fires on an EventBridge event that matches `pattern`."""

    type: Literal["event"]
    pattern: dict[str, Any]
    bus: BusName = "platform"
    """The bus that it listens to: the project's own (`platform`), `default`, or another by name or ARN."""
