"""Takes events and hands them to the targets of the rules that match."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from infra.local.delivery.delivery import Delivery, limits
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

    def publish(self, event: Mapping[str, Any], bus: str = "default") -> None:
        """Give an event to every matching rule of a bus; returns when each delivery is on disk."""
        for rule in self.rules(bus):
            pattern = _pattern(rule.pattern)
            if pattern is not None and matches(pattern, event):
                self._fire(rule, event)

    def _fire(self, rule: Rule, event: Mapping[str, Any]) -> None:
        for target in rule.targets:
            self.accept(
                Delivery(
                    identity=f"{event['id']}-{rule.name}-{target['Id']}",
                    source=rule.arn,
                    target=str(target["Arn"]),
                    payload=target_input(target, event, rule.arn, rule.name),
                    accepted_at=self.clock(),
                    parameters=target,
                    details={"RULE_ARN": rule.arn},
                    **limits(target),
                )
            )


@lru_cache(maxsize=1024)
def _pattern(text: str | None) -> Pattern | None:
    """The pattern of a text, or None where the service would have refused it."""
    if text is None:
        return None
    try:
        return parse_pattern(json.loads(text))
    except (ValueError, EventPatternError):
        return None
