"""The timeline of bodies within one another, of which the inner one fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from layers.runtime.history import Event
from layers.runtime.timeline import build_timeline

SOURCE_MAP: dict[str, Any] = {
    "workflow": "within",
    "states": {"Rows": {"node": "rows", "role": "body"}, "Cells": {"node": "cells", "role": "body"}},
    "nodes": {
        name: {"name": name.title(), "type": "for_each", "states": [name.title()]}
        for name in ("rows", "cells")
    },
}
CAUSE = "the expression failed"


def event(number: int, kind: str, previous: int, key: str = "", **details: Any) -> Event:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    told = {key: details} if key else {}
    return {"id": number, "type": kind, "previousEventId": previous, "timestamp": moment, **told}


def test_a_body_fails_by_the_body_inside_it_whose_own_expression_failed() -> None:
    failed = {"state": "Cells", "error": "States.QueryEvaluationError", "cause": CAUSE, "location": "Output"}
    runs = build_timeline(
        [
            event(1, "ExecutionStarted", 0, "executionStartedEventDetails"),
            event(2, "MapStateEntered", 0, "stateEnteredEventDetails", name="Rows", input="{}"),
            event(3, "MapStateStarted", 2),
            event(4, "MapIterationStarted", 3, "mapIterationStartedEventDetails", name="Rows", index=0),
            event(5, "MapStateEntered", 4, "stateEnteredEventDetails", name="Cells", input="{}"),
            event(6, "MapStateStarted", 5),
            event(7, "EvaluationFailed", 6, "evaluationFailedEventDetails", **failed),
            event(8, "MapStateFailed", 7),
            event(9, "MapIterationFailed", 8, "mapIterationFailedEventDetails", name="Rows", index=0),
            event(10, "MapStateFailed", 8),
            event(
                11, "ExecutionFailed", 10, "executionFailedEventDetails", error=failed["error"], cause=CAUSE
            ),
        ],
        SOURCE_MAP,
    )
    assert [(run.node, run.status, run.cause) for run in runs] == [
        ("rows", "failed", CAUSE),
        ("cells", "failed", CAUSE),
    ]


BRANCHES: dict[str, Any] = {
    "workflow": "branches",
    "states": {
        "Fetch + Wait": {"node": "fetch", "role": "fork"},
        "Fetch": {"node": "fetch", "role": "task"},
        "Store": {"node": "store", "role": "task"},
        "Failed in Store": {"node": "fetch", "role": "join"},
        "Too many": {"node": "store", "role": "end"},
    },
    "nodes": {
        name: {"name": name.title(), "type": "function", "states": [name.title()]}
        for name in ("fetch", "store")
    },
}


def branch(*rest: Event) -> list[Event]:
    """A branch in which one node has succeeded and the next one failed; `rest` begins with event 12."""
    return [
        event(1, "ExecutionStarted", 0, "executionStartedEventDetails"),
        event(2, "ParallelStateEntered", 0, "stateEnteredEventDetails", name="Fetch + Wait", input="{}"),
        event(3, "ParallelStateStarted", 2),
        event(4, "TaskStateEntered", 3, "stateEnteredEventDetails", name="Fetch", input="{}"),
        event(5, "TaskScheduled", 4, "taskScheduledEventDetails", parameters="{}"),
        event(6, "TaskSucceeded", 5, "taskSucceededEventDetails", output="{}"),
        event(7, "TaskStateExited", 6, "stateExitedEventDetails", name="Fetch", output="{}"),
        event(8, "TaskStateEntered", 7, "stateEnteredEventDetails", name="Store", input="{}"),
        event(9, "TaskScheduled", 8, "taskScheduledEventDetails", parameters="{}"),
        event(10, "TaskFailed", 9, "taskFailedEventDetails", error="Network", cause="no answer"),
        event(11, "TaskStateExited", 10, "stateExitedEventDetails", name="Store", output="{}"),
        *rest,
    ]


def test_a_failure_that_a_branch_hands_on_is_not_that_of_its_first_node() -> None:
    handed_on = branch(
        event(12, "FailStateEntered", 11, "stateEnteredEventDetails", name="Failed in Store", input="{}"),
        event(13, "ParallelStateFailed", 12),
        event(14, "ExecutionFailed", 13, "executionFailedEventDetails", error="Network", cause="no answer"),
    )
    assert [(run.node, run.status, run.error) for run in build_timeline(handed_on, BRANCHES)] == [
        ("fetch", "succeeded", None),
        ("store", "failed", "Network"),
    ]


@pytest.mark.parametrize(
    "end",
    [
        event(14, "ExecutionFailed", 13, "executionFailedEventDetails", error="TooMany", cause="3 of 4"),
        event(
            14,
            "ParallelStateExited",
            13,
            "stateExitedEventDetails",
            name="Fetch + Wait",
            output='{"Error":"TooMany","Cause":"3 of 4"}',
        ),
    ],
)
def test_a_fail_inside_a_branch_has_the_error_that_the_end_of_its_scope_tells(end: Event) -> None:
    events = branch(
        event(12, "FailStateEntered", 11, "stateEnteredEventDetails", name="Too many", input="{}"),
        event(13, "ParallelStateFailed", 12),
        end,
    )
    last = build_timeline(events, BRANCHES)[-1]
    assert (last.node, last.status, last.error, last.cause) == ("store", "failed", "TooMany", "3 of 4")


def test_what_fails_in_the_expressions_of_a_fork_is_no_nodes_failure() -> None:
    failed = {"state": "Fetch + Wait", "error": "States.QueryEvaluationError", "location": "Output"}
    events = [
        *branch()[:7],
        event(8, "EvaluationFailed", 7, "evaluationFailedEventDetails", cause=CAUSE, **failed),
        event(9, "ExecutionFailed", 8, "executionFailedEventDetails", error=failed["error"], cause=CAUSE),
    ]
    assert [(run.node, run.status) for run in build_timeline(events, BRANCHES)] == [("fetch", "succeeded")]
