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
    """A loop that reaches the most events that a run may have; iterations are counted from 1."""

    count: Count
    earliest: int
    """If every iteration takes its longest way."""
    latest: int | None
    """If every one takes its shortest; None: shortest ones reach it never."""

    @property
    def binds(self) -> bool:
        """Whether it is reached by as many iterations as were declared or assumed."""
        return self.earliest <= self.count.value + 1

    def to_text(self) -> str:
        """What happens, and when."""
        told = f'the loop at "{self.count.node}" reaches {MAX_EVENTS:,} history events at iteration'
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
            "earliest_iteration": self.earliest,
            "latest_iteration": self.latest,
            "binds": self.binds,
            "text": self.to_text(),
        }


def limits_of(events: Span, counts: tuple[Count, ...]) -> tuple[Limit, ...]:
    """Where each loop passes the quota while all others repeat as often as they are taken to."""
    values = {count.name: count.value for count in counts}
    found: list[Limit] = []
    for count in counts:
        earliest = _passing(events.most, count.name, values)
        if earliest is not None:
            found.append(Limit(count, earliest, _passing(events.least, count.name, values)))
    return tuple(found)


def _passing(events: Extreme, name: str, values: Mapping[str, int]) -> int | None:
    """The first iteration that the quota cuts short; figures grow with the count, so it can be halved."""
    low, high = 0, _FARTHEST
    if events.at({**values, name: high}) <= MAX_EVENTS:
        return None
    while low < high:
        middle = (low + high) // 2
        if events.at({**values, name: middle}) > MAX_EVENTS:
            high = middle
        else:
            low = middle + 1
    return low + 1
