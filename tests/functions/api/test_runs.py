"""The REST API's runs: started by hand, watched, cancelled, listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.recorder.recording import Recorder, record
from layers.runtime.store import Store
from layers.runtime.store.runs import find_run, mark
from tests.functions.fakes import FakeClock, FakeStepFunctions, definition, refusal

Call = Callable[..., Any]
ONE = "/api/workflows/order-fulfilment"
MANUAL = [{"id": "by_hand", "type": "manual"}, {"id": "new_order", "type": "webhook", "path": "orders"}]


@pytest.fixture
def active(call: Call) -> None:
    """An active workflow with a manual trigger and a webhook."""
    call("POST", "/api/workflows", definition(triggers=MANUAL))
    call("POST", f"{ONE}/activate")


def arn_of(store: Store, run: str) -> str:
    found = find_run(store, run)
    assert found is not None
    return found.execution_arn


def ended(arn: str) -> dict[str, Any]:
    machine = arn.replace(":execution:", ":stateMachine:").rpartition(":")[0]
    return {"detail": {"executionArn": arn, "stateMachineArn": machine}}


def test_executing_starts_the_manual_trigger_with_the_body(
    active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    answered = call("POST", f"{ONE}/execute", {"body": {"total": 30}})
    run = answered["json"]["run"]
    assert (answered["status"], answered["json"]["status"]) == (202, "running")
    assert answered["headers"]["location"] == f"/api/executions/{run}"
    [execution] = step_functions.executions.values()
    assert json.loads(execution["input"])["trigger"] == {
        "id": "by_hand",
        "type": "manual",
        "body": {"total": 30},
    }


def test_another_trigger_can_be_fired_by_hand(
    active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    call("POST", f"{ONE}/execute", {"trigger": "new_order", "body": 1})
    [execution] = step_functions.executions.values()
    trigger = json.loads(execution["input"])["trigger"]
    assert (trigger["id"], trigger["type"], trigger["path"], trigger["body"]) == (
        "new_order",
        "webhook",
        "orders",
        1,
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ('{"body": NaN}', 400),
        ('{"trigger": "nope"}', 400),
        ("[]", 422),
        ('{"payload": 1}', 422),
        ('{"trigger": 1}', 422),
    ],
)
def test_a_wrong_body_is_refused_and_starts_nothing(
    body: str, status: int, active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    assert call("POST", f"{ONE}/execute", body)["status"] == status
    assert step_functions.executions == {}


def test_a_repeated_idempotency_key_gives_the_run_that_it_started(
    active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    headers = {"idempotency-key": "order-17"}
    first = call("POST", f"{ONE}/execute", {"body": 1}, headers=headers)
    again = call("POST", f"{ONE}/execute", {"body": 1}, headers=headers)
    other = call("POST", f"{ONE}/execute", {"body": 2}, headers=headers)
    assert first["json"] == again["json"]
    assert (other["status"], other["json"]["code"]) == (422, "idempotency_key_reused")
    assert len(step_functions.executions) == 1


def test_a_key_whose_run_could_not_be_started_may_be_tried_again(
    active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    headers = {"idempotency-key": "order-17"}
    step_functions.failing["start_execution"] = refusal("ThrottlingException")
    assert call("POST", f"{ONE}/execute", {"body": 1}, headers=headers)["status"] == 503
    step_functions.failing.clear()
    assert call("POST", f"{ONE}/execute", {"body": 1}, headers=headers)["status"] == 202
    assert len(step_functions.executions) == 1


def test_a_start_that_was_cut_off_is_made_good_by_the_same_key(
    active: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    headers = {"idempotency-key": "order-17"}
    step_functions.failing["start_execution"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        call("POST", f"{ONE}/execute", {"body": 1}, headers=headers)
    step_functions.failing.clear()
    again = call("POST", f"{ONE}/execute", {"body": 1}, headers=headers)
    assert (again["status"], again["json"]["status"]) == (202, "running")
    assert [one["name"] for one in step_functions.executions.values()] == [again["json"]["run"]]


def test_a_start_that_was_cut_off_without_a_key_is_marked_as_interrupted(
    active: None, call: Call, step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    step_functions.failing["start_execution"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        call("POST", f"{ONE}/execute", {"body": 1})
    [listed] = call("GET", "/api/executions")["json"]["items"]
    run = f"/api/executions/{listed['id']}"
    assert call("GET", run)["json"]["status"] == "starting"
    clock.pass_seconds(61)
    read = call("GET", run)["json"]
    assert (read["status"], read["error"], read["final"]) == ("failed", "Steploom.Interrupted", True)
    assert [one["status"] for one in call("GET", "/api/executions")["json"]["items"]] == ["failed"]


def test_a_draft_and_a_paused_workflow_start_nothing(call: Call, step_functions: FakeStepFunctions) -> None:
    call("POST", "/api/workflows", definition(triggers=MANUAL))
    draft = call("POST", f"{ONE}/execute")
    assert (draft["status"], draft["json"]["code"]) == (409, "workflow_not_active")
    assert call("POST", f"{ONE}/pause")["status"] == 409
    call("POST", f"{ONE}/activate")
    assert call("POST", f"{ONE}/pause")["json"]["status"] == "paused"
    paused = call("POST", f"{ONE}/execute")
    assert (paused["status"], paused["json"]["code"]) == (409, "workflow_paused")
    assert [one["status"] for one in call("GET", "/api/webhooks")["json"]["items"]] == ["paused"]
    assert call("POST", f"{ONE}/pause")["json"]["revision"] == 3
    assert step_functions.executions == {}


def test_a_running_run_is_read_live_at_most_once_a_second(
    active: None, call: Call, step_functions: FakeStepFunctions, store: Store, clock: FakeClock
) -> None:
    run = call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"]
    step_functions.visit(arn_of(store, run), "Charge the card", {"paid": True})
    first = call("GET", f"/api/executions/{run}")["json"]
    assert (first["status"], first["final"], first["skipped"]) == ("running", False, [])
    assert [(one["node"], one["status"]) for one in first["timeline"]] == [("charge", "succeeded")]
    step_functions.visit(arn_of(store, run), "Charge the card", {"paid": True})
    assert len(call("GET", f"/api/executions/{run}/timeline")["json"]["timeline"]) == 1
    assert step_functions.calls.count("describe_execution") == 1
    clock.pass_seconds(1)
    assert len(call("GET", f"/api/executions/{run}/timeline")["json"]["timeline"]) == 2


def test_an_ended_run_is_read_from_its_record(
    active: None, call: Call, step_functions: FakeStepFunctions, store: Store, clock: FakeClock
) -> None:
    run = call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"]
    clock.pass_seconds(1.5)
    step_functions.end(arn_of(store, run), "FAILED", error="Network", cause="refused")
    before = call("GET", f"/api/executions/{run}")["json"]
    assert (before["status"], before["final"]) == ("failed", False)
    record(ended(arn_of(store, run)), Recorder(store, step_functions, step_functions.clock))
    step_functions.failing["describe_execution"] = AssertionError("history is not asked for a recorded run")
    read = call("GET", f"/api/executions/{run}")["json"]
    assert read["final"] is True
    assert (read["error"], read["cause"], read["duration_seconds"]) == ("Network", "refused", 1.5)
    assert read["trigger"] == {"id": "by_hand", "type": "manual"}
    assert (read["skipped"], read["started_by"]) == (["charge"], "ann")


def test_cancelling_stops_the_execution_once(
    active: None, call: Call, step_functions: FakeStepFunctions, store: Store
) -> None:
    run = call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"]
    assert call("POST", f"/api/executions/{run}/cancel")["status"] == 202
    record(ended(arn_of(store, run)), Recorder(store, step_functions, step_functions.clock))
    read = call("GET", f"/api/executions/{run}")["json"]
    assert (read["status"], read["cause"]) == ("cancelled", "cancelled by ann")
    again = call("POST", f"/api/executions/{run}/cancel")
    assert (again["status"], again["json"]["code"]) == (409, "run_has_ended")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/timeline"), ("POST", "/cancel")])
def test_a_run_that_does_not_exist_is_answered_404(method: str, path: str, call: Call) -> None:
    refused = call(method, f"/api/executions/nothing{path}")
    assert (refused["status"], refused["json"]["code"]) == (404, "run_not_found")


def test_a_timeline_too_large_for_an_answer_loses_the_largest_values(
    active: None, call: Call, step_functions: FakeStepFunctions, store: Store
) -> None:
    run = call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"]
    for _ in range(30):
        step_functions.visit(arn_of(store, run), "Charge the card", "x" * 200_000)
    timeline = call("GET", f"/api/executions/{run}")["json"]["timeline"]
    assert [node["output"] for node in timeline] == [{"left_out_bytes": 200_002}] * 30


@pytest.mark.parametrize("path", ["/api/executions/", "/api/workflows/"])
def test_a_name_longer_than_any_key_is_answered_404(path: str, call: Call) -> None:
    assert call("GET", path + "x" * 3000)["status"] == 404
    assert call("GET", "/api/executions", query="workflow=" + "x" * 3000)["json"]["items"] == []


def test_runs_are_listed_newest_first_by_workflow_and_status(
    active: None, call: Call, store: Store, clock: FakeClock
) -> None:
    runs = []
    for _ in range(5):
        clock.pass_seconds(1)
        runs.append(call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"])
    mark(store, runs[0], {"status": "failed"})
    mark(store, runs[3], {"status": "failed"})
    listed: list[str] = []
    query = "workflow=order-fulfilment&status=running&limit=2"
    page = call("GET", "/api/executions", query=query)["json"]
    listed += [one["id"] for one in page["items"]]
    page = call("GET", "/api/executions", query=f"{query}&cursor={page['cursor']}")["json"]
    listed += [one["id"] for one in page["items"]]
    assert listed == [runs[4], runs[2], runs[1]]
    assert call("GET", "/api/executions", query="workflow=other")["json"]["items"] == []
    assert call("GET", "/api/executions", query="status=odd")["status"] == 422


def test_versions_and_triggers_are_listed(active: None, call: Call) -> None:
    call("PUT", ONE, definition(triggers=[MANUAL[0]], nodes=[{"id": "refund", "type": "function"}]))
    call("POST", f"{ONE}/activate")
    call("PUT", ONE, definition(triggers=MANUAL))
    versions = call("GET", f"{ONE}/versions")["json"]["items"]
    assert [(one["version"], one["active"]) for one in versions] == [(2, True), (1, False)]
    triggers = call("GET", f"{ONE}/triggers")["json"]["items"]
    assert [(one["id"], one["active"], one.get("url")) for one in triggers] == [
        ("by_hand", True, None),
        ("new_order", False, "/webhooks/orders"),
    ]


def test_a_body_that_does_not_fit_the_input_starts_no_run(
    call: Call, step_functions: FakeStepFunctions
) -> None:
    call(
        "POST",
        "/api/workflows",
        definition(triggers=MANUAL, input={"type": "object", "required": ["a", "b"]}),
    )
    call("POST", f"{ONE}/activate")
    answered = call("POST", f"{ONE}/execute", {"body": {}})
    assert (answered["status"], answered["json"]["code"]) == (422, "input_does_not_fit")
    assert [one["message"][:3] for one in answered["json"]["violations"]] == ["'a'", "'b'"]
    assert step_functions.executions == {}
