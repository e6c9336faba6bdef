"""The slots of the runs with one key, and what they decide; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from layers.runtime.admission.limit import Limit

AGEING_SECONDS: Final = 60
"""By how much a level of priority makes a run older than it is: no run waits behind later ones for ever."""
FIRST_LEASE_SECONDS: Final = 60
"""Until a sweep looks whether a run that got a slot has begun."""
LONGEST_LEASE_SECONDS: Final = 600
"""Until a sweep looks again, however long a run has been under way."""
_MILLISECONDS: Final = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lease:
    """A slot that a run holds; times in epoch seconds."""

    run: str
    since: int
    until: int
    """From then on Step Functions is asked whether the run is still under way."""

    def to_text(self) -> str:
        """As the item of the slots keeps it."""
        return f"{self.since}/{self.until}"


@dataclass(frozen=True, slots=True)
class Slots:
    """Who holds slots."""

    workflow: str
    key: str
    leases: tuple[Lease, ...] = ()
    due: str = ""
    """When a sweep is to look at it."""
    idle_since: int | None = None
    """Since when no sweep has found anybody in it."""

    @property
    def held(self) -> int:
        """How many."""
        return len(self.leases)

    def has_room(self, limit: Limit) -> bool:
        """Whether one more run may begin."""
        return self.held < limit.most

    def oldest_first(self) -> tuple[Lease, ...]:
        """The leases in the order in which they were taken."""
        return tuple(sorted(self.leases, key=lambda lease: (lease.since, lease.run)))

    def past(self, now: int) -> tuple[Lease, ...]:
        """Those whose time is over."""
        return tuple(lease for lease in self.oldest_first() if lease.until <= now)


def lease_of(run: str, text: str) -> Lease:
    """The lease that `to_text` has written."""
    since, _, until = text.partition("/")
    return Lease(run, int(since), int(until))


def first_lease(run: str, now: int) -> Lease:
    """Of a run that is about to begin."""
    return Lease(run, now, now + FIRST_LEASE_SECONDS)


def renewed(lease: Lease, now: int) -> Lease:
    """Of a run that is under way: the longer it has been, the later it is asked about again."""
    wait = max(FIRST_LEASE_SECONDS, min(LONGEST_LEASE_SECONDS, (now - lease.since) // 2))
    return Lease(lease.run, lease.since, now + wait)


def retried(lease: Lease, now: int, attempts: int) -> Lease:
    """Of a run that Step Functions could not be told to start: each try waits twice as long."""
    wait = min(LONGEST_LEASE_SECONDS, FIRST_LEASE_SECONDS * 2 ** min(attempts, 10))
    return Lease(lease.run, lease.since, now + wait)


def place_of(run: str, now: float, priority: int) -> str:
    """Where a run waits: places are taken in the order of their text.

    One level of priority is worth a minute of waiting, so whoever has waited ten minutes longer goes first
    whatever the priorities are: the order ages by itself, and nobody starves.
    """
    rank = round(now * _MILLISECONDS) - priority * AGEING_SECONDS * _MILLISECONDS
    return f"{rank:015d}#{run}"


def surplus(oldest_first: Sequence[T], limit: Limit) -> tuple[T, ...]:
    """Which waiting runs need not begin where the newest win: all but as many as there are slots."""
    return tuple(oldest_first[: max(0, len(oldest_first) - limit.most)])
