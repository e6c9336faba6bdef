"""node_task as the Lambda runtime calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from awslambdaric.bootstrap import StandardLogSink, handle_event_request
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from functions.node_task.handler import handler, records
from functions.node_task.records import Outcome
from functions.node_task.table_records import TableRecords
from layers.runtime.store import Store
from layers.runtime.store.pauses import ask_to_pause, let_go_on
from translator.error_classes import OutcomeUnknown, System

PAYLOAD = {"node": "charge", "type": "teleport", "node_key": "main-order-1/charge", "effect": "read"}


@dataclass
class Runtime:
    """Takes the answers that the runtime client would post to Lambda."""

    marshaller: LambdaMarshaller = field(default_factory=LambdaMarshaller)
    results: list[Any] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)

    def post_invocation_result(self, invoke_id: str, result: str, *rest: object) -> None:
        self.results.append(json.loads(result))

    def post_invocation_error(self, invoke_id: str, error: str, *rest: object) -> None:
        self.errors.append(json.loads(error))


@pytest.fixture(autouse=True)
def fresh_instance() -> Iterator[None]:
    records.cache_clear()
    yield
    records.cache_clear()


def invoke(payload: dict[str, Any]) -> Runtime:
    runtime = Runtime()
    handle_event_request(
        runtime,
        handler,
        "1",
        json.dumps(payload),
        "application/json",
        None,
        None,
        "arn",
        0,
        None,
        StandardLogSink(),
    )
    return runtime


def test_an_error_reaches_lambda_under_the_name_that_the_machine_catches() -> None:
    [error] = invoke(PAYLOAD).errors
    assert error["errorType"] == "Validation"
    assert "node 'charge' is of type 'teleport'" in error["errorMessage"]


def test_a_recorded_outcome_is_answered_from_the_table_without_running_the_node(store: Store) -> None:
    TableRecords(store).keep("main-order-1/charge", Outcome('{"receipt":7}'), 0)
    assert invoke(PAYLOAD | {"effect": "once"}).results == [{"output": {"receipt": 7}}]


def test_of_two_invocations_the_first_record_counts(store: Store) -> None:
    kept = TableRecords(store)
    first = kept.keep("main-order-1/charge/3", Outcome("1"), 1000.0)
    assert (first, kept.keep("main-order-1/charge/3", Outcome("2"), 1001.0)) == (Outcome("1"), Outcome("1"))
    item = store.table.get(store.keys.outcome("main-order-1/charge/3"))
    assert item is not None
    assert (item["pk"], item["expires_at"]) == ("main#run#main-order-1", 1000 + 90 * 86_400)


def test_records_that_cannot_be_read_are_a_failure_of_the_system_and_unwritten_ones_an_unknown_outcome(
    aws: None, store: Store
) -> None:
    store.table.client.delete_table(TableName=store.table.name)
    with pytest.raises(System, match="cannot be read"):
        TableRecords(store).find("main-order-1/charge")
    with pytest.raises(OutcomeUnknown, match="the node has acted"):
        TableRecords(store).keep("main-order-1/charge", Outcome("1"), 0)


ACTING = {
    "run": "main-order-1",
    "node": "charge",
    "type": "function",
    "effect": "once",
    "node_key": "main-order-1/charge",
    "parameters": {"function": "nothing"},
}


def test_a_node_of_a_run_that_is_to_be_paused_does_not_act_and_a_recorded_one_answers(store: Store) -> None:
    ask_to_pause(store, "main-order-1", "main-order-1", 0)
    [error] = invoke(ACTING).errors
    assert error["errorType"] == "Steploom.Paused"
    assert invoke({**ACTING, "run": "main-order-1-part"}).errors[0]["errorType"] == "Steploom.Paused"
    assert invoke({**ACTING, "run": "main-order-2"}).errors[0]["errorType"] != "Steploom.Paused"
    TableRecords(store).keep("main-order-1/charge", Outcome("7"), 0)
    assert invoke(ACTING).results == [{"output": 7}]


def test_a_run_goes_on_once_the_pause_is_taken_back_and_others_stay_paused(store: Store) -> None:
    ask_to_pause(store, "root", "main-order-1", 0)
    ask_to_pause(store, "root", "main-order-2", 0)
    let_go_on(store, "root", "main-order-1", 0)
    on = {**ACTING, "node_key": "root/charge"}
    assert invoke(on).errors[0]["errorType"] != "Steploom.Paused"
    assert invoke({**on, "run": "main-order-2"}).errors[0]["errorType"] == "Steploom.Paused"


def test_whether_a_run_is_to_be_paused_is_asked_in_the_call_that_reads_the_record(store: Store) -> None:
    calls: list[str] = []
    events = store.table.client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    kept = TableRecords(store)
    kept.find("main-order-1/charge", "main-order-1")
    assert calls == ["BatchGetItem"]
