"""The history of an execution here with those of its distributed Maps' children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layers.runtime.history import Event
from layers.runtime.joining import ExecutionHistory, joined_events
from translator.interpreter import Execution, MapRun


def whole_history(execution: Execution) -> Sequence[Event]:
    """All events as one history."""
    map_runs = {run.arn: run for run in execution.map_runs}
    return joined_events(_history(execution.history, map_runs)) if map_runs else execution.history


def _history(events: Sequence[Event], map_runs: Mapping[str, MapRun]) -> ExecutionHistory:
    nested: dict[int, Sequence[ExecutionHistory]] = {}
    for event in events:
        if event["type"] == "MapRunStarted":
            run = map_runs[event["mapRunStartedEventDetails"]["mapRunArn"]]
            nested[event["id"]] = [_history(child.history, map_runs) for child in run.children]
    return ExecutionHistory(events, nested)
