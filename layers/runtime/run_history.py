"""Reads the history of a run: of its execution, of those that run its parts, and of its Maps' children."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from layers.runtime.history import Event, has_ended
from layers.runtime.joining import ExecutionHistory
from layers.runtime.json_value import json_or_none
from layers.runtime.step_functions import StepFunctions, all_events

MOST_READ: Final = 100
"""Histories of one run that are read: GetExecutionHistory is throttled at some 20 a second (AWS: quotas)."""
LISTED: Final = 1_000
"""Children of a Map Run that are looked at, at most (AWS: ListExecutions, one page)."""
_WITHOUT_HISTORY: Final = frozenset({"StateMachineTypeNotSupported", "ExecutionDoesNotExist"})
"""Children of the Express kind have none, and those of runs long ago have none any more."""
_FIRST: Final = {"FAILED": 0, "TIMED_OUT": 0, "RUNNING": 1}
"""What is read before what ended well."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Executions of a run whose histories were not read."""

    machine: str | None
    """The state machine of a part of the workflow."""
    map_state: str | None
    """The Map whose children they are."""
    count: int


@dataclass(frozen=True, slots=True)
class RunHistory:
    """What was read of a run."""

    whole: ExecutionHistory
    unread: tuple[Unread, ...] = ()


@dataclass(slots=True)
class HistoryReader:
    """Reads one run, also again while it goes on: what has ended by then is read once."""

    client: StepFunctions
    parts: Collection[str] = ()
    """The names of the state machines that parts of the workflow run in."""
    most: int = MOST_READ
    ended: dict[str, Sequence[Event]] = field(default_factory=dict)
    """By ARN the events of executions that have ended."""

    def read(self, arn: str) -> RunHistory:
        """Everything that an execution has done so far; raises botocore's ClientError for its own history."""
        reading = _Reading(self, self.most)
        whole = reading.execution(arn)
        return RunHistory(whole, tuple(reading.unread))

    def events(self, arn: str) -> Sequence[Event]:
        """The history of one execution."""
        if arn not in self.ended:
            events = all_events(self.client, arn)
            if not has_ended(events):
                return events
            self.ended[arn] = events
        return self.ended[arn]


@dataclass(slots=True)
class _Reading:
    """One look at a run; `left` is how many histories may still be read."""

    reader: HistoryReader
    left: int
    unread: list[Unread] = field(default_factory=list)

    def execution(self, arn: str) -> ExecutionHistory:
        self.left -= 1
        events = self.reader.events(arn)
        nested: dict[int, Sequence[ExecutionHistory]] = {}
        for event in events:
            found = self._part(event) if event["type"] == "TaskSubmitted" else self._children(event, events)
            if found:
                nested[event["id"]] = found
        return ExecutionHistory(events, nested)

    def _part(self, event: Event) -> Sequence[ExecutionHistory]:
        arn = part_started(event, self.reader.parts)
        if arn is None:
            return ()
        machine = arn.split(":")[6]
        if self.left <= 0:
            self.unread.append(Unread(machine, None, 1))
            return ()
        found = self._if_there(arn)
        return () if found is None else (found,)

    def _children(self, event: Event, events: Sequence[Event]) -> Sequence[ExecutionHistory]:
        if event["type"] != "MapRunStarted":
            return ()
        arns, more = self._listed(event["mapRunStartedEventDetails"]["mapRunArn"])
        found = [history for arn in arns if self.left > 0 and (history := self._if_there(arn)) is not None]
        missing = more + len(arns) - len(found)
        if missing:
            self.unread.append(Unread(None, state_of(event, events), missing))
        return found

    def _listed(self, map_run: str) -> tuple[list[str], int]:
        """The children of a Map Run that are worth reading, those first, and whether there are more."""
        try:
            page = self.reader.client.list_executions(mapRunArn=map_run, maxResults=LISTED)
        except ClientError as error:
            if error.response["Error"]["Code"] in _WITHOUT_HISTORY:
                return [], 1
            raise
        oldest_first = page["executions"][::-1]
        listed = sorted(oldest_first, key=lambda child: _FIRST.get(child["status"], 2))
        return [child["executionArn"] for child in listed], int("nextToken" in page)

    def _if_there(self, arn: str) -> ExecutionHistory | None:
        try:
            return self.execution(arn)
        except ClientError as error:
            if error.response["Error"]["Code"] in _WITHOUT_HISTORY:
                return None
            raise


def part_started(event: Event, parts: Collection[str]) -> str | None:
    """The ARN of the execution that a Task has started, if that runs a part of the workflow."""
    details: Mapping[str, Any] = event.get("taskSubmittedEventDetails") or {}
    answer = json_or_none(details.get("output"))
    arn = answer.get("ExecutionArn") if isinstance(answer, Mapping) else None
    if not isinstance(arn, str) or arn.count(":") < 7:
        return None
    return arn if arn.split(":")[6] in parts else None


def state_of(event: Event, events: Sequence[Event]) -> str | None:
    """The state that an event belongs to, by those before it."""
    by_id: Mapping[int, Event] = {one["id"]: one for one in events}
    return next((name for one in _before(event, by_id) if (name := _entered(one)) is not None), None)


def _before(event: Event, by_id: Mapping[int, Event]) -> Iterator[Event]:
    found: Event | None = event
    while found is not None:
        yield found
        found = by_id.get(found.get("previousEventId", 0))


def _entered(event: Event) -> str | None:
    return event["stateEnteredEventDetails"]["name"] if event["type"].endswith("StateEntered") else None


def nodes_unseen(unread: Iterable[Unread], source_map: Mapping[str, Any]) -> frozenset[str]:
    """The nodes that may have run in executions whose histories were not read."""
    states, nodes = source_map["states"], source_map["nodes"]
    found: set[str] = set()
    for one in unread:
        found.update(states[name]["node"] for name in source_map.get("parts", {}).get(one.machine, ()))
        body = states.get(one.map_state, {}).get("node")
        found.update(node for node in nodes if body is not None and body in _around(node, nodes))
    return frozenset(found)


def _around(node: str, nodes: Mapping[str, Any]) -> Iterator[str]:
    parent = nodes[node].get("parent")
    while parent is not None:
        yield parent
        parent = nodes[parent].get("parent")
