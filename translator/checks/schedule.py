"""WF390 to WF392: a schedule that cannot be read, in no time zone, or that never fires."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.definition.firing import ScheduleTrigger
from translator.diagnostics import Diagnostic
from translator.schedule import ScheduleReading, ScheduleSyntaxError, read_at, read_cron, read_rate, read_zone

UNREADABLE: Final = "WF390"
NO_ZONE: Final = "WF391"
NEVER_FIRES: Final = "WF392"

_READERS: Final[tuple[tuple[str, Callable[[str], ScheduleReading]], ...]] = (
    ("cron", read_cron),
    ("rate", read_rate),
    ("at", read_at),
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with each schedule trigger."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if isinstance(trigger, ScheduleTrigger):
            pointer = f"/triggers/{index}"
            yield from _zone(facts, trigger, pointer)
            yield from _times(facts, trigger, pointer)


def _zone(facts: Facts, trigger: ScheduleTrigger, pointer: str) -> Iterator[Diagnostic]:
    try:
        read_zone(trigger.timezone)
    except ScheduleSyntaxError as error:
        message = f'the zone of trigger "{trigger.id}" is unknown: {error.message}'
        yield Diagnostic(NO_ZONE, message, error.hint, facts.resolved.positions.at(f"{pointer}/timezone"))


def _times(facts: Facts, trigger: ScheduleTrigger, pointer: str) -> Iterator[Diagnostic]:
    for field, read in _READERS:
        text = getattr(trigger, field)
        if text is None:
            continue
        position = facts.resolved.positions.at(f"{pointer}/{field}")
        try:
            reading = read(text)
        except ScheduleSyntaxError as error:
            message = f'the {field} of trigger "{trigger.id}" cannot be read: {error.message}'
            yield Diagnostic(UNREADABLE, message, error.hint, position)
            continue
        if not reading.ever_fires:
            message = f'trigger "{trigger.id}" never fires: no year has a day for "{text}"'
            yield Diagnostic(NEVER_FIRES, message, "write a day that the months have", position)
