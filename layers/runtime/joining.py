"""Joins the history of an execution and those of the executions that it started into one."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from layers.runtime.history import EXECUTION, Event

_NO_OTHERS: Final[Mapping[int, Sequence[ExecutionHistory]]] = {}


@dataclass(frozen=True, slots=True)
class ExecutionHistory:
    """An execution's events from their beginning, and by the id of an event what that started."""

    events: Sequence[Event]
    nested: Mapping[int, Sequence[ExecutionHistory]] = field(default_factory=lambda: _NO_OTHERS)


def joined_events(history: ExecutionHistory) -> Sequence[Event]:
    """All events as one history: numbered anew, each marked with its execution's number, 0 being the first.

    What an execution started stands between the event that did so and the one that tells of its end.
    """
    return _Joining().all_of(history) if history.nested else history.events


@dataclass(slots=True)
class _Stream:
    """One execution's events on their way into the whole."""

    history: ExecutionHistory
    number: int
    parent: _Stream | None
    started_by: int
    """The id of the event that started it, as its parent counts."""
    place: int = 0
    ids: dict[int, int] = field(default_factory=dict)
    """By its own ids those of the whole; 0 stands for what is before its first event."""
    running: dict[int, int] = field(default_factory=dict)
    """By event how many of the executions that it started have events left."""
    is_held: bool = False

    @property
    def next(self) -> Event | None:
        """The event that is to come; None at the end."""
        return self.history.events[self.place] if self.place < len(self.history.events) else None


@dataclass(slots=True)
class _Joining:
    """The events so far, and the executions that have more, by the time of their next one."""

    events: list[Event] = field(default_factory=list)
    waiting: list[tuple[Any, int, _Stream]] = field(default_factory=list)
    streams: int = 0

    def all_of(self, history: ExecutionHistory) -> list[Event]:
        """The whole of an execution."""
        self._open(history, None, 0)
        while self.waiting:
            _, _, stream = heapq.heappop(self.waiting)
            event = stream.next
            assert event is not None
            if stream.running.get(event.get("previousEventId", 0)):
                stream.is_held = True  # it tells of the end of something that has not been told yet
                continue
            self._take(stream, event)
        return self.events

    def _open(self, history: ExecutionHistory, parent: _Stream | None, started_by: int) -> None:
        if not history.events:
            return
        stream = _Stream(history, self.streams, parent, started_by)
        self.streams += 1
        if parent is not None:
            stream.ids[0] = parent.ids[started_by]
            parent.running[started_by] = parent.running.get(started_by, 0) + 1
        self._wait(stream)

    def _wait(self, stream: _Stream) -> None:
        event = stream.next
        if event is not None:
            heapq.heappush(self.waiting, (event["timestamp"], stream.number, stream))

    def _take(self, stream: _Stream, event: Event) -> None:
        number = len(self.events) + 1
        before = stream.ids.get(event.get("previousEventId", 0), 0)
        self.events.append({**event, "id": number, "previousEventId": before, EXECUTION: stream.number})
        stream.ids[event["id"]] = number
        if stream.place == 0:
            stream.ids[0] = number
        stream.place += 1
        for other in stream.history.nested.get(event["id"], ()):
            self._open(other, stream, event["id"])
        self._wait(stream)
        if stream.next is None and stream.parent is not None:
            self._ended(stream.parent, stream.started_by)

    def _ended(self, parent: _Stream, started_by: int) -> None:
        parent.running[started_by] -= 1
        if parent.is_held and not parent.running[started_by]:
            parent.is_held = False
            self._wait(parent)
