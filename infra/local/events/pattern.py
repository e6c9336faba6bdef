"""Whether an event matches a rule's pattern: exact values, at any depth (EventBridge: "Event patterns")."""

from __future__ import annotations

from collections.abc import Mapping


def matches(pattern: Mapping[str, object], event: Mapping[str, object]) -> bool:
    """True if every field of the pattern has one of its values in the event."""
    return all(_field_matches(wanted, event.get(name)) for name, wanted in pattern.items())


def _field_matches(wanted: object, found: object) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and matches(wanted, found)
    if not isinstance(wanted, list | tuple):
        return False
    if isinstance(found, list | tuple):
        return any(_same(one, other) for one in wanted for other in found)
    return any(_same(one, found) for one in wanted)


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
