"""Run control where the service is late, refuses, or has lost an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.services import Services
from functions.recorder.recording import Recorder, record
from layers.runtime.store import Store
from layers.runtime.store.runs import Run, find_run
from tests.functions.fakes import FakeClock, FakeStepFunctions, definition, refusal

Call = Callable[..., Any]
NODES = [
    {"id": "look", "type": "function", "name": "Look", "effect": "read", "parameters": {"function": "f"}},
    {"id": "charge", "type": "function", "name": "Charge", "parameters": {"function": "f"}},
]
EDGES = [{"from": "look", "to": "charge"}]


@pytest.fixture
def run(call: Call, store: Store, step_functions: FakeStepFunctions) -> Run:
    """A run whose first node has ended."""
    manual = [{"id": "manual", "type": "manual"}]
    call("POST", "/api/workflows", definition(triggers=manual, nodes=NODES, edges=EDGES))
    call("POST", "/api/workflows/order-fulfilment/activate")
    started = call("POST", "/api/workflows/order-fulfilment/execute", {"body": 1})["json"]["run"]
    found = find_run(store, started)
    assert found is not None
    step_functions.visit(found.execution_arn, "Look", {"price": 7})
    return found


def fail(step_functions: FakeStepFunctions, arn: str, *, effect: str = "once") -> None:
    """Lets the second node fail, and the execution with it."""
    payload = {"node": "charge", "node_key": "k", "effect": effect, "timeout_seconds": 60, "parameters": {}}
    parameters = json.dumps({"FunctionName": "f", "Payload": payload})
    step_functions.add_event(arn, "TaskStateEntered", stateEnteredEventDetails={"name": "Charge"})
    step_functions.add_event(arn, "TaskScheduled", taskScheduledEventDetails={"parameters": parameters})
    step_functions.add_event(arn, "TaskFailed", taskFailedEventDetails={"error": "Network", "cause": "c"})
    step_functions.end(arn, "FAILED", error="Network", cause="c")


def recorded(run: Run) -> dict[str, Any]:
    machine = run.execution_arn.replace(":execution:", ":stateMachine:").rpartition(":")[0]
    return {"detail": {"executionArn": run.execution_arn, "stateMachineArn": machine}}


def status(store: Store, run: Run) -> str:
    found = find_run(store, run.id)
    assert found is not None
    return found.status


def test_an_end_whose_event_was_lost_is_recorded_by_whoever_looks(
    run: Run,
    call: Call,
    store: Store,
    step_functions: FakeStepFunctions,
    clock: FakeClock,
    services: Services,
) -> None:
    fail(step_functions, run.execution_arn)
    assert call("GET", f"/api/executions/{run.id}")["json"]["final"] is False
    clock.pass_seconds(31)
    read = call("GET", f"/api/executions/{run.id}")["json"]
    assert (read["final"], read["status"], read["error"]) == (True, "failed", "Network")
    assert status(store, run) == "failed"
    recording: Any = services.recording.client
    assert recording.told == [run.execution_arn]
    assert record(recorded(run), Recorder(store, step_functions, clock)) == "recorded before"


def test_a_redriven_run_is_recorded_again_at_its_later_end(
    run: Run, call: Call, store: Store, step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    fail(step_functions, run.execution_arn)
    retried = call("POST", f"/api/executions/{run.id}/retry")
    assert (retried["status"], retried["json"]["run"]) == (202, run.id)
    assert (status(store, run), step_functions.calls.count("redrive_execution")) == ("running", 1)
    clock.pass_seconds(5)
    assert record(recorded(run), Recorder(store, step_functions, clock)) == "not ended"
    step_functions.end(run.execution_arn, "SUCCEEDED", output="1")
    assert record(recorded(run), Recorder(store, step_functions, clock)) == "recorded"
    assert status(store, run) == "succeeded"


def test_what_the_service_does_not_redrive_goes_on_as_a_new_run_with_pins(
    run: Run, call: Call, store: Store, step_functions: FakeStepFunctions
) -> None:
    fail(step_functions, run.execution_arn)
    step_functions.failing["redrive_execution"] = refusal("ExecutionNotRedrivable")
    retried = call("POST", f"/api/executions/{run.id}/retry")
    assert retried["status"] == 202, retried["json"]
    assert retried["json"]["run"] != run.id
    assert status(store, run) == "failed"
    derived = find_run(store, retried["json"]["run"])
    assert derived is not None
    given = json.loads(step_functions.executions[derived.execution_arn]["input"])
    assert (given["run"]["root"], given["pins"]) == (run.id, {"look": {"price": 7}})
    assert (derived.parent, derived.root, derived.version) == (run.id, run.id, 1)
    again = call("POST", f"/api/executions/{run.id}/retry")["json"]["run"]
    [first, second] = (step_functions.executions[arn_of(store, one)] for one in (derived.id, again))
    assert first["stateMachineVersionArn"] == second["stateMachineVersionArn"]


def arn_of(store: Store, run: str) -> str:
    found = find_run(store, run)
    assert found is not None
    return found.execution_arn


def test_a_node_that_may_still_act_is_waited_for(
    run: Run, call: Call, step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    payload = {"node": "charge", "node_key": "k", "effect": "once", "timeout_seconds": 60}
    parameters = json.dumps({"Payload": payload})
    arn = run.execution_arn
    step_functions.add_event(arn, "TaskStateEntered", stateEnteredEventDetails={"name": "Charge"})
    step_functions.add_event(arn, "TaskScheduled", taskScheduledEventDetails={"parameters": parameters})
    clock.pass_seconds(10)
    step_functions.end(arn, "ABORTED", error="Steploom.Cancelled", cause="c")
    refused = call("POST", f"/api/executions/{run.id}/retry")
    assert (refused["status"], refused["json"]["code"]) == (409, "run_still_acting")
    assert 50 <= int(refused["headers"]["retry-after"]) <= 51
    clock.pass_seconds(51)
    assert call("POST", f"/api/executions/{run.id}/retry")["json"]["run"] == run.id


def test_a_pinned_machine_that_nobody_uses_any_more_is_deleted_when_another_is_made(
    run: Run, call: Call, store: Store, step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    fail(step_functions, run.execution_arn)
    first = call("POST", f"/api/executions/{run.id}/retry", {"node": "look"})["json"]["run"]
    clock.pass_seconds(16 * 86_400)
    second = call("POST", f"/api/executions/{run.id}/retry")["json"]["run"]
    versions = [
        step_functions.executions[arn_of(store, one)]["stateMachineVersionArn"] for one in (first, second)
    ]
    assert step_functions.deleted == versions[:1]
    again = call("POST", f"/api/executions/{run.id}/retry", {"node": "look"})
    assert again["status"] == 202
    assert step_functions.deleted == versions[:1]
