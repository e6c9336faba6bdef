"""Express workflows through a whole deployment: activation, webhook, log group, recorder, REST API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from steploom.platform.client import ApiClient
from tests.local_cloud.with_functions import Served, cloud_with

from .conftest import wait_for

FUNCTIONS = """
from typing import Any

from translator.error_classes import Validation
from translator.work.registered_function import function


@function
def price(count: int) -> Any:
    if count < 0:
        raise Validation("a count below nothing")
    return {"total": count * 3, "text": "\\\\" * (count if count > 1000 else 0)}
"""


def workflow(name: str, *, answer: str = "accepted", kind: str = "express", **more: Any) -> dict[str, Any]:
    priced = {"function": "price", "arguments": {"count": "{% $trigger.body.count %}"}}
    return {
        "id": name,
        "settings": {"type": kind},
        "triggers": [{"id": "order", "type": "webhook", "path": name, "answer": answer}],
        "nodes": [
            {"id": "priced", "type": "function", "parameters": priced, "effect": "read"},
            {"id": "large", "type": "condition", "parameters": {"when": "{% $priced.total > 100 %}"}},
            {"id": "checked", "type": "transform", "parameters": {"output": "{% $priced.total - 1 %}"}},
        ],
        "edges": [
            {"from": "priced", "to": "large"},
            {"from": "large", "port": "true", "to": "checked"},
        ],
        "output": "{% {'total': $priced.total, 'checked': $checked} %}",
        **more,
    }


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with cloud_with(FUNCTIONS, tmp_path_factory.mktemp("express")) as running:
        yield running


@pytest.fixture
def api(cloud: Served) -> ApiClient:
    return ApiClient(cloud.front_url, cloud.development_token)


Send = Callable[[str, Any], requests.Response]


@pytest.fixture
def send(cloud: Served) -> Send:
    """Sends a webhook."""
    return lambda path, body: requests.post(f"{cloud.front_url}/webhooks/{path}", json=body, timeout=60)


def ended(api: ApiClient, run: str) -> Any:
    return api.ended(run, lambda _seen: None)


def shape(run: Any) -> Any:
    """What of a run does not depend on the time."""
    nodes = [
        {name: node[name] for name in ("node", "type", "status", "input", "output", "error")}
        | {"attempts": len(node["attempts"])}
        for node in run["timeline"]
    ]
    return {
        **{name: run[name] for name in ("status", "version", "output", "error", "skipped", "left_out")},
        "timeline": nodes,
    }


def test_an_express_run_is_recorded_as_the_same_run_of_a_standard_machine(api: ApiClient, send: Send) -> None:
    shapes = []
    for kind in ("express", "standard"):
        api.deploy(f"same-{kind}", json.dumps(workflow(f"same-{kind}", kind=kind)))
        runs = [api.fire(f"same-{kind}", {"count": count}) for count in (7, 70, -1)]
        shapes.append([shape(ended(api, run)) for run in runs])
    assert shapes[0] == shapes[1]
    assert [run["status"] for run in shapes[0]] == ["succeeded", "succeeded", "failed"]
    assert shapes[0][0]["skipped"] == ["checked"]


def test_a_webhook_that_waits_is_answered_with_the_output_and_the_log_completes_the_record(
    api: ApiClient, send: Send
) -> None:
    api.deploy("waits", json.dumps(workflow("waits", answer="result")))
    answered = send("waits", {"count": 70})
    assert (answered.status_code, answered.json()) == (200, {"total": 210, "checked": 209})
    run = answered.headers["content-location"].rpartition("/")[2]
    assert ended(api, run)["status"] == "succeeded"

    def whole() -> Any:
        seen = ended(api, run)
        return seen if not seen["left_out"] else None

    recorded = wait_for(whole)
    assert [node["node"] for node in recorded["timeline"]] == ["priced", "large", "checked"]
    assert recorded["output"] == {"total": 210, "checked": 209}


def test_a_webhook_that_waits_for_a_run_that_fails_is_told_so_without_the_cause(
    api: ApiClient, send: Send
) -> None:
    api.deploy("waits-badly", json.dumps(workflow("waits-badly", answer="result")))
    answered = send("waits-badly", {"count": -1})
    problem = answered.json()
    assert (answered.status_code, problem["code"]) == (502, "run_failed")
    assert problem["detail"].endswith("failed: Validation.")
    assert "below nothing" not in answered.text


def test_an_express_run_is_not_cancelled(api: ApiClient, cloud: Served) -> None:
    slow = {"id": "slow", "type": "delay", "parameters": {"seconds": 2}}
    definition = workflow("slow-one", nodes=[slow], edges=[], output="{% 1 %}")
    api.deploy("slow-one", json.dumps(definition))
    run = api.fire("slow-one", {"count": 1})
    headers = {"authorization": f"Bearer {cloud.development_token}"}
    url = f"{cloud.front_url}/api/executions/{run}"
    under_way = requests.get(url, headers=headers, timeout=30).json()
    assert (under_way["status"], under_way["final"], under_way["timeline"]) == ("running", False, [])
    refused = requests.post(f"{url}/cancel", headers=headers, timeout=30)
    assert (refused.status_code, refused.json()["code"]) == (409, "run_not_cancellable")
    assert ended(api, run)["output"] == 1


def test_data_that_is_too_large_for_a_log_is_told_by_its_size(api: ApiClient) -> None:
    text = {"text": "{% $trigger.body.text & '!' %}"}
    large = {"id": "large", "type": "transform", "parameters": {"output": text}}
    definition = workflow("large-data", nodes=[large], edges=[], output="{% $large %}")
    # Escaped once more in the log, each of these backslashes takes four bytes of it.
    api.deploy("large-data", json.dumps(definition))
    run = ended(api, api.fire("large-data", {"text": "\\" * 65_000}))
    assert (run["status"], run["left_out"]) == ("succeeded", ["input", "output"])
    [node] = run["timeline"]
    assert node["output"]["left_out_bytes"] > 100_000
