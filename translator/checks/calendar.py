"""WF602 and WF603: a calendar that cannot be read, or that is never open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from translator.checks.facts import Facts
from translator.definition.firing import Calendar, FiredTrigger
from translator.diagnostics import Diagnostic
from translator.schedule import ScheduleSyntaxError, read_zone

UNREADABLE: Final = "WF602"
NEVER_OPEN: Final = "WF603"
_EVERY_YEAR: Final = re.compile(r"[0-9]{2}-[0-9]{2}")
_LEAP_YEAR: Final = "2024"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with each trigger's calendar."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if isinstance(trigger, FiredTrigger) and trigger.calendar is not None:
            pointer = f"/triggers/{index}/calendar"
            for code, message, hint, field in _findings(trigger.id, trigger.calendar):
                yield Diagnostic(code, message, hint, facts.resolved.positions.at(f"{pointer}{field}"))


def _findings(trigger: str, calendar: Calendar) -> Iterator[tuple[str, str, str, str]]:
    if calendar.timezone is not None:
        try:
            read_zone(calendar.timezone)
        except ScheduleSyntaxError as error:
            message = f'the zone of the calendar of trigger "{trigger}" is unknown: {error.message}'
            yield UNREADABLE, message, error.hint, "/timezone"
    for place, holiday in enumerate(calendar.holidays):
        if not _is_day(holiday):
            message = f'the calendar of trigger "{trigger}" has the holiday "{holiday}", which is no day'
            hint = "write it as 2026-12-24, or as 12-24 for every year"
            yield UNREADABLE, message, hint, f"/holidays/{place}"
    if calendar.closes <= calendar.opens:
        message = (
            f'the calendar of trigger "{trigger}" closes at {calendar.closes}, not after {calendar.opens}'
        )
        yield NEVER_OPEN, message, "write a `closes` later than `opens`, 24:00 at most", "/closes"


def _is_day(text: str) -> bool:
    whole = f"{_LEAP_YEAR}-{text}" if _EVERY_YEAR.fullmatch(text) else text
    try:
        return date.fromisoformat(whole).isoformat() == whole
    except ValueError:
        return False
