"""The expressions of EventBridge Scheduler: cron(...), rate(...), at(...).

Source: EventBridge Scheduler user guide, "Schedule types".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from translator.schedule.day import (
    DayRule,
    DaysOfMonth,
    DaysOfWeek,
    LastDay,
    LastWeekday,
    NearestWeekday,
    NthWeekday,
)
from translator.schedule.error import ScheduleSyntaxError
from translator.schedule.field import DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH, YEAR

_FIELDS: Final = 6
_MOST_IN_MONTH: Final = 5
_CALL: Final = re.compile(r"(cron|rate|at)\((.*)\)", re.DOTALL)
_RATE: Final = re.compile(r"([0-9]+) +(minute|hour|day)s?")
_AT: Final = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True, slots=True)
class CronExpression:
    """Local times of a calendar: sorted minutes and hours, months, years and a rule for days."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    years: frozenset[int]
    days: DayRule


@dataclass(frozen=True, slots=True)
class Rate:
    """Every so much elapsed time, whatever the clocks on the wall do."""

    period: timedelta


@dataclass(frozen=True, slots=True)
class OneTime:
    """One local time, without a zone."""

    at: datetime


ScheduleExpression: TypeAlias = CronExpression | Rate | OneTime


def parse_expression(text: str) -> ScheduleExpression:
    """Reads cron(...) of six fields, rate(...) or at(...).

    Raises ScheduleSyntaxError.
    """
    call = _CALL.fullmatch(text.strip())
    if call is None:
        raise ScheduleSyntaxError(
            f"'{text}' is no schedule expression",
            "Write cron(minutes hours day-of-month month day-of-week year), rate(5 minutes) or "
            "at(2026-12-24T18:00:00)",
        )
    kind, inner = call.groups()
    if kind == "cron":
        return parse_cron(inner)
    return parse_rate(inner) if kind == "rate" else parse_at(inner)


def parse_cron(text: str) -> CronExpression:
    """Reads AWS's six fields; raises ScheduleSyntaxError."""
    fields = text.split()
    if len(fields) != _FIELDS:
        raise ScheduleSyntaxError(
            f"'{text}' has {len(fields)} fields",
            "AWS's cron has six: minutes hours day-of-month month day-of-week year",
        )
    minute, hour, day, month, weekday, year = fields
    return CronExpression(
        minutes=tuple(sorted(MINUTE.values(minute))),
        hours=tuple(sorted(HOUR.values(hour))),
        months=MONTH.values(month),
        years=YEAR.values(year),
        days=_days(day, weekday),
    )


def parse_rate(text: str) -> Rate:
    """Reads `5 minutes`; raises ScheduleSyntaxError."""
    matched = _RATE.fullmatch(text.strip())
    if matched is None or int(matched[1]) == 0:
        raise ScheduleSyntaxError(
            f"'{text}' is no rate", "Write a count and a unit: 5 minutes, 1 hour, 2 days"
        )
    try:
        return Rate(timedelta(**{f"{matched[2]}s": int(matched[1])}))
    except OverflowError as error:
        raise ScheduleSyntaxError(
            f"the rate '{text}' is too long", "Write a count that a calendar holds"
        ) from error


def parse_at(text: str) -> OneTime:
    """Reads `2026-12-24T18:00:00`; raises ScheduleSyntaxError."""
    try:
        return OneTime(datetime.strptime(text.strip(), _AT))  # noqa: DTZ007 - the zone is the schedule's
    except ValueError as error:
        raise ScheduleSyntaxError(f"'{text}' is no local time", "Write it as 2026-12-24T18:00:00") from error


def _days(day: str, weekday: str) -> DayRule:
    if (day == "?") == (weekday == "?"):
        raise ScheduleSyntaxError(
            f"day-of-month '{day}' and day-of-week '{weekday}' cannot stand together",
            "Write ? in exactly one of the two",
        )
    return _day_of_month(day) if weekday == "?" else _day_of_week(weekday)


def _day_of_month(text: str) -> DayRule:
    upper = text.upper()
    if upper == "L":
        return LastDay()
    if upper.endswith("W"):
        return NearestWeekday(DAY_OF_MONTH.number(upper[:-1]))
    return DaysOfMonth(DAY_OF_MONTH.values(text))


def _day_of_week(text: str) -> DayRule:
    upper = text.upper()
    if upper == "L":
        return DaysOfWeek(frozenset((DAY_OF_WEEK.most,)))
    if "#" in upper:
        return _nth_weekday(upper)
    if upper.endswith("L"):
        return LastWeekday(DAY_OF_WEEK.number(upper[:-1]))
    return DaysOfWeek(DAY_OF_WEEK.values(text))


def _nth_weekday(text: str) -> NthWeekday:
    weekday, _, nth = text.partition("#")
    if not (nth.isascii() and nth.isdigit() and 1 <= int(nth) <= _MOST_IN_MONTH):
        raise ScheduleSyntaxError(f"'{text}' is no nth weekday", "Write 2#1 for the first Monday, up to 2#5")
    return NthWeekday(DAY_OF_WEEK.number(weekday), int(nth))
