"""The timeline of bodies within one another, of which the inner one fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

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
