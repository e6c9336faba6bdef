"""Visits of states in a history, named so that those of another run of the machine have the same names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from translator.interpreter.history import Event

_STARTED: Final = ("MapIterationStarted",)


class Visit(NamedTuple):
    """The `number`th visit (from 0) of a state, in the iterations around it, outermost first."""

    state: str
    iteration: tuple[int, ...]
    number: int


@dataclass
class Visits:
    """Tells events apart; give it the events of one history in their order, once each."""

    by_event: dict[int, Visit] = field(default_factory=dict)
    """By an event's id the visit that it belongs to: of a state's own events."""
    _iterations: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _previous: dict[int, int] = field(default_factory=dict)
    _kinds: dict[int, str] = field(default_factory=dict)
    _counts: Counter[tuple[str, tuple[int, ...]]] = field(default_factory=Counter)
    _latest: dict[tuple[str, tuple[int, ...]], Visit] = field(default_factory=dict)

    def read(self, events: Sequence[Event]) -> None:
        """Goes on with what has been written since."""
        for event in events:
            self._read(event)

    def _read(self, event: Event) -> None:
        number, previous, kind = event["id"], event.get("previousEventId", 0), event["type"]
        self._previous[number], self._kinds[number] = previous, kind
        around = self._iterations.get(previous, ())
        if kind == "MapIterationStarted":
            around = (*self._around_of_map(event), event["mapIterationStartedEventDetails"]["index"])
        elif kind.endswith("StateExited"):
            visit = self._exited(event, around)
            if visit is not None:
                self.by_event[number] = visit
                around = visit.iteration
        elif kind.endswith("StateEntered"):
            self._enter(number, event["stateEnteredEventDetails"]["name"], around)
        elif previous in self.by_event and not self._kinds[previous].endswith("StateExited"):
            self.by_event[number] = self.by_event[previous]
        self._iterations[number] = around

    def _enter(self, number: int, state: str, around: tuple[int, ...]) -> None:
        visit = Visit(state, around, self._counts[state, around])
        self._counts[state, around] += 1
        self._latest[state, around] = visit
        self.by_event[number] = visit

    def _around_of_map(self, event: Event) -> tuple[int, ...]:
        """The iterations around the Map: those of its visit."""
        visit = self._last_of(event["mapIterationStartedEventDetails"]["name"], event)
        return visit.iteration if visit is not None else ()

    def _exited(self, event: Event, around: tuple[int, ...]) -> Visit | None:
        state = event["stateExitedEventDetails"]["name"]
        return self._latest.get((state, around)) or self._last_of(state, event)

    def _last_of(self, state: str, event: Event) -> Visit | None:
        """The visit of a state that an event follows, however far behind it."""
        at = event.get("previousEventId", 0)
        while at:
            visit = self.by_event.get(at)
            if visit is not None and visit.state == state:
                return visit
            at = self._previous.get(at, 0)
        return None
