"""Tells those who wait for messages that some may have come."""

from __future__ import annotations

from threading import Condition


class Arrivals:
    """Counts what may have changed a queue; whoever has seen a count waits for the next one."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """To be read before one looks into a queue, so that nothing is missed in between."""
        return self._count

    def tell(self) -> None:
        """Something may have changed."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Return when the count is another than the one seen, or after some seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._count != seen, max(seconds, 0))
