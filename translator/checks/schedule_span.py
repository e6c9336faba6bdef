"""WF600 and WF601: a schedule's first and last moment that cannot be read, or that leave it no time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from translator.checks.facts import Facts
from translator.definition.firing import ScheduleTrigger
from translator.diagnostics import Diagnostic
from translator.schedule import ScheduleSyntaxError, read_moment, read_zone

UNREADABLE: Final = "WF600"
NO_SPAN: Final = "WF601"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with `start` and `end` of each schedule."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, ScheduleTrigger):
            continue
        try:
            zone = read_zone(trigger.timezone)
        except ScheduleSyntaxError:
            continue  # WF391 says so
        yield from _span(facts, trigger, zone, f"/triggers/{index}")


def _span(facts: Facts, trigger: ScheduleTrigger, zone: ZoneInfo, pointer: str) -> Iterator[Diagnostic]:
    moments: dict[str, datetime] = {}
    for field in ("start", "end"):
        text = getattr(trigger, field)
        if text is None:
            continue
        position = facts.resolved.positions.at(f"{pointer}/{field}")
        if trigger.at is not None:
            message = f'trigger "{trigger.id}" fires once, so its `{field}` means nothing'
            yield Diagnostic(NO_SPAN, message, f"remove `{field}`", position)
            continue
        try:
            moments[field] = read_moment(text, zone)
        except ScheduleSyntaxError as error:
            message = f'the {field} of trigger "{trigger.id}" cannot be read: {error.message}'
            yield Diagnostic(UNREADABLE, message, error.hint, position)
    if len(moments) == 2 and moments["end"] <= moments["start"]:
        message = f'trigger "{trigger.id}" ends before it starts'
        position = facts.resolved.positions.at(f"{pointer}/end")
        yield Diagnostic(NO_SPAN, message, "write an `end` that is later than `start`", position)
