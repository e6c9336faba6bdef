"""Virtual time: what happens next, whichever part of a run it belongs to."""

from __future__ import annotations

import heapq
from collections.abc import Callable


class Clock:
    """Lets things happen in the order of their times; of those at one instant, as they were asked for.

    An instant is a millisecond.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.stopped = False
        self._events: list[tuple[float, bool, int, float, Callable[[], None]]] = []
        self._sequence = 0

    def at(self, time: float, happen: Callable[[], None], *, first: bool = False) -> None:
        """`first`: before all else at that instant."""
        self._sequence += 1
        heapq.heappush(self._events, (round(time, 3), not first, self._sequence, time, happen))

    def run(self) -> None:
        """Until nothing is left to happen, or somebody has set `stopped`."""
        while self._events and not self.stopped:
            _, _, _, time, happen = heapq.heappop(self._events)
            self.now = max(self.now, time)
            happen()
