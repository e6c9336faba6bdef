"""The instants at which a schedule fires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from translator.schedule.expression import CronExpression, OneTime, Rate, ScheduleExpression

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """An expression with its zone and the time in which it holds; `start` and `end` are aware, both included.

    A rate counts from `start`, else from `created`.
    """

    expression: ScheduleExpression
    zone: ZoneInfo
    created: datetime
    start: datetime | None = None
    end: datetime | None = None


def occurrences(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """The instants later than `after`, in UTC and in order; endless for a rate without an end.

    A cron time that the clocks skip does not fire, one that they show twice fires the first time only
    (EventBridge Scheduler user guide, "Daylight savings time").
    """
    for instant in _instants(schedule, after):
        if schedule.end is not None and instant > schedule.end:
            return
        if instant > after and (schedule.start is None or instant >= schedule.start):
            yield instant


def _instants(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    expression = schedule.expression
    if isinstance(expression, Rate):
        return _of_rate(expression, schedule.start or schedule.created, after)
    if isinstance(expression, OneTime):
        return iter((expression.at.replace(tzinfo=schedule.zone).astimezone(UTC),))
    return _of_cron(expression, schedule.zone, max(after, schedule.start or after))


def _of_rate(rate: Rate, first: datetime, after: datetime) -> Iterator[datetime]:
    passed = max(0, (after - first) // rate.period)
    instant = first.astimezone(UTC) + passed * rate.period
    while True:
        yield instant
        try:
            instant += rate.period
        except OverflowError:
            return


def _of_cron(cron: CronExpression, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    first = after.astimezone(zone).date() - _DAY
    for day in _days(cron, first):
        yield from _of_day(cron, zone, day)


def _days(cron: CronExpression, first: date) -> Iterator[date]:
    for year in sorted(year for year in cron.years if year >= first.year):
        for month in sorted(cron.months):
            if (year, month) < (first.year, first.month):
                continue
            for number in sorted(cron.days.of(year, month)):
                day = date(year, month, number)
                if day >= first:
                    yield day


def _of_day(cron: CronExpression, zone: ZoneInfo, day: date) -> Iterator[datetime]:
    midnight = datetime.combine(day, time())
    offset = _constant_offset(midnight, zone)
    for hour in cron.hours:
        for minute in cron.minutes:
            local = midnight + timedelta(hours=hour, minutes=minute)
            if offset is not None:
                yield (local - offset).replace(tzinfo=UTC)
            elif (instant := _instant(local, zone)) is not None:
                yield instant


def _constant_offset(midnight: datetime, zone: ZoneInfo) -> timedelta | None:
    """The offset of a whole day, or None on a day on which the clocks change."""
    hours = (midnight + timedelta(hours=hour) for hour in range(25))
    offsets = {local.replace(tzinfo=zone, fold=fold).utcoffset() for local in hours for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


def _instant(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant at which the clocks show a local time, or None if they never do."""
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    return instant if shown == local else None
