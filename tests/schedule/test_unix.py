"""Five-field cron, held against an implementation of the Unix kind."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import assume, given
from hypothesis import strategies as st

from translator.schedule import Schedule, ScheduleSyntaxError, occurrences, parse_expression, parse_unix_cron

_AFTER = datetime(2026, 2, 27, 23, 58, tzinfo=UTC)
_COUNT = 5


def _field(least: int, most: int) -> st.SearchStrategy[str]:
    value = st.integers(least, most)
    # A range of one value with a step is read in two ways by cron's many heirs.
    pairs = st.tuples(value, value).filter(lambda pair: pair[0] != pair[1])
    span = pairs.map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(1, most)
    stepped = st.tuples(st.one_of(st.just("*"), span), step).map(lambda pair: f"{pair[0]}/{pair[1]}")
    term = st.one_of(value.map(str), span, stepped)
    return st.one_of(st.just("*"), st.lists(term, min_size=1, max_size=3).map(",".join))


_EXPRESSIONS = st.tuples(_field(0, 59), _field(0, 23), _field(1, 28), _field(1, 12), _field(0, 6)).map(
    " ".join
)


def _fires(text: str) -> list[datetime]:
    schedule = Schedule(parse_unix_cron(text).expression, ZoneInfo("UTC"), _AFTER)
    return list(islice(occurrences(schedule, _AFTER), _COUNT))


def _accepted(text: str) -> bool:
    try:
        parse_unix_cron(text)
    except ScheduleSyntaxError:
        return False
    return True


@given(_EXPRESSIONS)
def test_five_fields_fire_when_unix_cron_does(text: str) -> None:
    assume(_accepted(text))
    assert _fires(text) == list(islice(CronSim(text, _AFTER), _COUNT))


@given(_EXPRESSIONS)
def test_the_expressions_for_aws_fire_at_the_same_times(text: str) -> None:
    assume(_accepted(text))
    instants: set[datetime] = set()
    for aws in parse_unix_cron(text).aws:
        schedule = Schedule(parse_expression(aws), ZoneInfo("UTC"), _AFTER)
        instants.update(islice(occurrences(schedule, _AFTER), _COUNT))
    assert sorted(instants)[:_COUNT] == _fires(text)


@pytest.mark.parametrize(
    ("text", "aws"),
    [
        ("0 2 * * *", ("cron(0 2 * * ? *)",)),
        ("*/5 9-17 * * 1-5", ("cron(*/5 9-17 ? * MON,TUE,WED,THU,FRI *)",)),
        ("0 0 1 * 7", ("cron(0 0 1 * ? *)", "cron(0 0 ? * SUN *)")),
        ("@weekly", ("cron(0 0 ? * SUN *)",)),
    ],
)
def test_five_fields_have_expressions_for_aws(text: str, aws: tuple[str, ...]) -> None:
    assert parse_unix_cron(text).aws == aws


@pytest.mark.parametrize("text", ["* * * *", "0 0 */2 * 1", "0 0 * * 8", "@fortnightly", "0 25 * * *"])
def test_five_fields_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ScheduleSyntaxError):
        parse_unix_cron(text)
