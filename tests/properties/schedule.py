"""A node's run in time, and the times that another executor gave it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Status: TypeAlias = Literal["succeeded", "failed", "skipped", "cancelled"]
SLACK: Final = 0.003
"""Seconds by which two times may differ and still be the same: a history tells milliseconds."""


@dataclass(frozen=True, slots=True)
class NodeRun:
    """One ending of a node: in a loop there is one for each iteration."""

    node: str
    status: Status
    started_at: float
    """Seconds since the run began; for a skipped node the time of that decision."""
    ended_at: float
    iteration: tuple[int, ...] = ()
    """Counters of the loops around it, from 0, innermost first."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When another executor really started each node: by node, one time for each of its runs.

    A node is held until that time, and one that never started there never starts. Nodes outside
    `seen` cannot be observed and start as soon as they may. Of events at the same time those of the
    nodes `first`, and of what leads to it, come first.
    """

    starts: Mapping[str, Sequence[float]]
    seen: frozenset[str]
    first: frozenset[str] = frozenset()

    def start(self, node: str, count: int, ready: float) -> float:
        if node not in self.seen:
            return ready
        times = self.starts.get(node, ())
        return times[count] if count < len(times) else math.inf


FREE: Final = Schedule({}, frozenset())
