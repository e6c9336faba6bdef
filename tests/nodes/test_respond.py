"""respond: hands the answer over once, and refuses what cannot be sent."""

from __future__ import annotations

from typing import Any

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from translator.error_classes import Validation
from translator.json_value import JsonObject
from translator.node_type import RunContext
from translator.nodes.respond import NODE_TYPE, AlreadyResponded


def respond(parameters: dict[str, Any], *, is_first: bool = True) -> tuple[Any, list[JsonObject]]:
    """The node's output, and what was handed over."""
    handed: list[JsonObject] = []

    def take(answer: JsonObject) -> bool:
        handed.append(answer)
        return is_first

    return NODE_TYPE.run(parameters, RunContext("run-1/reply", 0, 5.0, "idempotent", take)), handed


def test_the_answer_is_handed_over_and_is_the_output() -> None:
    output, handed = respond({"status": 201, "headers": {"location": "/orders/7"}, "body": {"order": 7}})
    assert output == {"status": 201, "headers": {"location": "/orders/7"}, "body": {"order": 7}}
    assert handed == [output]
    assert respond({})[0] == {"status": 200, "headers": {}, "body": None}


def test_a_second_answer_is_already_responded() -> None:
    with pytest.raises(AlreadyResponded, match="only one"):
        respond({"body": 1}, is_first=False)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"status": 99}, "status"),
        ({"status": "{% 1 %}"}, "status"),
        ({"headers": {"a b": "c"}}, "headers"),
        ({"headers": {"a": "b\r\nset-cookie: c"}}, "line break"),
        ({"body": "x" * 300_001}, "300,000"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_handed_over(
    parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(Validation, match=message):
        respond(parameters)


def test_of_the_nodes_of_a_run_one_answers_and_may_do_so_again() -> None:
    records = MemoryRecords()

    def invoke(node: str) -> Any:
        payload = {"node": node, "type": "respond", "node_key": f"run-1/{node}", "effect": "idempotent"}
        return invoke_node({**payload, "parameters": {"body": node}}, records, lambda: 0.0)["output"]

    assert invoke("reply")["body"] == invoke("reply")["body"] == "reply"
    with pytest.raises(Validation, match="AlreadyResponded"):
        invoke("other")
