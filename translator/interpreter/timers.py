"""What is due when."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TypeAlias

from translator.interpreter.frame import Frame

Action: TypeAlias = "Callable[[Frame], None]"


class Timers:
    """Timers by due time, those of the same time in the order they were set."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Frame, int, Action]] = []
        self._count = 0

    def set(self, due: float, frame: Frame, action: Action) -> None:
        """Call `action(frame)` at `due` unless the frame has gone on by then."""
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, frame, frame.turn, action))

    def next_due(self) -> float | None:
        """When the next living timer is due."""
        heap = self._heap
        while heap and not _alive(heap[0]):
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def pop(self) -> tuple[Frame, Action]:
        """Take the next timer; call next_due first."""
        _, _, frame, _, action = heapq.heappop(self._heap)
        return frame, action


def _alive(timer: tuple[float, int, Frame, int, Action]) -> bool:
    frame = timer[2]
    return frame.open and frame.turn == timer[3]
