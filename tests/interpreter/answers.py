"""The answers that tasks got when an execution was recorded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.interpreter.comparison import same
from translator.interpreter import Execution, TaskAnswer, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.resource import Family

_ENDS = ("Succeeded", "Failed", "TimedOut")
_FAMILIES = ("Task", "LambdaFunction", "Activity")
_SECONDS = 0.5


class Answers:
    """Tells for each request how the recorded task ended; each recorded end is told once."""

    def __init__(
        self, events: Sequence[Mapping[str, Any]], definition: Mapping[str, Any], execution: Execution
    ) -> None:
        self._events = events
        self._definition = definition
        self._execution = execution
        self._ends = [event for event in events if _ends_task(event["type"])]
        self._submissions = [event for event in events if event["type"] == "TaskSubmitted"]
        self._workers = [event for event in events if event["type"] == "ActivityStarted"]
        self._scheduled = [event for event in events if event["type"].endswith("Scheduled")]

    def answer(self, request: TaskRequest) -> TaskAnswer:
        """How the task ends."""
        if request.purpose == "ItemReader":
            return self._items()
        if request.purpose == "ResultWriter":
            return TaskAnswer(TaskSucceeded({}), _SECONDS)
        if request.id.startswith("m"):
            # A child of a Map Run has no events here; those recorded give back their input.
            return TaskAnswer(TaskSucceeded(request.arguments), _SECONDS)
        if request.kind.family is Family.ACTIVITY and not self._has("ActivityScheduled"):
            cause = details_of(self._events[-1])["cause"].partition("). ")[2]
            self._execution.scheduled(request.id, self._execution.now, cause)
            return TaskAnswer(None)
        if self._workers and request.kind.family is Family.ACTIVITY:
            worker = details_of(self._workers.pop(0)).get("workerName")
            self._execution.started(request.id, worker, self._execution.now)
        if self._submissions and request.kind.pattern.value:
            output = details_of(self._submissions.pop(0))["output"]
            self._execution.submitted(request.id, value_of(output), self._execution.now)
        return self._answer(self._ends.pop(self._place(request)))

    def _has(self, kind: str) -> bool:
        return any(event["type"] == kind for event in self._events)

    def _place(self, request: TaskRequest) -> int:
        """Which of the recorded ends: the events of branches are sorted by type, so parameters tell."""
        if len(self._ends) < len(self._scheduled):
            return 0
        for place, event in enumerate(self._scheduled):
            details = details_of(event)
            if same(request.arguments, value_of(details.get("parameters", details.get("input")))):
                self._scheduled.pop(place)
                return place
        return 0

    def _answer(self, event: Mapping[str, Any]) -> TaskAnswer:
        kind, details = event["type"], details_of(event)
        if kind.endswith("TimedOut"):
            return TaskAnswer(None)
        if kind.endswith("Failed"):
            cause = details.get("cause")
            text = cause if cause is None or isinstance(cause, str) else _compact(cause)
            return TaskAnswer(TaskFailed(details.get("error"), text), _SECONDS)
        return TaskAnswer(TaskSucceeded(value_of(details["output"])), _SECONDS)

    def _items(self) -> TaskAnswer:
        """The content that gives the recorded items: of the object itself nothing was recorded."""
        failed = next((event for event in self._events if event["type"] == "MapRunFailed"), None)
        if failed is not None:
            return TaskAnswer(TaskFailed(None, details_of(failed)["cause"]), _SECONDS)
        exited = next(event for event in self._events if event["type"] == "MapStateExited")
        items = value_of(details_of(exited)["output"])
        reader = next(_readers(self._definition))
        if reader["Resource"].endswith("listObjectsV2"):
            return TaskAnswer(TaskSucceeded({"Contents": items}), _SECONDS)
        return TaskAnswer(TaskSucceeded({"Body": _body(reader["ReaderConfig"], items)}), _SECONDS)


def _readers(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if "ItemReader" in value:
            yield value["ItemReader"]
        for item in value.values():
            yield from _readers(item)


def _body(configuration: Mapping[str, Any], items: list[Any]) -> str:
    if configuration["InputType"] != "CSV":
        return _compact(items)
    headers = configuration.get("CSVHeaders") or list(items[0])
    stream = io.StringIO()
    writer = csv.writer(stream)
    if configuration["CSVHeaderLocation"] == "FIRST_ROW":
        writer.writerow(headers)
    writer.writerows([item[header] for header in headers] for item in items)
    return stream.getvalue()


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _ends_task(kind: str) -> bool:
    return any(kind == f"{family}{end}" for family in _FAMILIES for end in _ENDS)


def details_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is particular to the event's type."""
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def value_of(recorded: Any) -> Any:
    """A payload, which the recorder left as text or parsed."""
    if not isinstance(recorded, str):
        return recorded
    try:
        return json.loads(recorded)
    except ValueError:
        return recorded
