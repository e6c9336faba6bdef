"""What is to happen in a part of a run, by its time."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection


class Agenda:
    """Gives one thing after the other; of those in one millisecond what `hurried` nodes do comes first."""

    def __init__(self, hurried: Collection[str]) -> None:
        self._hurried = hurried
        self._cancelled: Counter[str] = Counter()
        self._events: list[tuple[float, bool, int, str, int, float, Callable[[], None]]] = []
        self._count = 0

    def put(self, time: float, node: str, happen: Callable[[], None]) -> None:
        """Lets something happen to the node, unless it is cancelled before."""
        self._count += 1
        order = (round(time, 3), node not in self._hurried, self._count)
        heapq.heappush(self._events, (*order, node, self._cancelled[node], time, happen))

    def cancel(self, node: str) -> None:
        """Nothing that was put down for the node happens any more."""
        self._cancelled[node] += 1

    def take(self) -> tuple[float, Callable[[], None]] | None:
        """The next thing with its time, None if there is none."""
        while self._events:
            _, _, _, node, number, time, happen = heapq.heappop(self._events)
            if number == self._cancelled[node]:
                return time, happen
        return None
