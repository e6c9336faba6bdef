"""What a workflow's state machine wants of its values, over all nodes."""

from __future__ import annotations

import itertools
from typing import Any

from translator.compiler import compile_data


def call(name: str, **arguments: Any) -> dict[str, Any]:
    parameters = {"function": "any", "arguments": arguments}
    return {"id": name, "type": "function", "parameters": parameters, "effect": "read"}


def transform(name: str, output: Any) -> dict[str, Any]:
    return {"id": name, "type": "transform", "parameters": {"output": output}}


def keeps(nodes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """What the payload of each Task keeps, of nodes one after the other."""
    names = [node["id"] for node in nodes]
    edges = [{"from": source, "to": target} for source, target in itertools.pairwise(names)]
    definition = {"id": "large", "nodes": nodes, "edges": edges, "output": 0, **more}
    states = compile_data(definition).machine["States"].values()
    payloads = [state["Arguments"]["Payload"] for state in states if state["Type"] == "Task"]
    return {payload["node"]: payload.get("keep") for payload in payloads}


def test_what_only_lambda_nodes_read_passes_by_reference() -> None:
    nodes = [call("fetch"), call("store", all="{% $fetch %}"), call("mail", text="{% $store %}")]
    assert keeps(nodes) == {"fetch": None, "store": None, "mail": None}


def test_a_field_that_a_lambda_node_reads_is_a_reference_of_its_own() -> None:
    nodes = [call("fetch"), call("store", lines="{% $fetch.lines %}")]
    assert keeps(nodes)["fetch"] == {"lines": "reference"}


def test_what_a_condition_asks_for_stays() -> None:
    ask = {"id": "ask", "type": "condition", "parameters": {"if": "{% $fetch.total > 5 %}"}}
    nodes = [
        call("fetch"),
        {**ask, "parameters": {"cases": [{"port": "yes", "when": "{% $fetch.total > 5 %}"}]}},
    ]
    assert keeps(nodes, edges=[{"from": "fetch", "to": "ask"}])["fetch"] == {"total": True}


def test_what_is_looked_at_behind_a_transform_stays_before_it() -> None:
    nodes = [
        call("fetch"),
        transform("shape", {"lines": "{% $fetch.body.lines %}", "id": "{% $fetch.body.id %}"}),
        transform("total", "{% $sum($shape.lines.amount) %}"),
    ]
    assert keeps(nodes)["fetch"] == {"body": {"lines": {"amount": True}}}


def test_what_is_looked_at_in_a_variable_stays_where_it_came_from() -> None:
    nodes = [
        call("fetch"),
        {"id": "remember", "type": "set_variable", "parameters": {"values": {"seen": "{% $fetch %}"}}},
        transform("total", "{% $seen.total + 1 %}"),
    ]
    variables = [{"name": "seen", "type": "any", "value": None}]
    assert keeps(nodes, variables=variables)["fetch"] == {"total": True}


def test_what_is_put_into_a_text_stays() -> None:
    nodes = [call("fetch"), call("mail", text="Order {% $fetch.id %} has come")]
    assert keeps(nodes)["fetch"] == {"id": True}


def test_the_output_of_the_run_passes_values_on() -> None:
    assert keeps([call("fetch")], output={"lines": "{% $fetch.lines %}"})["fetch"] == {"lines": "reference"}
    assert keeps([call("fetch")], output=None) == {"fetch": None}
