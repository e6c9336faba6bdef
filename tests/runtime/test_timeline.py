"""The timeline: what node ran when, read from an execution's history."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from layers.runtime.history import Event
from layers.runtime.timeline import NodeRun, build_timeline, skipped_nodes

SOURCE_MAP: dict[str, Any] = {
    "workflow": "order-fulfilment",
    "states": {
        "Validate": {"node": "validate", "role": "pass"},
        "Charge the card": {"node": "charge", "role": "task"},
        "Both": {"node": "charge", "role": "fork"},
        "Call the customer": {"node": "call", "role": "task"},
        "Give up": {"node": "give_up", "role": "end"},
        "End of Charge the card": {"node": "charge", "role": "end"},
        "Which way?": {"node": "route", "role": "choice"},
        "Which way?: ask": {"node": "route", "role": "guard"},
        "Which way?: no match": {"node": "route", "role": "end"},
        "End": {"node": "", "role": "end"},
    },
    "nodes": {
        "validate": {"name": "Validate", "type": "transform", "states": ["Validate"]},
        "charge": {"name": "Charge the card", "type": "http_request", "states": ["Both", "Charge the card"]},
        "call": {"name": "Call the customer", "type": "http_request", "states": ["Call the customer"]},
        "give_up": {"name": "Give up", "type": "terminate", "states": ["Give up"]},
        "route": {
            "name": "Which way?",
            "type": "condition",
            "states": ["Which way?", "Which way?: no match"],
        },
        "folded": {"name": "Folded", "type": "transform", "states": []},
    },
}


def event(number: int, kind: str, previous: int, second: float = 0, **details: Any) -> Event:
    """An event; its details go under the key that the service gives events of that kind."""
    entering = {"StateEntered": "stateEnteredEventDetails", "StateExited": "stateExitedEventDetails"}
    keys = [key for suffix, key in entering.items() if kind.endswith(suffix)]
    key = keys[0] if keys else f"{kind[0].lower()}{kind[1:]}EventDetails"
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    return {"id": number, "type": kind, "previousEventId": previous, "timestamp": moment, key: details}


def called(node: str, parameters: Any) -> str:
    return json.dumps({"FunctionName": "f", "Payload": {"node": node, "parameters": parameters}})


def answered(output: Any) -> str:
    return json.dumps({"ExecutedVersion": "$LATEST", "Payload": {"output": output}, "StatusCode": 200})


def raised(error: str, message: str) -> dict[str, str]:
    return {"error": error, "cause": json.dumps({"errorMessage": message, "errorType": error})}


def only(runs: tuple[NodeRun, ...], node: str) -> NodeRun:
    [run] = [run for run in runs if run.node == node]
    return run


PASSED: tuple[Event, ...] = (
    event(1, "ExecutionStarted", 0, input="{}"),
    event(2, "PassStateEntered", 0, 0, name="Validate", input="{}"),
    event(
        3,
        "PassStateExited",
        2,
        0.001,
        name="Validate",
        output="{}",
        assignedVariables={"validate": '{"total":30}', "other": "1"},
    ),
)


def test_a_task_that_was_tried_again_has_both_attempts_and_its_answer() -> None:
    runs = build_timeline(
        [
            *PASSED,
            event(4, "TaskStateEntered", 3, 1, name="Charge the card", input="{}"),
            event(5, "TaskScheduled", 4, 1, parameters=called("charge", {"amount": 30})),
            event(6, "TaskStarted", 5, 1),
            event(7, "TaskFailed", 6, 2, **raised("Network", "connection refused")),
            event(8, "TaskScheduled", 7, 4, parameters=called("charge", {"amount": 30})),
            event(9, "TaskStarted", 8, 4),
            event(10, "TaskSucceeded", 9, 5, output=answered({"paid": True})),
            event(11, "TaskStateExited", 10, 5, name="Charge the card", output="null"),
            event(12, "ExecutionSucceeded", 11, 5, output="{}"),
        ],
        SOURCE_MAP,
    )
    charge = only(runs, "charge")
    assert [run.node for run in runs] == ["validate", "charge"]
    assert (charge.status, charge.duration_seconds, charge.error) == ("succeeded", 4.0, None)
    assert (charge.input, charge.output) == ({"amount": 30}, {"paid": True})
    assert charge.to_json()["attempts"] == [
        {
            "started_at": "2026-01-01T00:00:01.000Z",
            "ended_at": "2026-01-01T00:00:02.000Z",
            "error": "Network",
            "cause": "connection refused",
        },
        {
            "started_at": "2026-01-01T00:00:04.000Z",
            "ended_at": "2026-01-01T00:00:05.000Z",
            "error": None,
            "cause": None,
        },
    ]


def test_the_output_of_a_transform_is_the_variable_it_assigned() -> None:
    assert only(build_timeline(PASSED, SOURCE_MAP), "validate").output == {"total": 30}


def test_a_caught_failure_is_the_failure_of_its_node_and_the_run_goes_on() -> None:
    runs = build_timeline(
        [
            event(2, "TaskStateEntered", 0, 0, name="Charge the card"),
            event(3, "TaskScheduled", 2, 0, parameters=called("charge", {})),
            event(4, "TaskTimedOut", 3, 20, error="States.Timeout"),
            event(5, "TaskStateExited", 4, 20, name="Charge the card"),
            event(6, "TaskStateEntered", 5, 20, name="Call the customer"),
        ],
        SOURCE_MAP,
    )
    assert (only(runs, "charge").status, only(runs, "charge").error) == ("failed", "States.Timeout")
    assert (only(runs, "call").status, only(runs, "call").duration_seconds) == ("running", None)


def test_a_node_that_waits_for_its_next_attempt_is_running() -> None:
    runs = build_timeline(
        [
            event(2, "TaskStateEntered", 0, 0, name="Charge the card"),
            event(3, "TaskScheduled", 2, 0, parameters=called("charge", {})),
            event(4, "TaskFailed", 3, 1, **raised("Network", "refused")),
        ],
        SOURCE_MAP,
    )
    assert (only(runs, "charge").status, only(runs, "charge").error) == ("running", None)


def test_an_uncaught_failure_fails_its_node_and_cancels_the_branch_beside_it() -> None:
    runs = build_timeline(
        [
            event(2, "ParallelStateEntered", 0, 0, name="Both"),
            event(3, "ParallelStateStarted", 2, 0),
            event(4, "TaskStateEntered", 3, 0, name="Charge the card"),
            event(5, "TaskScheduled", 4, 0, parameters=called("charge", {})),
            event(6, "TaskStateEntered", 3, 0, name="Call the customer"),
            event(7, "TaskScheduled", 6, 0, parameters=called("call", {})),
            event(8, "TaskFailed", 5, 3, **raised("Permission", "declined")),
            event(9, "ParallelStateFailed", 8, 3),
            event(10, "ExecutionFailed", 9, 3, error="Permission", cause="declined"),
        ],
        SOURCE_MAP,
    )
    assert (only(runs, "charge").status, only(runs, "charge").cause) == ("failed", "declined")
    assert (only(runs, "call").status, only(runs, "call").duration_seconds) == ("cancelled", 3.0)


def test_a_parallel_that_is_tried_again_runs_its_nodes_again() -> None:
    runs = build_timeline(
        [
            event(2, "ParallelStateEntered", 0, 0, name="Both"),
            event(3, "ParallelStateStarted", 2, 0),
            event(4, "TaskStateEntered", 3, 0, name="Charge the card"),
            event(5, "TaskScheduled", 4, 0, parameters=called("charge", {})),
            event(6, "TaskFailed", 5, 1, **raised("Network", "refused")),
            event(7, "ParallelStateStarted", 6, 2),
            event(8, "TaskStateEntered", 7, 2, name="Charge the card"),
            event(9, "TaskScheduled", 8, 2, parameters=called("charge", {})),
            event(10, "TaskSucceeded", 9, 3, output=answered(1)),
            event(11, "TaskStateExited", 10, 3, name="Charge the card"),
            event(12, "ParallelStateSucceeded", 11, 3),
            event(13, "ParallelStateExited", 12, 3, name="Both"),
            event(14, "TaskStateEntered", 13, 3, name="Call the customer"),
        ],
        SOURCE_MAP,
    )
    assert [(run.node, run.status) for run in runs] == [
        ("charge", "failed"),
        ("charge", "succeeded"),
        ("call", "running"),
    ]


def test_an_aborted_execution_cancels_what_was_under_way() -> None:
    runs = build_timeline(
        [event(2, "TaskStateEntered", 0, name="Charge the card"), event(3, "ExecutionAborted", 0, 7)],
        SOURCE_MAP,
    )
    assert (runs[0].status, runs[0].duration_seconds) == ("cancelled", 7.0)


def test_a_terminate_node_that_ends_the_run_failed_has_done_its_work() -> None:
    runs = build_timeline(
        [
            event(2, "FailStateEntered", 0, name="Give up", input="{}"),
            event(3, "ExecutionFailed", 2, error="TooLate", cause="…"),
        ],
        SOURCE_MAP,
    )
    assert runs[0].status == "succeeded"


def test_ends_that_only_serve_the_machine_are_no_runs() -> None:
    ends = ("End of Charge the card", "End")
    events = [event(number, "SucceedStateEntered", 0, name=name) for number, name in enumerate(ends, 2)]
    assert build_timeline(events, SOURCE_MAP) == ()


def test_a_condition_that_nothing_fits_has_failed() -> None:
    runs = build_timeline(
        [
            event(2, "ChoiceStateEntered", 0, name="Which way?"),
            event(3, "ChoiceStateExited", 2, name="Which way?"),
            event(4, "FailStateEntered", 3, name="Which way?: no match"),
            event(5, "ExecutionFailed", 4, error="NoMatch", cause="no case fits"),
        ],
        SOURCE_MAP,
    )
    assert [(run.node, run.status, run.error) for run in runs] == [("route", "failed", "NoMatch")]


@pytest.mark.parametrize(
    ("port", "seen"), [('"big"', ("succeeded", "big", None)), ("null", ("failed", None, "NoMatch"))]
)
def test_a_condition_with_an_error_edge_shows_its_port_and_fails_without_one(port: str, seen: object) -> None:
    asked: dict[str, Any] = {"name": "Which way?: ask", "assignedVariables": {"route__port": port}}
    runs = build_timeline(
        [
            event(2, "PassStateEntered", 0, name="Which way?: ask"),
            event(3, "PassStateExited", 2, **asked),
            event(4, "ChoiceStateEntered", 3, name="Which way?"),
            event(5, "ChoiceStateExited", 4, name="Which way?"),
        ],
        SOURCE_MAP,
    )
    assert [(run.status, run.output, run.error) for run in runs] == [seen]


def test_a_state_that_serves_a_node_and_fails_is_that_nodes_failure() -> None:
    failed: dict[str, Any] = {
        "state": "Which way?: ask",
        "error": "States.QueryEvaluationError",
        "cause": "no",
    }
    runs = build_timeline(
        [
            event(2, "PassStateEntered", 0, name="Which way?: ask"),
            event(3, "EvaluationFailed", 2, location="Assign", **failed),
            event(4, "ExecutionFailed", 3, error="States.QueryEvaluationError"),
        ],
        SOURCE_MAP,
    )
    assert [(run.node, run.status, run.cause) for run in runs] == [("route", "failed", "no")]


def test_an_expression_that_fails_fails_its_node_although_its_event_follows_no_other() -> None:
    runs = build_timeline(
        [
            event(2, "PassStateEntered", 0, name="Validate"),
            event(
                3,
                "EvaluationFailed",
                0,
                state="Validate",
                error="States.QueryEvaluationError",
                cause="no such field",
                location="Output",
            ),
            event(4, "ExecutionFailed", 3, error="States.QueryEvaluationError"),
        ],
        SOURCE_MAP,
    )
    assert (runs[0].status, runs[0].error) == ("failed", "States.QueryEvaluationError")


def test_a_state_that_hands_on_its_input_gives_no_output_of_its_node() -> None:
    runs = build_timeline(
        [
            event(2, "ChoiceStateEntered", 0, name="Which way?", input="11"),
            event(3, "ChoiceStateExited", 2, name="Which way?", output="11"),
        ],
        SOURCE_MAP,
    )
    assert (runs[0].status, runs[0].output) == ("succeeded", None)


def test_truncated_data_is_null_in_the_timeline() -> None:
    runs = build_timeline(
        [
            event(2, "TaskStateEntered", 0, name="Charge the card"),
            event(3, "TaskScheduled", 2, parameters='{"Payload": {"para'),
            event(4, "TaskSucceeded", 3, output='{"Payl'),
            event(5, "TaskStateExited", 4, name="Charge the card"),
        ],
        SOURCE_MAP,
    )
    assert (runs[0].input, runs[0].output, runs[0].status) == (None, None, "succeeded")


def test_nodes_without_a_run_are_skipped_unless_they_were_folded_away() -> None:
    assert skipped_nodes(build_timeline(PASSED, SOURCE_MAP), SOURCE_MAP) == (
        "charge",
        "call",
        "give_up",
        "route",
    )


@pytest.mark.parametrize("zone_offset_hours", [0, 2])
def test_times_are_printed_in_utc_whatever_zone_they_came_in(zone_offset_hours: int) -> None:
    zone = timezone(timedelta(hours=zone_offset_hours))
    entered = {**PASSED[1], "timestamp": PASSED[1]["timestamp"].astimezone(zone)}
    assert build_timeline([entered], SOURCE_MAP)[0].to_json()["started_at"] == "2026-01-01T00:00:00.000Z"
