"""The rules and buses that clients have made, read from the emulated EventBridge."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import moto.backends

from infra.local.events.rule import Rule
from infra.local.names import ACCOUNT, REGION

_T = TypeVar("_T")
Locked = Callable[[Callable[[], _T]], _T]
"""Calls a function while no request changes the emulated data."""


def rules_of(bus: str) -> tuple[Rule, ...]:
    """The enabled rules of a bus with their targets."""
    found = _backend().event_buses.get(bus)
    if found is None:
        return ()
    return tuple(_rule(rule, bus) for rule in found.rules.values() if rule.state != "DISABLED")


def buses() -> Collection[str]:
    """The names of all buses."""
    return tuple(_backend().event_buses)


def _backend() -> Any:
    return moto.backends.get_backend("events")[ACCOUNT][REGION]


def _rule(rule: Any, bus: str) -> Rule:
    return Rule(
        rule.name,
        rule.arn,
        bus,
        rule.event_pattern.dump(),
        rule.scheduled_expression,
        tuple(dict(target) for target in rule.targets),
    )
