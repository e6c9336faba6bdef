"""What a schedule trigger says, read, and said again in AWS's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from translator.schedule.error import ScheduleSyntaxError
from translator.schedule.expression import ScheduleExpression, parse_at, parse_cron, parse_rate
from translator.schedule.occurrences import Schedule, occurrences
from translator.schedule.unix import parse_unix_cron

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_AWS_FIELDS = 6
_MINUTES_ONLY = len("2026-12-24T18:00")


@dataclass(frozen=True, slots=True)
class ScheduleReading:
    """When to fire, and the expressions of EventBridge Scheduler that fire then (two for some Unix crons)."""

    expression: ScheduleExpression
    aws: tuple[str, ...]

    @property
    def ever_fires(self) -> bool:
        """False for a day that no month has, such as 30 February."""
        schedule = Schedule(self.expression, ZoneInfo("UTC"), _BEGINNING)
        return next(occurrences(schedule, _BEGINNING), None) is not None


def read_cron(text: str) -> ScheduleReading:
    """Reads five fields of Unix cron, six of AWS's, or `cron(...)`; raises ScheduleSyntaxError."""
    inner = _inner("cron", text)
    if len(inner.split()) == _AWS_FIELDS:
        return ScheduleReading(parse_cron(inner), (f"cron({' '.join(inner.split())})",))
    unix = parse_unix_cron(inner)
    return ScheduleReading(unix.expression, unix.aws)


def read_rate(text: str) -> ScheduleReading:
    """Reads `5 minutes` or `rate(5 minutes)`; raises ScheduleSyntaxError."""
    inner = " ".join(_inner("rate", text).split())
    return ScheduleReading(parse_rate(inner), (f"rate({inner})",))


def read_at(text: str) -> ScheduleReading:
    """Reads a local time with or without seconds, or `at(...)`; raises ScheduleSyntaxError."""
    inner = _inner("at", text).replace(" ", "T")
    whole = f"{inner}:00" if len(inner) == _MINUTES_ONLY else inner
    return ScheduleReading(parse_at(whole), (f"at({whole})",))


def read_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ScheduleSyntaxError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        problem = f"'{name}' is no time zone"
        raise ScheduleSyntaxError(problem, "Write an IANA name such as Europe/Rome or UTC") from error


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """The instant of an ISO 8601 time or of a date's midnight, local to the zone if it names no offset.

    Raises ScheduleSyntaxError.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        hint = "Write it as 2026-12-24T18:00 or 2026-12-24T18:00+01:00"
        raise ScheduleSyntaxError(f"'{text}' is no time", hint) from error
    return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)


def _inner(kind: str, text: str) -> str:
    stripped = text.strip()
    if stripped.startswith(f"{kind}(") and stripped.endswith(")"):
        return stripped[len(kind) + 1 : -1].strip()
    return stripped
