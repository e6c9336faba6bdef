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


WHEN: dict[str, Any] = {
    "workflow": "deciding",
    "states": {
        "Ask": {"node": "ask", "role": "task"},
        "Ask: on to Tell?": {"node": "ask", "role": "when"},
        "Sum up": {"node": "sum_up", "role": "pass"},
    },
    "nodes": {name: {"name": name, "type": "function", "states": []} for name in ("ask", "sum_up")},
}


def failing(state: str, kind: str, location: str, *between: Event) -> list[tuple[str, str, object]]:
    """The runs of an execution that an expression of the state ends."""
    entered = event(2, f"{kind}StateEntered", 1, "stateEnteredEventDetails", name=state, input="{}")
    error = {"error": "States.QueryEvaluationError", "cause": "no number", "location": location}
    failed = event(7, "EvaluationFailed", 6, "evaluationFailedEventDetails", state=state, **error)
    ended = event(8, "ExecutionFailed", 7, "executionFailedEventDetails", error=error["error"])
    started = event(1, "ExecutionStarted", 0, "executionStartedEventDetails")
    runs = build_timeline([started, entered, *between, failed, ended], WHEN)
    return [(run.node, run.status, run.output) for run in runs]


def test_a_when_that_fails_as_a_call_is_left_is_no_failure_of_the_call() -> None:
    scheduled = event(3, "TaskScheduled", 2, "taskScheduledEventDetails", parameters="{}")
    answer = '{"Payload":{"output":3}}'
    answered = event(6, "TaskSucceeded", 3, "taskSucceededEventDetails", output=answer)
    assert failing("Ask", "Task", "Assign/ask__to__tell", scheduled, answered) == [("ask", "succeeded", 3)]
    assert failing("Ask", "Task", "Arguments") == [("ask", "failed", None)]


def test_a_when_that_fails_beside_a_transform_or_in_a_state_of_its_own_is_no_failure_of_its_node() -> None:
    assert failing("Sum up", "Pass", "Assign/sum_up__to__tell") == [("sum_up", "succeeded", None)]
    assert failing("Sum up", "Pass", "Assign/sum_up") == [("sum_up", "failed", None)]
    assert failing("Ask: on to Tell?", "Choice", "Choices[0]/Condition") == []
