"""What node_task makes of the body that a run of another workflow is given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from functions.node_task.sub_runs import MOST_GIVEN_BYTES, OtherWorkflow
from functions.node_task.table_workflows import find_in_table
from layers.runtime.json_value import JsonObject
from layers.runtime.objects import MemoryObjects
from layers.runtime.references import RESERVED
from layers.runtime.store import Store
from translator.error_classes import Validation

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "name": {"type": "string"}},
    "required": ["n", "name"],
}
LINES = [{"amount": number, "text": "x" * 100} for number in range(2_000)]


def prepared(body: Any, other: OtherWorkflow | None, objects: MemoryObjects | None = None) -> Any:
    payload = {
        "project": "main",
        "run": "main-parent-1",
        "node": "call",
        "type": "workflow",
        "node_key": "main-parent-1/call",
        "effect": "idempotent",
        "start": {"workflow": "child", "trigger": "asked"},
        "parameters": {"body": body},
    }
    known = {"child": other}
    answer = invoke_node(
        payload, MemoryRecords(), lambda: 0.0, objects=objects or MemoryObjects(), find_workflow=known.get
    )
    return answer["output"]


def test_a_body_that_fits_is_given_as_it_is() -> None:
    body = {"n": 1, "name": "a"}
    trigger = {"id": "asked", "type": "workflow", "body": body, "run": "main-parent-1", "node": "call"}
    assert prepared(body, OtherWorkflow(SCHEMA, True)) == trigger
    assert prepared(body, None) == trigger


def test_a_body_that_does_not_fit_is_an_error_that_names_every_place() -> None:
    with pytest.raises(Validation) as caught:
        prepared({"n": "1"}, OtherWorkflow(SCHEMA, True))
    told = str(caught.value)
    assert told.startswith('the body does not fit the input of workflow "child": ')
    assert "/n: '1' is not of type 'integer'" in told
    assert "the body: 'name' is a required property" in told


def test_an_express_workflow_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        Validation, match=r'"child" is an Express workflow.*"call" cannot run.*`answer: result`'
    ):
        prepared({}, OtherWorkflow(None, True, is_express=True))


def test_of_a_large_body_what_the_other_machine_reads_stays_and_the_rest_is_kept() -> None:
    objects = MemoryObjects()
    keep: JsonObject = {"body": {"id": True, "lines": "reference"}}
    trigger = prepared({"id": 7, "lines": LINES}, OtherWorkflow(None, keep), objects)
    assert (trigger["body"]["id"], trigger["run"], trigger["node"]) == (7, "main-parent-1", "call")
    part = trigger["body"]["lines"][RESERVED]
    assert json.loads(objects.get(part["object"]))["body"]["lines"] == LINES
    assert part["path"] == ["body", "lines"]


def test_a_large_body_that_the_other_workflow_reads_whole_is_a_typed_error_that_says_what_to_do() -> None:
    with pytest.raises(Validation, match=rf"given {MOST_GIVEN_BYTES:,}\. Give its transforms"):
        prepared({"lines": LINES}, OtherWorkflow(None, True))


def test_a_large_body_for_a_workflow_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Validation, match="has no active version that tells what it reads of it"):
        prepared({"lines": LINES}, None)


def test_a_workflow_that_was_never_activated_is_not_known(store: Store) -> None:
    assert find_in_table(store, "child") is None
