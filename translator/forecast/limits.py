"""Which quota of the service binds a machine, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from translator.forecast.formula import Extreme
from translator.forecast.measured import Count, Span

MAX_EVENTS: Final = 25_000
"""History events of one execution of a Standard machine (AWS: Step Functions quotas)."""
_FARTHEST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """What reaches the most events that a run may have; iterations and items are counted from 1."""

    count: Count
    earliest: int
    """If every iteration takes its longest way."""
    latest: int | None
    """If every one takes its shortest; None: shortest ones reach it never."""

    @property
    def binds(self) -> bool:
        """Whether it is reached by as many as were declared or assumed."""
        more = 1 if self.count.kind == "repeats" else 0
        return self.earliest <= self.count.value + more

    def to_text(self) -> str:
        """What happens, and when."""
        what, at = f'the loop at "{self.count.node}"', "at iteration"
        if self.count.kind == "items":
            what, at = f'"{self.count.node}"', "at item"
        told = f"{what} reaches {MAX_EVENTS:,} history events {at}"
        if self.latest == self.earliest:
            return f"{told} {self.earliest:,}"
        latest = "never" if self.latest is None else f"{self.latest:,}"
        return f"{told} {self.earliest:,} at the earliest, {latest} at the latest"

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "quota": "history_events",
            "limit": MAX_EVENTS,
            "count": self.count.name,
            "earliest": self.earliest,
            "latest": self.latest,
            "binds": self.binds,
            "text": self.to_text(),
        }


def limits_of(events: Span, counts: tuple[Count, ...]) -> tuple[Limit, ...]:
    """Where each loop passes the quota while all others repeat as often as they are taken to."""
    values = {count.name: count.value for count in counts}
    found: list[Limit] = []
    for count in counts:
        if count.kind == "executions":
            continue  # so that none reaches it
        earliest = _passing(events.most, count.name, values)
        if earliest is not None:
            latest = _passing(events.least, count.name, values)
            # After so many repeats, one iteration more has begun.
            more = 1 if count.kind == "repeats" else 0
            found.append(Limit(count, earliest + more, None if latest is None else latest + more))
    return tuple(found)


def _passing(events: Extreme, name: str, values: Mapping[str, int]) -> int | None:
    """The first count that is too much; figures grow with the count, so it can be halved."""
    low, high = 0, _FARTHEST
    if events.at({**values, name: high}) <= MAX_EVENTS:
        return None
    while low < high:
        middle = (low + high) // 2
        if events.at({**values, name: middle}) > MAX_EVENTS:
            high = middle
        else:
            low = middle + 1
    return low
