"""The recorder: final records, written once, whatever order events come in."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.activate.activation import Activator, activate
from functions.recorder.recording import Recorder, record
from layers.runtime.executions import Starter, StartRequest, start_run
from layers.runtime.json_value import JsonValue
from layers.runtime.store import Store
from layers.runtime.store.runs import Run, find_result, find_run
from layers.runtime.store.workflows import Draft, WorkflowHead, find_head, next_change, replace_draft
from tests.functions.fakes import PREFIX, FakeClock, FakeStepFunctions, definition, refusal

MACHINE = f"{PREFIX}:stateMachine:main-order-fulfilment"


@pytest.fixture
def recorder(store: Store, step_functions: FakeStepFunctions) -> Recorder:
    return Recorder(store, step_functions, step_functions.clock)


@pytest.fixture
def run(activator: Activator, starter: Starter, write_draft: Callable[..., WorkflowHead]) -> Run:
    """A run of the workflow's version 1 that is under way."""
    write_draft()
    activate(activator, "order-fulfilment")
    trigger: dict[str, JsonValue] = {"id": "new_order", "type": "webhook", "body": {"total": 30}}
    return start_run(starter, StartRequest("order-fulfilment", 1, f"{MACHINE}:live", trigger, "webhook"))


def status_change(arn: str, status: str = "SUCCEEDED") -> dict[str, Any]:
    """EventBridge's event (AWS: Step Functions event detail)."""
    machine, _, name = arn.replace(":execution:", ":stateMachine:").rpartition(":")
    return {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "detail": {"executionArn": arn, "stateMachineArn": machine, "name": name, "status": status},
    }


def test_a_run_that_ended_is_recorded_with_its_data_and_timeline(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, clock: FakeClock, store: Store
) -> None:
    clock.pass_seconds(2)
    step_functions.visit(run.execution_arn, "Charge the card", {"paid": True})
    step_functions.end(run.execution_arn, "SUCCEEDED", output='{"paid":true}')
    assert record(status_change(run.execution_arn), recorder) == "recorded"
    recorded, result = find_run(store, run.id), find_result(store, run.id)
    assert recorded is not None
    assert result is not None
    assert (recorded.status, recorded.started_at, recorded.ended_at) == (
        "succeeded",
        "2026-01-31T09:30:00.000Z",
        "2026-01-31T09:30:02.000Z",
    )
    assert (recorded.started_by, recorded.trigger_id) == ("webhook", "new_order")
    assert result.output == {"paid": True}
    assert [(node["node"], node["output"]) for node in result.timeline or ()] == [("charge", {"paid": True})]
    assert result.skipped == []


def test_an_event_that_comes_twice_changes_nothing(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.end(run.execution_arn, "FAILED", error="Network", cause='{"errorMessage": "refused"}')
    event = status_change(run.execution_arn, "FAILED")
    assert [record(event, recorder), record(event, recorder)] == ["recorded", "recorded before"]
    recorded = find_run(store, run.id)
    assert recorded is not None
    assert (recorded.status, recorded.error, recorded.cause) == ("failed", "Network", "refused")


def test_an_event_of_an_execution_that_still_runs_is_left_alone(
    run: Run, recorder: Recorder, store: Store
) -> None:
    assert record(status_change(run.execution_arn), recorder) == "not ended"
    assert find_result(store, run.id) is None


def test_an_execution_started_outside_the_platform_gets_a_record(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, store: Store
) -> None:
    arn = step_functions.start_execution(stateMachineArn=f"{MACHINE}:live", name="by-hand", input="[1]")[
        "executionArn"
    ]
    step_functions.end(arn, "SUCCEEDED", output="null")
    assert record(status_change(arn), recorder) == "recorded"
    recorded, result = find_run(store, "by-hand"), find_result(store, "by-hand")
    assert recorded is not None
    assert result is not None
    assert (recorded.workflow, recorded.started_by, recorded.version) == (
        "order-fulfilment",
        "step_functions",
        1,
    )
    assert result.input == [1]


def test_two_machines_started_under_one_name_have_two_records(
    run: Run,
    recorder: Recorder,
    step_functions: FakeStepFunctions,
    store: Store,
    activator: Activator,
    write_draft: Callable[..., WorkflowHead],
) -> None:
    write_draft(id="other", triggers=[])
    activate(activator, "other")
    for workflow in ("order-fulfilment", "other"):
        alias = f"{PREFIX}:stateMachine:main-{workflow}:live"
        arn = step_functions.start_execution(stateMachineArn=alias, name="by-hand", input="{}")[
            "executionArn"
        ]
        step_functions.end(arn, "SUCCEEDED")
        assert record(status_change(arn), recorder) == "recorded"
    found = [find_run(store, name) for name in ("by-hand", "other-by-hand")]
    assert [one.workflow for one in found if one] == ["order-fulfilment", "other"]


@pytest.mark.parametrize("name", ["somebody-elses", "main-unknown"])
def test_machines_of_others_are_ignored(name: str, recorder: Recorder) -> None:
    arn = f"{PREFIX}:execution:{name}:1"
    assert record(status_change(arn), recorder) == "not a workflow of this project"


def test_the_version_that_really_ran_is_recorded_and_not_the_one_the_starter_believed(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, store: Store, activator: Activator
) -> None:
    head = find_head(store, "order-fulfilment")
    assert head is not None
    changed = definition(nodes=[{"id": "refund", "type": "function", "name": "Refund"}])
    replace_draft(
        store,
        head,
        Draft(json.dumps(changed), "json", changed["triggers"]),
        next_change(head, "changed", "ann", head.updated_at),
    )
    activate(activator, "order-fulfilment")
    envelope = json.dumps({"trigger": {}, "run": {"version": 1}})
    arn = step_functions.start_execution(stateMachineArn=f"{MACHINE}:live", name="moved", input=envelope)[
        "executionArn"
    ]
    step_functions.visit(arn, "Refund", 1)
    step_functions.end(arn, "SUCCEEDED", output="1")
    record(status_change(arn), recorder)
    recorded, result = find_run(store, "moved"), find_result(store, "moved")
    assert recorded is not None
    assert result is not None
    assert (recorded.version, [node["node"] for node in result.timeline or ()]) == (2, ["refund"])


def test_a_throttled_read_is_raised_so_that_the_event_is_delivered_again(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.end(run.execution_arn, "SUCCEEDED")
    step_functions.failing["get_execution_history"] = refusal("ThrottlingException")
    with pytest.raises(ClientError):
        record(status_change(run.execution_arn), recorder)
    step_functions.failing.clear()
    assert record(status_change(run.execution_arn), recorder) == "recorded"


def noise(characters: int) -> str:
    """Text that does not get smaller by compressing it; three bytes a character."""
    dice = random.Random(1)
    return "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(characters))


def test_a_result_too_large_for_an_item_loses_the_largest_values_of_nodes_first(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.visit(run.execution_arn, "Charge the card", noise(200_000))
    step_functions.visit(run.execution_arn, "Charge the card", "small")
    step_functions.end(run.execution_arn, "SUCCEEDED", output='"done"')
    assert record(status_change(run.execution_arn), recorder) == "recorded"
    result = find_result(store, run.id)
    assert result is not None
    outputs = [node["output"] for node in result.timeline or ()]
    assert (outputs, result.output, result.left_out) == ([{"left_out_bytes": 600_002}, "small"], "done", [])


def test_what_still_does_not_fit_is_named_and_the_timeline_stays(
    run: Run, recorder: Recorder, step_functions: FakeStepFunctions, store: Store
) -> None:
    step_functions.visit(run.execution_arn, "Charge the card", 1)
    step_functions.end(run.execution_arn, "SUCCEEDED", output=json.dumps(noise(250_000)))
    assert record(status_change(run.execution_arn), recorder) == "recorded"
    result = find_result(store, run.id)
    assert result is not None
    assert (result.left_out, result.output, len(result.timeline or ())) == (["input", "output"], None, 1)
