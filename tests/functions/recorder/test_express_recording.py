"""The recorder and the log of Express runs: whatever order lines come in, as whole as they are there."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.recorder.express_recording import record_log
from functions.recorder.recording import Recorder
from layers.runtime.executions import Starter, StartRequest, start_run
from layers.runtime.json_value import JsonValue
from layers.runtime.store import Store, Table
from layers.runtime.store.keys import Key
from layers.runtime.store.runs import Run, RunResult, find_result, find_run
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import PREFIX, FakeStepFunctions

MACHINE = f"{PREFIX}:stateMachine:main-order-fulfilment_express"
GROUP = "/aws/vendedlogs/states/main-order-fulfilment_express"
BEGAN = 1_769_851_800_000
"""Milliseconds of the moment that the clock of these tests stands at."""


@pytest.fixture
def recorder(store: Store, step_functions: FakeStepFunctions) -> Recorder:
    return Recorder(store, step_functions, step_functions.clock)


@pytest.fixture
def run(activator: Activator, starter: Starter, write_draft: Callable[..., WorkflowHead]) -> Run:
    """A run of an Express workflow that is under way."""
    write_draft(settings={"type": "express"})
    activate(activator, "order-fulfilment")
    trigger: dict[str, JsonValue] = {"id": "new_order", "type": "webhook", "body": {"total": 30}}
    return start_run(starter, StartRequest("order-fulfilment", 1, f"{MACHINE}:live", trigger, "webhook"))


def line(arn: str, number: int, kind: str, *, at: int | None = None, **details: Any) -> str:
    """One line as the service writes it: every number is text."""
    return json.dumps(
        {
            "id": str(number),
            "type": kind,
            "details": details,
            "previous_event_id": "0" if number < 3 else str(number - 1),
            "event_timestamp": str(BEGAN + (number * 100 if at is None else at)),
            "execution_arn": arn,
            "redrive_count": "0",
        }
    )


def history(arn: str, output: Any = None, later: int = 0) -> list[str]:
    """A whole log: one Task that succeeds."""
    given = {"trigger": {"id": "new_order", "type": "webhook"}, "run": {"version": 1}}
    answer = json.dumps({"Payload": {"output": output}})
    whole = {"truncated": False}
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("ExecutionStarted", {"input": json.dumps(given), "inputDetails": whole, "roleArn": "arn"}),
        ("TaskStateEntered", {"name": "Charge the card", "input": "{}", "inputDetails": whole}),
        ("TaskScheduled", {"parameters": "{}", "region": "eu-west-1", "resource": "invoke"}),
        ("TaskSucceeded", {"output": answer, "outputDetails": whole, "resource": "invoke"}),
        ("TaskStateExited", {"name": "Charge the card", "output": "{}", "outputDetails": whole}),
        ("ExecutionSucceeded", {"output": json.dumps(output), "outputDetails": whole}),
    ]
    return [
        line(arn, number, kind, at=number * 100 + later, **details)
        for number, (kind, details) in enumerate(kinds, 1)
    ]


def delivery(lines: Iterable[str], kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """What a subscribed function gets (AWS: Using Lambda with CloudWatch Logs)."""
    content = {
        "messageType": kind,
        "owner": "123456789012",
        "logGroup": GROUP,
        "logStream": "states/main-order-fulfilment_express/2026-01-31-09-30/00000000",
        "subscriptionFilters": ["steploom-recorder"],
        "logEvents": [
            {"id": str(place), "timestamp": BEGAN, "message": text} for place, text in enumerate(lines)
        ],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(content).encode())).decode()}}


def recorded(store: Store, run: str) -> tuple[Run, RunResult]:
    summary, result = find_run(store, run), find_result(store, run)
    assert summary is not None
    assert result is not None
    return summary, result


def test_a_run_whose_whole_log_comes_at_once_is_recorded_as_a_standard_run_is(
    run: Run, recorder: Recorder, store: Store
) -> None:
    assert record_log(delivery(history(run.execution_arn, {"paid": True})), recorder) == {"recorded": 1}
    summary, result = recorded(store, run.id)
    assert (summary.status, summary.started_by, summary.version) == ("succeeded", "webhook", 1)
    assert summary.ended_at == "2026-01-31T09:30:00.600Z"
    assert (result.output, result.skipped, result.left_out) == ({"paid": True}, [], [])
    assert [(node["node"], node["output"]) for node in result.timeline or ()] == [("charge", {"paid": True})]


def test_a_run_that_failed_has_error_and_cause(run: Run, recorder: Recorder, store: Store) -> None:
    failed = line(run.execution_arn, 2, "ExecutionFailed", error="Network", cause='{"errorMessage": "gone"}')
    record_log(delivery([history(run.execution_arn)[0], failed]), recorder)
    summary, result = recorded(store, run.id)
    assert (summary.status, summary.error, summary.cause) == ("failed", "Network", "gone")
    assert result.skipped == ["charge"]


@pytest.mark.parametrize("seed", range(6))
def test_lines_in_any_order_in_any_parts_and_more_than_once_give_the_same_record(
    seed: int, run: Run, recorder: Recorder, store: Store
) -> None:
    chance = random.Random(seed)
    lines = history(run.execution_arn, {"paid": True})
    lines += chance.choices(lines, k=4)
    chance.shuffle(lines)
    while lines:
        size = chance.randint(1, 4)
        record_log(delivery(lines[:size]), recorder)
        lines = lines[size:]
    summary, result = recorded(store, run.id)
    assert (summary.status, summary.events, result.left_out) == ("succeeded", 6, [])
    assert [node["status"] for node in result.timeline or ()] == ["succeeded"]


def test_a_delivery_that_comes_again_changes_nothing(run: Run, recorder: Recorder) -> None:
    event = delivery(history(run.execution_arn))
    assert [record_log(event, recorder), record_log(event, recorder)] == [
        {"recorded": 1},
        {"recorded before": 1},
    ]


def test_an_end_whose_beginning_never_comes_is_recorded_and_says_what_is_missing(
    run: Run, recorder: Recorder, store: Store
) -> None:
    assert record_log(delivery(history(run.execution_arn, 7)[-1:]), recorder) == {"recorded": 1}
    summary, result = recorded(store, run.id)
    assert (summary.status, result.output) == ("succeeded", 7)
    assert (result.left_out, result.skipped, result.timeline) == (["input", "log"], [], [])


def test_what_comes_after_the_end_completes_the_record(run: Run, recorder: Recorder, store: Store) -> None:
    lines = history(run.execution_arn, 7)
    record_log(delivery(lines[3:]), recorder)
    record_log(delivery(lines[:3]), recorder)
    _, result = recorded(store, run.id)
    assert (result.left_out, len(result.timeline or ())) == ([], 1)


def test_a_run_without_an_end_stays_open(run: Run, recorder: Recorder, store: Store) -> None:
    assert record_log(delivery(history(run.execution_arn)[:-1]), recorder) == {"not ended": 1}
    assert find_result(store, run.id) is None


def test_of_an_execution_that_the_service_ran_twice_the_last_time_is_shown(
    run: Run, recorder: Recorder, store: Store
) -> None:
    first, second = history(run.execution_arn, "first"), history(run.execution_arn, "second", later=5_000)
    record_log(delivery(first), recorder)
    record_log(delivery(second), recorder)
    assert record_log(delivery(first), recorder) == {"recorded before": 1}
    assert recorded(store, run.id)[1].output == "second"


def test_what_the_service_cut_off_is_named_and_its_size_told(
    run: Run, recorder: Recorder, store: Store
) -> None:
    arn, cut = run.execution_arn, {"truncated": True}
    lines = history(arn)
    lines[0] = line(arn, 1, "ExecutionStarted", input='{"trigger": {"bo', inputDetails=cut)
    lines[3] = line(arn, 4, "TaskSucceeded", output='{"Payl', outputDetails=cut)
    lines[5] = line(arn, 6, "ExecutionSucceeded", output='{"x', outputDetails=cut)
    record_log(delivery(lines), recorder)
    summary, result = recorded(store, run.id)
    assert (summary.status, result.left_out) == ("succeeded", ["input", "output"])
    assert (result.input, result.output) == (None, None)
    assert [node["output"] for node in result.timeline or ()] == [{"left_out_bytes": 6}]


def test_executions_that_somebody_started_under_one_name_have_a_record_each(
    run: Run, recorder: Recorder, store: Store
) -> None:
    by_hand = f"{PREFIX}:express:main-order-fulfilment_express:by-hand"
    arns = [f"{by_hand}:0a1b2c3d-4", f"{by_hand}:9-9"]
    lines = [text for arn in arns for text in history(arn)]
    assert record_log(delivery(lines), recorder) == {"recorded": 2}
    assert record_log(delivery(lines), recorder) == {"recorded before": 2}
    summary, _ = recorded(store, "by-hand-0a1b2c3d")
    assert (summary.workflow, summary.started_by) == ("order-fulfilment", "step_functions")
    assert recorded(store, "by-hand-9-9")[0].execution_arn == arns[1]


def test_lines_that_are_no_events_and_messages_that_are_no_data_are_left_alone(recorder: Recorder) -> None:
    lines = ["Permissions are set correctly to write into your logs.", "[1]", '{"id": "x"}']
    assert record_log(delivery(lines), recorder) == {}
    assert record_log(delivery(history("any"), "CONTROL_MESSAGE"), recorder) == {}


def test_machines_of_others_are_ignored(recorder: Recorder) -> None:
    lines = history(f"{PREFIX}:express:somebody-elses:name:1")
    assert record_log(delivery(lines), recorder) == {"not a workflow of this project": 1}


@pytest.mark.parametrize("missing", [(1,), (3,), (0, 2, 3), (1, 2, 3, 4)])
def test_any_lines_may_be_missing(missing: Sequence[int], run: Run, recorder: Recorder, store: Store) -> None:
    lines = history(run.execution_arn, 7)
    kept = [text for place, text in enumerate(lines) if place not in missing]
    assert record_log(delivery(kept), recorder) == {"recorded": 1}
    assert "log" in recorded(store, run.id)[1].left_out


def test_a_delivery_of_many_executions_reads_their_workflow_and_its_version_once(
    run: Run, recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: Counter[str] = Counter()
    get = Table.get

    def count(self: Table, key: Key) -> Any:
        reads[key.sk.partition("#")[0]] += 1
        return get(self, key)

    monkeypatch.setattr(Table, "get", count)
    by_hand = f"{PREFIX}:express:main-order-fulfilment_express"
    lines = [text for number in range(20) for text in history(f"{by_hand}:many:{number:08x}-x")]
    assert record_log(delivery(lines), recorder) == {"recorded": 20}
    assert (reads["head"], reads["source_map"]) == (1, 1)
