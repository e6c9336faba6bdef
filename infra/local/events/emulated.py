"""The rules and buses that clients have made, read from the emulated EventBridge."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, TypeVar

import moto.backends

from infra.local.events.archive import Archive
from infra.local.events.rule import Rule
from infra.local.names import ACCOUNT, REGION

_OF_ARCHIVES: Final = "prod.vhs.events.aws.internal"
"""Who manages the rules that moto, like the service, makes for archives."""
_T = TypeVar("_T")
Locked = Callable[[Callable[[], _T]], _T]
"""Calls a function while no request changes the emulated data."""


def rules_of(bus: str) -> tuple[Rule, ...]:
    """The enabled rules of a bus with their targets."""
    found = _backend().event_buses.get(bus)
    if found is None:
        return ()
    return tuple(
        _rule(rule, bus)
        for rule in found.rules.values()
        if rule.state != "DISABLED" and rule.managed_by != _OF_ARCHIVES
    )


def archives_of(bus: str) -> tuple[Archive, ...]:
    """The archives of a bus."""
    return tuple(archive for archive in map(_archive, _backend().archives.values()) if archive.bus == bus)


def archive(name: str) -> Archive | None:
    """The archive of that name."""
    found = _backend().archives.get(name)
    return None if found is None else _archive(found)


def buses() -> Collection[str]:
    """The names of all buses."""
    return tuple(_backend().event_buses)


def _backend() -> Any:
    return moto.backends.get_backend("events")[ACCOUNT][REGION]


def _archive(found: Any) -> Archive:
    # An archive for all events of its bus has an empty pattern.
    pattern = found.event_pattern.dump()
    days = int(found.retention or 0)
    return Archive(found.name, found.uuid, found.event_bus_name, pattern or None, days)


def _rule(rule: Any, bus: str) -> Rule:
    return Rule(
        rule.name,
        rule.arn,
        bus,
        rule.event_pattern.dump(),
        rule.scheduled_expression,
        tuple(dict(target) for target in rule.targets),
    )
