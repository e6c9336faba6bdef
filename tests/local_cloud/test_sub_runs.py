"""A workflow that runs another one, through a whole deployment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from steploom.platform.client import ApiClient
from tests.local_cloud.with_functions import cloud_with

FUNCTIONS = """
from typing import Any

from translator.work.registered_function import function


@function
def lines(number: int) -> Any:
    return {"id": 7, "lines": [{"amount": n, "text": "x" * 80} for n in range(number)]}


@function
def total(of: Any) -> Any:
    return {"total": sum(line["amount"] for line in of), "all": of}
"""
CHILD = """\
id: child
input:
  type: object
  properties: {n: {type: integer, minimum: 1}, name: {type: string}}
  required: [n]
nodes:
  - {id: ask, type: condition, parameters: {when: "{% $trigger.body.n > 1 %}"}}
  - {id: twice, type: transform, parameters: {output: "{% 2 * $trigger.body.n & ' ' & $trigger.type %}"}}
  - id: small
    type: terminate
    parameters: {status: failed, error: TooSmall, cause: "only {% $trigger.body.n %}"}
edges: [{from: ask, port: "true", to: twice}, {from: ask, port: "false", to: small}]
output: "{% $twice %}"
"""
PARENT = """\
id: parent-WAIT
triggers: [{id: sent, type: webhook, path: parent-WAIT}]
nodes:
  - {id: call, type: workflow, parameters: {workflow: child, body: "{% $trigger.body %}", wait: WAIT}}
  - {id: told, type: transform, parameters: {output: "{% $error.error & ' ' & $error.cause %}"}}
edges: [{from: call, port: error, errors: [TooSmall, Validation], to: told}]
output: {call: "{% $call %}", told: "{% $told %}"}
"""
LARGE_CHILD = """\
id: large-child
nodes:
  - id: added
    type: function
    effect: read
    parameters: {function: total, arguments: {of: "{% $trigger.body.order.lines %}"}}
output: {id: "{% $trigger.body.order.id %}", total: "{% $added.total %}", all: "{% $added.all %}"}
"""
LARGE_PARENT = """\
id: large-parent
triggers: [{id: sent, type: webhook, path: large-parent}]
nodes:
  - id: fetched
    type: function
    effect: read
    parameters: {function: lines, arguments: {number: "{% $trigger.body %}"}}
  - {id: call, type: workflow, parameters: {workflow: large-child, body: {order: "{% $fetched %}"}}}
  - id: again
    type: function
    effect: read
    parameters: {function: total, arguments: {of: "{% $call.all %}"}}
edges: [{from: fetched, to: call}, {from: call, to: again}]
output: {id: "{% $call.id %}", total: "{% $call.total %}", again: "{% $again.total %}"}
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with cloud_with(FUNCTIONS, tmp_path_factory.mktemp("sub-runs")) as running:
        client = ApiClient(running.front_url, running.development_token)
        for text in (CHILD, PARENT.replace("WAIT", "true"), PARENT.replace("WAIT", "false")):
            deploy(client, text)
        yield client


def deploy(api: ApiClient, text: str) -> None:
    definition = yaml.safe_load(text)
    api.deploy(definition["id"], json.dumps(definition))


def output(api: ApiClient, path: str, body: Any) -> Any:
    run = api.ended(api.fire(path, body), lambda _: None)
    assert run["status"] == "succeeded", run["cause"]
    return run["output"]


@pytest.mark.slow
def test_a_run_waits_for_the_other_and_takes_its_output_or_its_error(api: ApiClient) -> None:
    assert output(api, "parent-true", {"n": 5}) == {"call": "10 workflow", "told": None}
    assert output(api, "parent-true", {"n": 1}) == {"call": None, "told": "TooSmall only 1"}


@pytest.mark.slow
def test_a_run_that_is_not_waited_for_is_told_by_its_id(api: ApiClient) -> None:
    assert output(api, "parent-false", {"n": 5})["call"]["run"].startswith("main-child-")


@pytest.mark.slow
@pytest.mark.parametrize("wait", ["true", "false"])
def test_a_body_that_does_not_fit_starts_nothing_and_is_an_error_that_names_every_place(
    api: ApiClient, wait: str
) -> None:
    told = output(api, f"parent-{wait}", {"n": 0, "name": 7})["told"]
    assert told == (
        'Validation the body does not fit the input of workflow "child": '
        "/n: 0 is less than the minimum of 1; /name: 7 is not of type 'string'"
    )


@pytest.mark.slow
def test_a_large_body_and_a_large_output_pass_by_reference(api: ApiClient) -> None:
    deploy(api, LARGE_CHILD)
    deploy(api, LARGE_PARENT)
    total = sum(range(20_000))
    assert output(api, "large-parent", 20_000) == {"id": 7, "total": total, "again": total}
