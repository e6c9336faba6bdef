"""Unix cron's five fields, and the AWS expressions that fire at the same times."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from translator.schedule.day import BothDays, DayRule, DaysOfMonth, DaysOfWeek, EitherDay
from translator.schedule.error import ScheduleSyntaxError
from translator.schedule.expression import CronExpression
from translator.schedule.field import DAY_OF_MONTH, HOUR, MINUTE, MONTH, WEEKDAYS, YEAR, Field

_FIELDS: Final = 5
_WEEK: Final = 7
_WEEKDAY: Final = Field(
    "day of the week",
    0,
    7,
    MappingProxyType({name: index for index, name in enumerate(WEEKDAYS)}),
    wraps=False,
)
_WEEKDAY_OF_ALL: Final = Field("day of the week", 0, 6)
_NICKNAMES: Final = MappingProxyType(
    {
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
        "@monthly": "0 0 1 * *",
        "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@hourly": "0 * * * *",
    }
)


@dataclass(frozen=True, slots=True)
class UnixCron:
    """A five-field expression and what AWS's scheduler needs to fire at its times."""

    expression: CronExpression
    aws: tuple[str, ...]
    """One cron(...), or two where either of both day fields picks a day."""


def parse_unix_cron(text: str) -> UnixCron:
    """Reads `minute hour day-of-month month day-of-week` (Sunday is 0 or 7), or a nickname such as @daily.

    As Vixie cron does: with both day fields restricted, a day of either fires. Raises ScheduleSyntaxError,
    also for the one case that AWS cannot say: `*/2` in one day field and a value in the other, where both
    have to hold.
    """
    fields = _NICKNAMES.get(text.strip(), text).split()
    if len(fields) != _FIELDS:
        raise ScheduleSyntaxError(
            f"'{text}' has {len(fields)} fields",
            "Cron has five (minute hour day-of-month month day-of-week); AWS's own has six, with the year",
        )
    minute, hour, day, month, weekday = fields
    expression = CronExpression(
        minutes=tuple(sorted(MINUTE.values(minute))),
        hours=tuple(sorted(HOUR.values(hour))),
        months=MONTH.values(month),
        years=YEAR.values("*"),
        days=_days(day, weekday),
    )
    return UnixCron(expression, _aws(minute, hour, month, expression.days))


def _days(day: str, weekday: str) -> DayRule:
    of_month = DaysOfMonth(DAY_OF_MONTH.values(day))
    field = _WEEKDAY_OF_ALL if weekday.startswith("*") else _WEEKDAY
    of_week = DaysOfWeek(frozenset(value % _WEEK + 1 for value in field.values(weekday)))
    if len(of_week.weekdays) == _WEEK and weekday.startswith("*"):
        return of_month
    if day == "*":
        return of_week
    return BothDays(of_month, of_week) if "*" in (day[0], weekday[0]) else EitherDay(of_month, of_week)


def _aws(minute: str, hour: str, month: str, days: DayRule) -> tuple[str, ...]:
    if isinstance(days, EitherDay):
        return _aws(minute, hour, month, days.one) + _aws(minute, hour, month, days.other)
    if isinstance(days, DaysOfMonth):
        return (f"cron({minute} {hour} {_listed(days.days, DAY_OF_MONTH)} {month} ? *)",)
    if isinstance(days, DaysOfWeek):
        names = ",".join(WEEKDAYS[weekday - 1] for weekday in sorted(days.weekdays))
        return (f"cron({minute} {hour} ? {month} {names} *)",)
    raise ScheduleSyntaxError(
        "both day fields have to hold at once, which AWS's scheduler cannot say",
        "Write * in one of the two day fields, or list the days",
    )


def _listed(values: frozenset[int], field: Field) -> str:
    if len(values) == field.most - field.least + 1:
        return "*"
    return ",".join(str(value) for value in sorted(values))
