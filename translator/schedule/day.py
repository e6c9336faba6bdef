"""Rules that pick days of a month."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import Final, TypeAlias

_WEEK: Final = 7
_SATURDAY: Final = 7
_SUNDAY: Final = 1


def _weekday(year: int, month: int, day: int) -> int:
    """Sunday is 1, as AWS counts."""
    first = monthrange(year, month)[0]
    return (first + 1 + day - 1) % _WEEK + 1


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """Fixed days; a day that a month lacks is left out."""

    days: frozenset[int]

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        length = monthrange(year, month)[1]
        return frozenset(day for day in self.days if day <= length)


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of each month."""

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        return frozenset((monthrange(year, month)[1],))


@dataclass(frozen=True, slots=True)
class NearestWeekday:
    """The working day nearest to a day, within its month."""

    day: int

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month; none where the month lacks the day."""
        length = monthrange(year, month)[1]
        if self.day > length:
            return frozenset()
        weekday = _weekday(year, month, self.day)
        if weekday == _SATURDAY:
            return frozenset((self.day + 2 if self.day == 1 else self.day - 1,))
        if weekday == _SUNDAY:
            return frozenset((self.day - 2 if self.day == length else self.day + 1,))
        return frozenset((self.day,))


@dataclass(frozen=True, slots=True)
class DaysOfWeek:
    """Every one of some weekdays, Sunday being 1."""

    weekdays: frozenset[int]

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        days = range(1, monthrange(year, month)[1] + 1)
        return frozenset(day for day in days if _weekday(year, month, day) in self.weekdays)


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth of a weekday in each month that has so many."""

    weekday: int
    nth: int

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        day = 1 + (self.weekday - _weekday(year, month, 1)) % _WEEK + (self.nth - 1) * _WEEK
        return frozenset((day,)) if day <= monthrange(year, month)[1] else frozenset()


@dataclass(frozen=True, slots=True)
class LastWeekday:
    """The last of a weekday in each month."""

    weekday: int

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        length = monthrange(year, month)[1]
        return frozenset((length - (_weekday(year, month, length) - self.weekday) % _WEEK,))


@dataclass(frozen=True, slots=True)
class EitherDay:
    """Unix cron with both day fields restricted: a day that one of them picks."""

    one: DaysOfMonth
    other: DaysOfWeek

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        return self.one.of(year, month) | self.other.of(year, month)


@dataclass(frozen=True, slots=True)
class BothDays:
    """Unix cron where one of the day fields begins with `*`: a day that both pick."""

    one: DaysOfMonth
    other: DaysOfWeek

    def of(self, year: int, month: int) -> frozenset[int]:
        """The days of one month."""
        return self.one.of(year, month) & self.other.of(year, month)


DayRule: TypeAlias = (
    DaysOfMonth | LastDay | NearestWeekday | DaysOfWeek | NthWeekday | LastWeekday | EitherDay | BothDays
)
