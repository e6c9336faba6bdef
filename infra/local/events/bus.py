"""Takes events and hands them to the targets of the rules that match."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from infra.local.delivery.delivery import Delivery, limits
from infra.local.events.archive import Archive, ArchivedEvents
from infra.local.events.rule import Rule
from infra.local.events.target_input import target_input
from infra.local.scheduler import Clock
from translator.event_pattern import EventPatternError, Pattern, matches, parse_pattern


@dataclass(frozen=True, slots=True)
class Bus:
    """Every bus of the account: whose rules match, their targets get the event."""

    rules: Callable[[str], Iterable[Rule]]
    """The enabled rules of the bus of that name."""
    accept: Callable[[Delivery], None]
    clock: Clock
    archives: Callable[[str], Iterable[Archive]]
    """The archives of the bus of that name."""
    archived: ArchivedEvents

    def publish(
        self, event: Mapping[str, Any], bus: str = "default", rules: frozenset[str] | None = None
    ) -> None:
        """Give an event to every matching rule of a bus, or of some by ARN; returns when it is on disk.

        An event with a `replay-name` comes from an archive and goes to none.
        """
        if "replay-name" not in event:
            self._archive(event, bus)
        for rule in self.rules(bus):
            if rules is None or rule.arn in rules:
                pattern = _pattern(rule.pattern)
                if pattern is not None and matches(pattern, event):
                    self._fire(rule, event)

    def _archive(self, event: Mapping[str, Any], bus: str) -> None:
        for archive in self.archives(bus):
            pattern = _pattern(archive.pattern)
            if archive.pattern is None or (pattern is not None and matches(pattern, event)):
                at = datetime.fromisoformat(str(event["time"])).timestamp()
                self.archived.add(archive, event, at)

    def _fire(self, rule: Rule, event: Mapping[str, Any]) -> None:
        for target in rule.targets:
            self.accept(
                Delivery(
                    identity=f"{_identity(event)}-{rule.name}-{target['Id']}",
                    source=rule.arn,
                    target=str(target["Arn"]),
                    payload=target_input(target, event, rule.arn, rule.name),
                    accepted_at=self.clock(),
                    parameters=target,
                    details={"RULE_ARN": rule.arn},
                    **limits(target),
                )
            )


def _identity(event: Mapping[str, Any]) -> str:
    """Another one for each replay: what is started under it starts anew."""
    if "replay-name" not in event:
        return str(event["id"])
    return f"{event['id']}-{hashlib.sha256(str(event['replay-name']).encode()).hexdigest()[:8]}"


@lru_cache(maxsize=1024)
def _pattern(text: str | None) -> Pattern | None:
    """The pattern of a text, or None where the service would have refused it."""
    if text is None:
        return None
    try:
        return parse_pattern(json.loads(text))
    except (ValueError, EventPatternError):
        return None
