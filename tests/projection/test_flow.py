"""What a workflow's state machine wants of its values, over all nodes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from translator.compiler import CompileOptions, compile_data
from translator.projection.want import RESERVED


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


def test_what_the_results_of_iterations_are_read_for_stays_in_each_of_them() -> None:
    items, output = "{% $trigger.body.lines %}", {"id": "{% $item.id %}", "all": "{% $fetch %}"}
    each = {"id": "per_line", "type": "for_each", "parameters": {"items": items, "output": output}}
    nodes = [
        each,
        {**call("fetch", line="{% $item %}"), "parent": "per_line"},
        transform("told", "{% $per_line.all.n + 1 %}"),
    ]
    definition = {"id": "large", "nodes": nodes, "edges": [{"from": "per_line", "to": "told"}]}
    compilation = compile_data(definition)
    [task] = compilation.machine["States"]["Per line"]["ItemProcessor"]["States"].values()
    assert task["Arguments"]["Payload"]["keep"] == {"n": True}
    assert compilation.manifest.trigger_keep == {"body": {"lines": {RESERVED: "reference"}}}


def test_a_transform_with_resources_is_evaluated_in_a_function_and_reads_by_reference() -> None:
    total = transform("total", {"sum": "{% $sum($fetch.lines[amount > $least].amount) %}"})
    nodes = [call("fetch"), {**total, "resources": "small"}]
    variables = [{"name": "least", "type": "number", "value": 5}]
    assert keeps(nodes, variables=variables) == {"fetch": None, "total": None}
    edges = [{"from": "fetch", "to": "total"}]
    definition = {"id": "large", "nodes": nodes, "edges": edges, "variables": variables, "output": 0}
    payload = compile_data(definition).machine["States"]["Total"]["Arguments"]["Payload"]
    assert payload["evaluate"] == '{"sum": $sum($fetch.lines[amount > $least].amount)}'
    assert payload["parameters"] == {"fetch": "{% $fetch %}", "least": "{% $least %}"}


def test_an_evaluation_names_the_failure_and_asks_whether_a_node_ran_as_the_language_says() -> None:
    cases = "{% $exists($fetch) ? $error.cause : $trigger.body %}"
    nodes = [call("fetch"), {**transform("told", cases), "resources": "small"}]
    edges = [{"from": "fetch", "to": "told", "port": "error"}, {"from": "fetch", "to": "told"}]
    definition = {"id": "large", "nodes": nodes, "edges": edges}
    payload = compile_data(definition).machine["States"]["Told"]["Arguments"]["Payload"]
    assert "($fetch != null) ? $error__caught.cause : $trigger.body" in payload["evaluate"]
    assert set(payload["parameters"]) == {"fetch", "error__caught", "trigger"}


def test_a_call_over_one_output_asks_first_whether_the_function_has_worked_it_out() -> None:
    told = transform(
        "told", "{% $count($fetch.lines) > 5 ? $count($fetch.lines) : $sum($fetch.a) + $least %}"
    )
    nodes = [call("fetch"), told]
    definition = {"id": "large", "nodes": nodes, "edges": [{"from": "fetch", "to": "told"}]}
    definition["variables"] = [{"name": "least", "type": "number", "value": 5}]
    states = compile_data(definition, options=CompileOptions(optimize=0)).machine["States"]
    payload = states["Fetch"]["Arguments"]["Payload"]
    assert "keep" not in payload
    assert payload["views"] == {
        "view_1": {"evaluate": "$count($fetch.lines)", "keep": True},
        "view_2": {"evaluate": "$sum($fetch.a)", "keep": True},
    }
    text = "($fetch.steploom__ ? $parse($fetch.steploom__.view_1)[0] : $count($fetch.lines))"
    assert str(states["Told"]).count(text) % 2 == 0


@pytest.mark.parametrize(
    "expression",
    [
        "$count($fetch.lines[at > $now()])",
        "$count($append($fetch.lines, $store))",
        "$count($trigger.body)",
        "$fetch.lines.$count(parts)",
        "($x := $fetch; $count($x.lines))",
        "$exists($fetch.lines)",
    ],
)
def test_other_calls_stay_as_they_are(expression: str) -> None:
    nodes = [call("fetch"), call("store"), transform("told", f"{{% {expression} %}}")]
    edges = [{"from": "fetch", "to": "store"}, {"from": "store", "to": "told"}]
    machine = compile_data({"id": "large", "nodes": nodes, "edges": edges}).machine
    assert "view_1" not in str(machine)
