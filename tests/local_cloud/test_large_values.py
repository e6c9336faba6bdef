"""A 5 MB value through a whole deployment: functions, machine, bucket, REST API."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
from collections.abc import Iterator
from typing import Any

import click
import pytest

from steploom.platform.client import ApiClient
from tests.local_cloud.with_functions import Served, cloud_with

FUNCTIONS = """
from typing import Any

from translator.work.registered_function import function


@function
def fetch(lines: int) -> Any:
    return {"id": 7, "touched": 1, "lines": [{"amount": n, "text": "x" * 80} for n in range(lines)]}


@function
def touch(order: Any) -> Any:
    return {**order, "touched": order["touched"] + 1}


@function
def count(lines: Any) -> Any:
    return {"lines": len(lines), "last": lines[-1]["amount"]}
"""
LINES = 50_000
ITEMS = int(os.environ.get("STEPLOOM_LARGE_ITEMS", "400"))
"""Executions of a distributed Map; 10,000 take minutes."""
RESULTS_BYTES = 8_000_000
"""What their results come to: more than Lambda can answer."""
MOST_STATES_BYTES = 256 * 1024


def call(name: str, function: str, **arguments: Any) -> dict[str, Any]:
    parameters = {"function": function, "arguments": arguments}
    return {"id": name, "type": "function", "parameters": parameters, "effect": "read"}


def chain(*names: str) -> list[dict[str, str]]:
    return [{"from": source, "to": target} for source, target in itertools.pairwise(names)]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with cloud_with(FUNCTIONS, tmp_path_factory.mktemp("large")) as running:
        yield running


@pytest.fixture
def api(cloud: Served) -> ApiClient:
    return ApiClient(cloud.front_url, cloud.development_token)


def node(name: str, kind: str, **more: Any) -> dict[str, Any]:
    join = {"join": more.pop("join")} if "join" in more else {}
    return {"id": name, "type": kind, "parameters": more, **join}


def through_ten_nodes_a_branch_and_a_loop() -> dict[str, Any]:
    touched = [f"touch_{number}" for number in range(1, 8)]
    last = touched[-1]
    nodes = [call("fetched", "fetch", lines="{% $trigger.body.lines %}")]
    nodes += [
        call(after, "touch", order=f"{{% ${before} %}}")
        for before, after in itertools.pairwise(["fetched", *touched])
    ]
    more = [{"port": "more", "when": "{% $order.touched < 12 %}"}]
    joined = {"order": "{% $beside %}", "counted": "{% $counted.lines %}"}
    nodes += [
        call("counted", "count", lines=f"{{% ${last}.lines %}}"),
        call("beside", "touch", order=f"{{% ${last} %}}"),
        node("joined", "transform", join="all", output=joined),
        node("begin", "set_variable", values={"order": "{% $joined.order %}"}),
        call("again", "touch", order="{% $order %}"),
        node("remember", "set_variable", values={"order": "{% $again %}"}),
        node("enough", "condition", cases=more, default="done"),
        node("told", "transform", output="order {% $order.id %}, touched {% $order.touched %} times"),
    ]
    edges = [*chain("fetched", *touched), *chain("counted", "joined", "begin", "again", "remember", "enough")]
    edges += [*chain(last, "counted"), *chain(last, "beside", "joined")]
    edges += [{"from": "enough", "port": "more", "to": "again"}]
    edges += [{"from": "enough", "port": "done", "to": "told"}]
    return {
        "id": "large-output",
        "variables": [{"name": "order", "type": "any", "value": None}],
        "triggers": [{"id": "sent", "type": "webhook", "path": "large-output"}],
        "nodes": nodes,
        "edges": edges,
        "output": {
            "told": "{% $told %}",
            "sum": "{% $sum($fetched.lines.amount) %}",
            "counted": "{% $joined.counted %}",
            "lines": "{% $order.lines %}",
        },
    }


def patiently(api: ApiClient, run: str, patience: int = 10) -> Any:
    """The run that has ended, which may take several times as long as clients wait as a rule."""
    for _ in range(patience):
        with contextlib.suppress(click.ClickException):
            return api.ended(run, lambda _: None)
    raise AssertionError(f"run {run} does not end")


@pytest.mark.slow
def test_five_megabytes_pass_ten_nodes_a_branch_and_a_loop(api: ApiClient) -> None:
    definition = through_ten_nodes_a_branch_and_a_loop()
    api.deploy("large-output", json.dumps(definition))
    run = patiently(api, api.fire("large-output", {"lines": LINES}))
    assert run["status"] == "succeeded", run["cause"]
    assert run["output"]["told"] == "order 7, touched 12 times"
    assert run["output"]["counted"] == LINES
    assert run["output"]["sum"] == sum(range(LINES))
    # What Lambda can answer is less than the value itself.
    assert run["output"]["lines"] == {"left_out_bytes": len(json.dumps(lines(LINES), separators=(",", ":")))}
    small = patiently(api, api.fire("large-output", {"lines": 5_000}))
    assert small["output"]["lines"] == lines(5_000)
    assert len(json.dumps(lines(5_000))) > MOST_STATES_BYTES
    assert all(len(json.dumps(node["output"])) < 2_000 for node in run["timeline"])


def lines(number: int) -> list[dict[str, Any]]:
    return [{"amount": n, "text": "x" * 80} for n in range(number)]


@pytest.mark.slow
def test_the_results_of_many_executions_pass_by_reference_and_are_summed_up(api: ApiClient) -> None:
    each = {"items": "{% $fetched.lines %}", "mode": "distributed", "output": "{% $described %}"}
    text = f"{{% $pad('', {RESULTS_BYTES // ITEMS}, 'y') %}}"
    described = {"number": "{% $item.amount %}", "of": "{% $trigger.body.of %}", "text": text}
    definition = {
        "id": "large-results",
        "triggers": [{"id": "sent", "type": "webhook", "path": "large-results"}],
        "nodes": [
            call("fetched", "fetch", lines="{% $trigger.body.lines %}"),
            node("every", "for_each", **each),
            {**node("described", "transform", output=described), "parent": "every"},
            call("counted", "count", lines="{% $every.{'amount': number} %}"),
        ],
        "edges": chain("fetched", "every", "counted"),
        "output": {
            "sum": "{% $sum($every.number) %}",
            "of": "{% $max($every.of) %}",
            "last": "{% $counted.last %}",
            "all": "{% $every %}",
        },
    }
    api.deploy("large-results", json.dumps(definition))
    run = patiently(api, api.fire("large-results", {"lines": ITEMS, "of": 7}))
    assert run["status"] == "succeeded", run["cause"]
    assert run["output"] == {
        "sum": sum(range(ITEMS)),
        "of": 7,
        "last": ITEMS - 1,
        "all": {"left_out_bytes": run["timeline"][1]["output"]["left_out_bytes"]},
    }
    assert run["output"]["all"]["left_out_bytes"] > RESULTS_BYTES


@pytest.mark.slow
def test_a_sum_over_all_lines_of_a_large_trigger_is_evaluated_in_a_function(api: ApiClient) -> None:
    total = "{% $sum($trigger.body.lines[amount >= $least].amount) %}"
    definition = {
        "id": "large-trigger",
        "triggers": [{"id": "sent", "type": "webhook", "path": "large-trigger", "max_body_bytes": 6_000_000}],
        "variables": [{"name": "least", "type": "number", "value": 10}],
        "nodes": [
            {**node("total", "transform", output=total), "resources": "small"},
            call("counted", "count", lines="{% $trigger.body.lines %}"),
        ],
        "edges": chain("total", "counted"),
        "output": {"id": "{% $trigger.body.id %}", "total": "{% $total %}", "lines": "{% $counted.lines %}"},
    }
    api.deploy("large-trigger", json.dumps(definition))
    body = {"id": 7, "lines": lines(LINES)}
    run = patiently(api, api.fire("large-trigger", body))
    assert run["output"] == {"id": 7, "total": sum(range(10, LINES)), "lines": LINES}
