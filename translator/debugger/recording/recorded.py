"""What a recorded execution was given and answered, visit by visit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from translator.debugger.calls import Call
from translator.debugger.errors import HistoryError, NotAnsweredError
from translator.debugger.recording.visits import Visit, Visits
from translator.interpreter import Outcome, TaskAnswer, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.history import Event
from translator.json_value import JsonValue

_SCHEDULED: Final = frozenset({"TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"})
_TIMED_OUT: Final = frozenset({"TaskTimedOut", "LambdaFunctionTimedOut", "ActivityTimedOut"})
_ENDINGS: Final = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
    "ExecutionTimedOut": "TIMED_OUT",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a Task: what it was given, and how and when (epoch seconds) it ended, if it did."""

    visit: Visit
    key: str | None
    """The key of a node's work, where the payload has one."""
    number: int
    outcome: Outcome | None
    ended_at: float | None
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What a state assigned as it was left, by variable of the machine, and its output."""

    assigned: Mapping[str, JsonValue]
    output: JsonValue


@dataclass(frozen=True)
class Recorded:
    """One execution's history, to be asked for."""

    events: Sequence[Event]
    _attempts: dict[tuple[str, int], list[Attempt]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for attempt in self._read_attempts():
            self._attempts.setdefault((attempt.key or attempt.visit.state, attempt.number), []).append(
                attempt
            )

    @property
    def input(self) -> Any:
        """The execution's input."""
        return json.loads(self.events[0]["executionStartedEventDetails"]["input"])

    @property
    def started_at(self) -> float:
        """When it began, in epoch seconds."""
        return _seconds(self.events[0])

    @property
    def ended_at(self) -> float:
        """The time of its last event."""
        return _seconds(self.events[-1])

    @property
    def status(self) -> str:
        """RUNNING where the history has no end."""
        return _ENDINGS.get(self.events[-1]["type"], "RUNNING")

    @property
    def failure(self) -> tuple[str | None, str | None]:
        """Error and cause of its end."""
        details = _details(self.events[-1])
        return details.get("error"), details.get("cause")

    @cached_property
    def name(self) -> str | None:
        """The execution's name, as its nodes' payloads tell it; None where none was called."""
        for event in self.events:
            payload = _payload(event) if event["type"] in _SCHEDULED else {}
            if isinstance(payload.get("run"), str):
                return str(payload["run"])
        return None

    @cached_property
    def visits(self) -> Visits:
        """The visits of its states."""
        visits = Visits()
        visits.read(self.events)
        return visits

    @cached_property
    def exits(self) -> Mapping[Visit, Left]:
        """By visit that ended in order what its state gave."""
        found = {}
        for event in self.events:
            if event["type"].endswith("StateExited") and event["id"] in self.visits.by_event:
                details = event["stateExitedEventDetails"]
                texts = details.get("assignedVariables") or {}
                assigned = {name: json.loads(text) for name, text in texts.items()}
                output = json.loads(details.get("output", "null"))
                found[self.visits.by_event[event["id"]]] = Left(assigned, output)
        return found

    @cached_property
    def entered(self) -> Mapping[str, str]:
        """By state that was entered its type."""
        return {
            event["stateEnteredEventDetails"]["name"]: event["type"].removesuffix("StateEntered")
            for event in self.events
            if event["type"].endswith("StateEntered")
        }

    def answer(self, request: TaskRequest, call: Call, now: float, number: int) -> TaskAnswer:
        """The answer of the `number`th time (from 0) that the call was made; it comes when it came then.

        Raises NotAnsweredError for a call that was not made then.
        """
        made = self._attempts.get((call.key, call.attempt), [])
        if number >= len(made):
            raise NotAnsweredError(
                f'"{call.node or request.state_name}" was not called so in the recorded run',
                "fork, to go on from here with nodes that answer for themselves",
            )
        attempt = made[number]
        outcome = attempt.outcome
        if attempt.timed_out and request.timeout_seconds is None and request.heartbeat_seconds is None:
            outcome = TaskFailed("States.Timeout")
        return TaskAnswer(outcome, max((attempt.ended_at or now) - now, 0.0))

    def is_open(self, call: Call) -> bool:
        """Whether the call was still under way when the history ended."""
        made = self._attempts.get((call.key, call.attempt), [])
        return any(attempt.ended_at is None for attempt in made)

    def _read_attempts(self) -> Iterator[Attempt]:
        following: dict[int, Event] = {}
        tried: dict[Visit, int] = {}
        for event in self.events:
            if (
                event["type"].startswith(("Task", "LambdaFunction", "Activity"))
                and "State" not in event["type"]
            ):
                following[event.get("previousEventId", 0)] = event
        for event in self.events:
            if event["type"] not in _SCHEDULED:
                continue
            visit = self.visits.by_event.get(event["id"])
            if visit is None:
                raise HistoryError(f"event {event['id']} follows no state", "export the history again")
            number = tried.get(visit, 0)
            tried[visit] = number + 1
            payload = _payload(event)
            key = payload.get("node_key") or _root_of(event)
            yield Attempt(visit, key, number, *_end(event, following))


def _end(scheduled: Event, following: Mapping[int, Event]) -> tuple[Outcome | None, float | None, bool]:
    """How an attempt ended, when, and whether its time was up."""
    event = following.get(scheduled["id"])
    while event is not None and event["type"] not in _SCHEDULED:
        kind, details = event["type"], _details(event)
        if kind in _TIMED_OUT:
            return None, _seconds(event), True
        if kind.endswith("Failed"):
            return TaskFailed(details.get("error"), details.get("cause")), _seconds(event), False
        if kind.endswith("Succeeded"):
            return TaskSucceeded(json.loads(details.get("output", "null"))), _seconds(event), False
        event = following.get(event["id"])
    return None, None, False


def _seconds(event: Event) -> float:
    moment: float = event["timestamp"].timestamp()
    return moment


def _details(event: Event) -> Mapping[str, Any]:
    kind = event["type"]
    found = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails")
    return found if isinstance(found, Mapping) else {}


def _arguments(event: Event) -> Mapping[str, Any]:
    details = _details(event)
    try:
        found = json.loads(details.get("parameters") or details.get("input") or "null")
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _payload(event: Event) -> Mapping[str, Any]:
    payload = _arguments(event).get("Payload")
    return payload if isinstance(payload, Mapping) else {}


def _root_of(event: Event) -> str | None:
    """The key of a node that starts a run."""
    given = _arguments(event).get("Input")
    run = given.get("run") if isinstance(given, Mapping) else None
    trigger = given.get("trigger") if isinstance(given, Mapping) else None
    is_node = isinstance(trigger, Mapping) and "node" in trigger
    return str(run["root"]) if is_node and isinstance(run, Mapping) and "root" in run else None
