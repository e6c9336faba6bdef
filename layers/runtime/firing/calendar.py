"""The calendar of a trigger: whether it is open, and when it opens next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from layers.runtime.json_value import JsonObject, JsonValue

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD_DAYS: Final = 400
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The times in which runs may start: on its days, from `opens` up to `closes`, minutes of the day."""

    zone: ZoneInfo
    days: frozenset[int]
    opens: int
    closes: int
    holidays: frozenset[str]
    waits: bool
    """Whether a firing while it is closed waits until it opens, instead of being refused."""

    def is_open(self, moment: datetime) -> bool:
        """Whether a run may start then."""
        local = moment.astimezone(self.zone)
        return self._is_day(local.date()) and self.opens <= local.hour * 60 + local.minute < self.closes

    def next_opening(self, moment: datetime) -> datetime | None:
        """The first moment after another at which it opens; None if that is more than a year away."""
        return next((opening for opening in self._openings(moment) if opening > moment), None)

    def _openings(self, moment: datetime) -> Iterator[datetime]:
        first = moment.astimezone(self.zone).date()
        for passed in range(_LOOK_AHEAD_DAYS):
            day = first + passed * _DAY
            if self._is_day(day):
                midnight = datetime.combine(day, time(), self.zone)
                yield (midnight + timedelta(minutes=self.opens)).astimezone(UTC)

    def _is_day(self, day: date) -> bool:
        is_holiday = day.isoformat() in self.holidays or f"{day:%m-%d}" in self.holidays
        return day.weekday() in self.days and not is_holiday


def calendar_of(trigger: JsonObject) -> Calendar | None:
    """The calendar of a trigger, as the definition language writes triggers."""
    written = trigger.get("calendar")
    if not isinstance(written, Mapping):
        return None
    zone = written.get("timezone") or trigger.get("timezone") or "UTC"
    days = cast("Sequence[str]", written.get("days") or _WEEKDAYS)
    return Calendar(
        zone=ZoneInfo(str(zone)),
        days=frozenset(_WEEKDAYS.index(day) for day in days),
        opens=_minutes(written.get("opens"), "00:00"),
        closes=_minutes(written.get("closes"), "24:00"),
        holidays=frozenset(cast("Sequence[str]", written.get("holidays") or ())),
        waits=written.get("outside") == "wait",
    )


def _minutes(text: JsonValue, otherwise: str) -> int:
    hours, _, minutes = (text if isinstance(text, str) else otherwise).partition(":")
    return int(hours) * 60 + int(minutes)
