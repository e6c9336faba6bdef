"""The timeline of nodes that shared one invocation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from layers.runtime.history import Event
from layers.runtime.timeline import build_timeline, skipped_nodes

NODES = ("one", "two", "three")
SOURCE_MAP: dict[str, Any] = {
    "workflow": "chained",
    "states": {"One": {"node": "one", "role": "task", "chain": list(NODES)}},
    "nodes": {node: {"name": node.title(), "type": "function", "states": ["One"]} for node in NODES},
}
PAYLOAD = {"chain": [{"node": "one", "parameters": {"a": 1}}, {"node": "two", "parameters": {}}]}


def event(number: int, kind: str, key: str, **details: Any) -> Event:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    return {"id": number, "type": kind, "previousEventId": number - 1, "timestamp": moment, key: details}


def history(*ending: Event) -> list[Event]:
    return [
        event(1, "ExecutionStarted", "executionStartedEventDetails"),
        event(2, "TaskStateEntered", "stateEnteredEventDetails", name="One", input="{}"),
        event(3, "TaskScheduled", "taskScheduledEventDetails", parameters=json.dumps({"Payload": PAYLOAD})),
        *ending,
    ]


def test_while_it_runs_its_first_node_does() -> None:
    (run,) = build_timeline(history(), SOURCE_MAP)
    assert (run.node, run.status, run.input) == ("one", "running", {"a": 1})


def test_each_node_has_the_record_that_the_function_gave() -> None:
    failed = {"error": "Network", "cause": "dead"}
    chain = {
        "one": {"output": 1, "began": 0.0, "ended": 2.0, "attempts": [failed]},
        "two": {"output": 2, "began": 2.0, "ended": 2.5, "attempts": []},
        "three": {"output": 3, "began": 2.5, "ended": 3.0, "attempts": []},
    }
    output = json.dumps({"Payload": {"chain": chain}})
    runs = build_timeline(
        history(
            {**event(6, "TaskSucceeded", "taskSucceededEventDetails", output=output), "previousEventId": 3},
            event(7, "TaskStateExited", "stateExitedEventDetails", name="One", output="{}"),
        ),
        SOURCE_MAP,
    )
    assert [(run.node, run.output, run.status) for run in runs] == [
        ("one", 1, "succeeded"),
        ("two", 2, "succeeded"),
        ("three", 3, "succeeded"),
    ]
    assert [(run.started_at.second, run.duration_seconds) for run in runs] == [(3, 2.0), (5, 0.5), (5, 0.5)]
    assert [attempt.error for attempt in runs[0].attempts] == ["Network", None]


def test_a_failure_is_that_of_the_node_which_its_cause_names() -> None:
    cause = json.dumps({"errorMessage": "no answer (in node two)", "errorType": "Timeout"})
    details = {"error": "Timeout", "cause": cause}
    runs = build_timeline(
        history(
            event(4, "TaskFailed", "taskFailedEventDetails", **details),
            event(5, "ExecutionFailed", "executionFailedEventDetails", **details),
        ),
        SOURCE_MAP,
    )
    assert [(run.node, run.status, run.error, run.cause) for run in runs] == [
        ("one", "succeeded", None, None),
        ("two", "failed", "Timeout", "no answer"),
    ]
    assert skipped_nodes(runs, SOURCE_MAP) == ("three",)
