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
