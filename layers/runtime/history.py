"""Reads an execution's history events into visits: one stay of the execution in one state each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from layers.runtime.json_value import json_or_none
from layers.runtime.redriven import reopen, taken_up, unfinished
from layers.runtime.visit import Attempt, Begun, Raised, Visit

__all__ = ["EXECUTION", "Attempt", "Event", "Raised", "Visit", "has_ended", "read_history"]

Event = Mapping[str, Any]
"""One event as boto3's GetExecutionHistory gives it."""

_SCHEDULED: Final = frozenset({"TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"})
_SUCCEEDED: Final = frozenset({"TaskSucceeded", "LambdaFunctionSucceeded", "ActivitySucceeded"})
_FAILED: Final = frozenset(
    {
        "TaskFailed",
        "TaskStartFailed",
        "TaskSubmitFailed",
        "TaskTimedOut",
        "LambdaFunctionFailed",
        "LambdaFunctionScheduleFailed",
        "LambdaFunctionStartFailed",
        "LambdaFunctionTimedOut",
        "ActivityFailed",
        "ActivityScheduleFailed",
        "ActivityTimedOut",
    }
)
_EXECUTION_ENDED: Final = frozenset(
    {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}
)
_CONTAINERS: Final = ("Parallel", "Map")
EXECUTION: Final = "execution"
"""What events of a joined history tell: the number of their execution, 0 being the run's own."""


def has_ended(events: Sequence[Event]) -> bool:
    """Whether a history is complete."""
    return bool(events) and events[-1]["type"] in _EXECUTION_ENDED


def read_history(events: Sequence[Event]) -> tuple[Visit, ...]:
    """All visits in the order of entry; events must be in the order of their ids.

    Events are tied to their state by `previousEventId` (AWS: HistoryEvent), so branches that run
    concurrently are kept apart.
    """
    reader = _Reader()
    for event in events:
        reader.read(event)
    return tuple(reader.visits)


@dataclass(slots=True)
class _Reader:
    visits: list[Visit] = field(default_factory=list)
    open: list[Visit] = field(default_factory=list)
    owners: dict[int, Visit | None] = field(default_factory=dict)
    exits: set[int] = field(default_factory=set)
    iterations: dict[int, Begun] = field(default_factory=dict)
    within: dict[int, int] = field(default_factory=dict)
    """By number of an execution that of the one that started it."""
    failures: set[int] = field(default_factory=set)
    """The events that tell that a Parallel or Map has failed."""
    redriven: dict[int, list[Visit]] = field(default_factory=dict)
    """By event of a redrive the states that it goes on with and that nothing is known of yet."""
    failing: dict[int, Visit | None] = field(default_factory=dict)
    """By event that tells that an iteration has failed the Fail that did it."""

    def read(self, event: Event) -> None:
        kind: str = event["type"]
        if kind in _EXECUTION_ENDED:
            self._end(event)
            return
        if kind == "ExecutionRedriven":
            self.redriven[event["id"]] = unfinished(self.visits, event.get(EXECUTION, 0))
        owner = self._taken_up(event) or self._owner(event)
        self.owners[event["id"]] = owner
        if kind.endswith("StateEntered"):
            self.owners[event["id"]] = self._enter(event, owner)
        elif kind == "ExecutionStarted":
            self._begin(event, owner)
        elif owner is not None:
            self._continue(event, owner)

    def _taken_up(self, event: Event) -> Visit | None:
        """The state that goes on behind a redrive: a Task is not entered again, only called again."""
        waiting = self.redriven.get(event.get("previousEventId", 0))
        if waiting is None or event["type"] not in _SCHEDULED:
            return None
        visit = taken_up(waiting, _details(event))
        if visit is not None:
            waiting.remove(visit)
            self.open += reopen(visit)
        return visit

    def _owner(self, event: Event) -> Visit | None:
        previous = self.owners.get(event.get("previousEventId", 0))
        kind: str = event["type"]
        if kind.endswith("StateExited"):
            return self._named(event["stateExitedEventDetails"]["name"], previous)
        if kind == "EvaluationFailed":
            return self._named(event["evaluationFailedEventDetails"]["state"], previous)
        if kind.startswith("MapIteration"):
            details = event[f"{kind[0].lower()}{kind[1:]}EventDetails"]
            owner = self._named(details["name"], previous)
            if kind == "MapIterationStarted" and owner is not None:
                self.iterations[event["id"]] = Begun(owner, details.get("index"))
            return owner
        for container in _CONTAINERS:
            if kind.startswith(f"{container}State") and not kind.endswith("Entered"):
                return _enclosing(container, self._around(event, previous))
        return previous

    def _around(self, event: Event, previous: Visit | None) -> Visit | None:
        # Where one fails by the failure of another inside it, both events follow the same one.
        if previous is None or not event["type"].endswith("StateFailed"):
            return previous
        return previous.container if event.get("previousEventId", 0) in self.failures else previous

    def _named(self, state: str, start: Visit | None) -> Visit | None:
        around = start
        while around is not None and around.state != state:
            around = around.container
        if around is not None:
            return around
        return next((visit for visit in reversed(self.open) if visit.state == state), None)

    def _begin(self, event: Event, starter: Visit | None) -> None:
        """Another execution has begun: a child of a distributed Map, or one that runs a part."""
        if starter is None:
            return
        self.within[event[EXECUTION]] = starter.execution
        if starter.kind == "Map":
            self.iterations[event["id"]] = Begun(starter, None)
        else:
            starter.runs_part = True

    def _enter(self, event: Event, previous: Visit | None) -> Visit:
        before: int = event.get("previousEventId", 0)
        begun = self.iterations.get(before)
        details = event["stateEnteredEventDetails"]
        after_an_exit = before in self.exits
        container = previous
        if previous is not None and (after_an_exit or previous.kind not in _CONTAINERS):
            container = previous.container
        visit = Visit(
            state=details["name"],
            kind=event["type"].removesuffix("StateEntered"),
            entered_at=event["timestamp"],
            container=container,
            entered_by=event["id"],
            lane=before if begun is not None else previous.lane if previous is not None else 0,
            iterations=previous.iterations if previous is not None else (),
            execution=event.get(EXECUTION, 0),
            input=details.get("input"),
        )
        if begun is not None:
            visit.iterations = begun.around(visit.input)
        self.visits.append(visit)
        self.open.append(visit)
        return visit

    def _continue(self, event: Event, visit: Visit) -> None:
        kind: str = event["type"]
        visit.latest = event["id"]
        at: datetime = event["timestamp"]
        details = _details(event)
        if kind.endswith("StateExited"):
            self._exit(event, visit)
        elif kind.endswith("StateAborted"):
            self._close(visit, at, cancelled=True)
        elif kind in _SCHEDULED:
            visit.attempts.append(Attempt(at))
            visit.parameters = details.get("parameters") or details.get("input")
            visit.failure = None
        elif kind in _SUCCEEDED:
            _end_attempt(visit, at, None, None)
            visit.result = details.get("output")
        elif kind in _FAILED:
            visit.failure = (details.get("error"), details.get("cause"))
            _end_attempt(visit, at, *visit.failure)
        elif kind == "EvaluationFailed":
            visit.failure = (details.get("error"), details.get("cause"))
            visit.failed_by, visit.failed_at = event["id"], details.get("location")
        elif kind in {"ParallelStateStarted", "MapStateStarted", "ParallelStateFailed", "MapStateFailed"}:
            self._settle_inside(visit, at)
            visit.failed_within = visit.failed_by_state = None
            if kind.endswith("Failed"):
                self.failures.add(event["id"])
                visit.failed_within = self._failure_within(visit)
                visit.failed_by_state = self._failing_state(event)
        elif kind == "MapIterationFailed":
            self.failing[event["id"]] = self._failing_state(event)

    def _failure_within(self, container: Visit) -> tuple[str | None, str | None]:
        """What made a Parallel or Map fail: the last failure inside it."""
        failed = (one for one in self.visits if one.failure is not None and not one.runs_part)
        inside = [one for one in failed if one.is_within(container)]
        last = max(inside, key=lambda one: one.ended_at or one.entered_at, default=None)
        return (last.failure if last is not None else None) or (None, None)

    def _failing_state(self, event: Event) -> Visit | None:
        """The Fail that an iteration, a Parallel or a Map has failed by, None if it failed otherwise."""
        before: int = event.get("previousEventId", 0)
        cause = self.owners.get(before)
        if before in self.failing:
            return self.failing[before]
        if cause is not None and before in self.failures:
            return cause.failed_by_state
        return cause if cause is not None and cause.kind == "Fail" else None

    def _end(self, event: Event) -> None:
        ending = event.get("executionFailedEventDetails") or {}
        number = event.get(EXECUTION, 0)
        failing = [one for one in self.open if one.kind == "Fail" and one.execution == number]
        told = (ending.get("error"), ending.get("cause"))
        for visit in failing[-1:]:
            visit.raised = told
        ended = [one for one in self.open if self._is_of(one.execution, number)]
        for visit in ended:
            if visit.execution == number:
                visit.tell_what_failed(*told)
        self._settle(ended, event["timestamp"])

    def _is_of(self, execution: int, number: int) -> bool:
        """Whether an execution is that one or was started by it, however far down."""
        while execution != number and execution in self.within:
            execution = self.within[execution]
        return execution == number

    def _exit(self, event: Event, visit: Visit) -> None:
        self.exits.add(event["id"])
        details = event["stateExitedEventDetails"]
        visit.exited_by = event["id"]
        visit.output = details.get("output")
        visit.assigned = details.get("assignedVariables") or {}
        told = json_or_none(visit.output) if visit.failed_by_state is not None else None
        if isinstance(told, Mapping):
            error, cause = told.get("Error"), told.get("Cause")
            if isinstance(error, str):
                visit.tell_what_failed(error, cause if isinstance(cause, str) else None)
        self._settle_inside(visit, event["timestamp"])
        self._close(visit, event["timestamp"])

    def _settle_inside(self, container: Visit, at: datetime) -> None:
        """Ends what is still open inside a Parallel or Map that ends or starts anew."""
        self._settle([one for one in self.open if one.is_within(container)], at)

    def _settle(self, visits: Sequence[Visit], at: datetime) -> None:
        for visit in visits:
            has_failed = visit.failure is not None or visit.failed_within is not None
            self._close(visit, at, cancelled=not has_failed and visit.kind != "Fail")

    def _close(self, visit: Visit, at: datetime, *, cancelled: bool = False) -> None:
        if visit.ended_at is not None:
            return
        tried = visit.attempts[-1].ended_at if visit.attempts and visit.failure else None
        visit.ended_at = tried or at
        visit.cancelled = cancelled
        if visit.attempts and visit.attempts[-1].ended_at is None:
            _end_attempt(visit, at, None, None)
        self.open.remove(visit)


def _details(event: Event) -> Mapping[str, Any]:
    kind: str = event["type"]
    return event.get(f"{kind[0].lower()}{kind[1:]}EventDetails") or {}


def _enclosing(kind: str, visit: Visit | None) -> Visit | None:
    while visit is not None and visit.kind != kind:
        visit = visit.container
    return visit


def _end_attempt(visit: Visit, at: datetime, error: str | None, cause: str | None) -> None:
    if visit.attempts:
        visit.attempts[-1] = replace(visit.attempts[-1], ended_at=at, error=error, cause=cause)
