"""The timeline of nodes whose work another node's state does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from layers.runtime.history import Event
from layers.runtime.timeline import NodeRun, build_timeline, skipped_nodes

SOURCE_MAP: dict[str, Any] = {
    "workflow": "merging",
    "states": {
        "Which way?": {"node": "route", "role": "choice", "before": ["begin"], "after": ["left", "right"]},
    },
    "nodes": {
        name: {"name": name.title(), "type": "transform", "states": ["Which way?"]}
        for name in ("begin", "route", "left", "right")
    },
}


def event(number: int, kind: str, previous: int, key: str, **details: Any) -> Event:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    return {"id": number, "type": kind, "previousEventId": previous, "timestamp": moment, key: details}


def timeline(assigned: dict[str, str] | None) -> tuple[NodeRun, ...]:
    """Of a run that is in its one state, or has left it with these variables assigned."""
    entered = event(2, "ChoiceStateEntered", 1, "stateEnteredEventDetails", name="Which way?", input="{}")
    events = [event(1, "ExecutionStarted", 0, "executionStartedEventDetails"), entered]
    if assigned is not None:
        left = {"name": "Which way?", "output": "{}", "assignedVariables": assigned}
        events.append(event(5, "ChoiceStateExited", 2, "stateExitedEventDetails", **left))
    return build_timeline(events, SOURCE_MAP)


def second(run: NodeRun) -> int:
    assert run.ended_at == run.started_at
    return run.started_at.second


def test_a_node_before_the_state_ran_when_the_state_was_entered() -> None:
    begin, route = timeline(None)
    assert (begin.node, begin.status, second(begin), begin.output) == ("begin", "succeeded", 2, None)
    assert (begin.name, begin.state) == ("Begin", "Which way?")
    assert route.status == "running"


def test_of_the_nodes_behind_the_state_those_ran_whose_output_it_assigned() -> None:
    runs = timeline({"begin": "1", "left__1": '{"a":2}', "left__to__right": "true", "right__round": "1"})
    assert [(run.node, run.output) for run in runs] == [("begin", 1), ("route", None), ("left", {"a": 2})]
    assert second(runs[2]) == 5
    assert skipped_nodes(runs, SOURCE_MAP) == ("right",)


def test_runs_keep_their_places_while_the_history_grows() -> None:
    early, late = timeline(None), timeline({"begin": "1", "right": "null"})
    assert [run.node for run in late[: len(early)]] == [run.node for run in early]
