"""The events of an execution: written as short tuples, read in the shape of GetExecutionHistory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from translator.interpreter.failure import HistoryFull

MAXIMUM_EVENTS: Final = 25_000
"""AWS: the events of one Standard execution, the last of which is the failure that says so."""

EXPRESS_EVENTS: Final = 250_000
"""Ours: AWS sets an Express execution no limit but its five minutes, in which no time need pass here."""

Event = Mapping[str, Any]
Details = Callable[..., Mapping[str, Any]]


class History:
    """Events in order; an event's id is its place, from 1."""

    def __init__(self, maximum: int = MAXIMUM_EVENTS) -> None:
        self.maximum = maximum
        self._written: list[tuple[float, str, int, Details | None, tuple[Any, ...]]] = []
        self._read: list[Event] = []

    def __len__(self) -> int:
        return len(self._written)

    def append(self, now: float, kind: str, previous: int, details: Details | None = None, *args: Any) -> int:
        """Write an event and return its id; raises HistoryFull where only the last one would still fit."""
        written = self._written
        written.append((now, kind, previous, details, args))
        length = len(written)
        if length >= self.maximum:
            written.pop()
            raise HistoryFull
        return length

    def append_last(self, now: float, kind: str, previous: int, details: Details | None, *args: Any) -> None:
        """Write the event that ends the execution, for which there is always room."""
        self._written.append((now, kind, previous, details, args))

    def since(self, index: int) -> list[Event]:
        """The events from place `index` (from 0) on, as boto3 gives them."""
        read = self._read
        for place in range(len(read), len(self._written)):
            read.append(_expand(place + 1, *self._written[place]))
        return read[index:]


def _expand(
    identifier: int, now: float, kind: str, previous: int, details: Details | None, args: tuple[Any, ...]
) -> Event:
    event = {
        "timestamp": datetime.fromtimestamp(now, UTC),
        "type": kind,
        "id": identifier,
        "previousEventId": previous,
    }
    if details is not None:
        event.update(details(*args))
    return event
