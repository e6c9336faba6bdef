"""Expressions of EventBridge Scheduler and the instants they stand for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from translator.schedule import Schedule, ScheduleSyntaxError, occurrences, parse_expression

_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def _fires(text: str, count: int = 3, zone: str = "UTC", after: datetime = _NEW_YEAR) -> list[str]:
    schedule = Schedule(parse_expression(text), ZoneInfo(zone), created=after)
    return [f"{instant:%Y-%m-%dT%H:%M}" for instant in islice(occurrences(schedule, after), count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cron(0 10 * * ? *)", ["2026-01-01T10:00", "2026-01-02T10:00", "2026-01-03T10:00"]),
        ("cron(15 12 ? * MON-FRI *)", ["2026-01-01T12:15", "2026-01-02T12:15", "2026-01-05T12:15"]),
        ("cron(0/15 9-10 1 6 ? 2027)", ["2027-06-01T09:00", "2027-06-01T09:15", "2027-06-01T09:30"]),
        ("cron(0 0 L * ? *)", ["2026-01-31T00:00", "2026-02-28T00:00", "2026-03-31T00:00"]),
        ("cron(0 0 ? * L *)", ["2026-01-03T00:00", "2026-01-10T00:00", "2026-01-17T00:00"]),
        ("cron(0 0 ? * 6L *)", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-27T00:00"]),
        ("cron(0 0 ? * FRIL *)", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-27T00:00"]),
        ("cron(0 0 ? * 3#2 *)", ["2026-01-13T00:00", "2026-02-10T00:00", "2026-03-10T00:00"]),
        ("cron(0 0 ? * SUN#5 *)", ["2026-03-29T00:00", "2026-05-31T00:00", "2026-08-30T00:00"]),
        ("cron(0 0 1W * ? *)", ["2026-02-02T00:00", "2026-03-02T00:00"]),
        ("cron(0 0 31W * ? *)", ["2026-01-30T00:00", "2026-03-31T00:00", "2026-05-29T00:00"]),
        ("cron(0 22-2/2 ? 12 FRI-MON 2026)", ["2026-12-04T00:00", "2026-12-04T02:00", "2026-12-04T22:00"]),
        ("cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]),
        ("cron(0 0 30 2 ? *)", []),
        ("cron(0 0 1 1 ? 2020)", []),
        ("rate(1 day)", ["2026-01-02T00:00", "2026-01-03T00:00", "2026-01-04T00:00"]),
        ("rate(90 minutes)", ["2026-01-01T01:30", "2026-01-01T03:00", "2026-01-01T04:30"]),
        ("at(2026-12-24T18:00:00)", ["2026-12-24T18:00"]),
        ("at(2025-12-24T18:00:00)", []),
    ],
)
def test_an_expression_fires_at_its_times(text: str, expected: list[str]) -> None:
    assert _fires(text, max(len(expected), 1)) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("cron(0 9 * * * *)", "cannot stand together"),
        ("cron(0 9 ? * ? *)", "cannot stand together"),
        ("cron(0 9 * * ?)", "5 fields"),
        ("cron(60 9 * * ? *)", "'60' is no minute"),
        ("cron(0 24 * * ? *)", "'24' is no hour"),
        ("cron(0/0 9 * * ? *)", "no step"),
        ("cron(0 9 0 * ? *)", "'0' is no day of the month"),
        ("cron(0 9 ? * 8 *)", "'8' is no day of the week"),
        ("cron(0 9 ? * 2#6 *)", "no nth weekday"),
        ("cron(0 9 1W,15 * ? *)", "'1W' is no day"),
        ("cron(0 9 * FOO ? *)", "'FOO' is no month"),
        ("cron(0 9 * * ? 2030-2028)", "ends before it begins"),
        ("cron(0 9 * * ? 2200)", "'2200' is no year"),
        ("cron(0 9 , * ? *)", "'' is no day"),
        ("rate(0 minutes)", "no rate"),
        ("rate(5 fortnights)", "no rate"),
        ("rate(99999999999 days)", "too long"),
        ("at(2026-02-30T00:00:00)", "no local time"),
        ("every day", "no schedule expression"),
    ],
)
def test_an_expression_that_means_nothing_is_refused_with_what_to_write(text: str, part: str) -> None:
    with pytest.raises(ScheduleSyntaxError) as raised:
        parse_expression(text)
    assert part in raised.value.message
    assert raised.value.hint


def test_a_time_that_the_clocks_skip_does_not_fire() -> None:
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert _fires("cron(30 2 * * ? *)", 2, "Europe/Rome", after) == ["2026-03-30T00:30", "2026-03-31T00:30"]


def test_a_time_that_the_clocks_show_twice_fires_once() -> None:
    after = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert _fires("cron(30 2 * * ? *)", 2, "Europe/Rome", after) == ["2026-10-25T00:30", "2026-10-26T01:30"]


def test_a_rate_of_a_day_is_twenty_four_hours_also_when_the_clocks_change() -> None:
    after = datetime(2026, 3, 28, 0, tzinfo=UTC)
    assert _fires("rate(1 day)", 2, "Europe/Rome", after) == ["2026-03-29T00:00", "2026-03-30T00:00"]


def test_a_schedule_fires_from_its_start_to_its_end_and_a_rate_counts_from_the_start() -> None:
    start = _NEW_YEAR + timedelta(minutes=7)
    end = _NEW_YEAR + timedelta(minutes=27)
    schedule = Schedule(parse_expression("rate(10 minutes)"), ZoneInfo("UTC"), _NEW_YEAR, start, end)
    assert [instant.minute for instant in occurrences(schedule, _NEW_YEAR)] == [7, 17, 27]


def test_a_year_of_minutes_counts_the_hour_that_is_missing_and_once_the_one_that_is_twice() -> None:
    end = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    after = datetime(2025, 12, 31, 22, 59, tzinfo=UTC)
    zone = ZoneInfo("Europe/Rome")
    schedule = Schedule(parse_expression("cron(* * * * ? *)"), zone, after, end=end)
    assert sum(1 for _ in occurrences(schedule, after)) == 365 * 24 * 60 - 60
