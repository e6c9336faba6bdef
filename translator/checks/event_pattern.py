"""WF393: an event trigger whose pattern EventBridge would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.definition.firing import EventTrigger
from translator.diagnostics import Diagnostic
from translator.event_pattern import EventPatternError, parse_pattern

CODE: Final = "WF393"
_HINT: Final = 'a pattern has the shape of the event, with lists at its leaves: {detail: {state: ["paid"]}}'


def check(facts: Facts) -> Iterator[Diagnostic]:
    """The first mistake of each pattern."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, EventTrigger):
            continue
        try:
            parse_pattern(trigger.pattern)
        except EventPatternError as error:
            pointer = "".join(
                f"/{_escaped(name)}" for name in ("triggers", str(index), "pattern", *error.path)
            )
            message = f'the pattern of trigger "{trigger.id}" is wrong: {error}'
            yield Diagnostic(CODE, message, _HINT, facts.resolved.positions.at(pointer))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
