"""A scheduler on virtual time: it waits for nothing but to be given something."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from infra.local.scheduler import Scheduler


class VirtualScheduler(Scheduler):
    """When nothing is to be done at once, the clock moves on to the next timer, unless it `stands`."""

    def __init__(self, now: float, *, stands: bool = False) -> None:
        super().__init__(lambda: self.now)
        self.now = now
        self._stands = stands

    def _next(self) -> Callable[[], None] | None:
        with self._condition:
            while not self._stopping:
                if self._soon:
                    return self._soon.popleft()
                if not self._timers or self._stands:
                    self._condition.wait()
                    continue
                timer = heapq.heappop(self._timers)
                self.now = max(self.now, timer.due)
                if timer.callback is not None:
                    return timer.callback
        return None
