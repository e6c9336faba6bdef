"""Webhooks over real HTTP, through a whole deployment: what comes again, and who answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from steploom.platform.client import ApiClient
from tests.local_cloud.with_functions import Served, cloud_with

from .conftest import wait_for


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with cloud_with("", tmp_path_factory.mktemp("webhooks")) as running:
        yield running


@pytest.fixture
def api(cloud: Served) -> ApiClient:
    return ApiClient(cloud.front_url, cloud.development_token)


def orders(name: str, **trigger: Any) -> str:
    """A workflow that doubles a total."""
    doubled = {"output": {"double": "{% $trigger.body.total * 2 %}"}}
    return json.dumps(
        {
            "id": name,
            "triggers": [{"id": "order", "type": "webhook", "path": name, **trigger}],
            "nodes": [{"id": "doubled", "type": "transform", "parameters": doubled}],
        }
    )


def test_the_same_delivery_sent_fifty_times_at_once_starts_one_run(cloud: Served, api: ApiClient) -> None:
    api.deploy("once", orders("once", idempotency={"header": "x-delivery"}))

    def send(_number: int) -> requests.Response:
        headers = {"x-delivery": "d1"}
        return requests.post(
            f"{cloud.front_url}/webhooks/once", json={"total": 4}, headers=headers, timeout=60
        )

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [202]
    [run] = {answer.json()["run"] for answer in answers}
    assert api.ended(run, lambda _seen: None)["output"] == {"doubled": {"double": 8}}
    assert [listed["id"] for listed in api.get("/api/executions", workflow="once")["items"]] == [run]

    def counted() -> Any:
        [trigger] = api.get("/api/workflows/once/triggers")["items"]
        return trigger["record"] if trigger["record"]["deduplicated"] == 49 else None

    assert wait_for(counted)["last_fired_at"]


def replying(name: str, kind: str) -> str:
    """A workflow whose node answers, and where it may go on after that."""
    doubled = {"output": "{% $trigger.body.total * 2 %}"}
    headers = {"x-total": "{% $string($doubled) %}"}
    reply = {"status": 201, "headers": headers, "body": {"total": "{% $doubled %}"}}
    slow = [{"id": "later", "type": "delay", "parameters": {"seconds": 60}}] if kind == "standard" else []
    return json.dumps(
        {
            "id": name,
            "settings": {"type": kind},
            "triggers": [{"id": "order", "type": "webhook", "path": name, "answer": "respond"}],
            "nodes": [
                {"id": "doubled", "type": "transform", "parameters": doubled},
                {"id": "large", "type": "condition", "parameters": {"when": "{% $doubled > 100 %}"}},
                {"id": "reply", "type": "respond", "parameters": reply},
                *slow,
            ],
            "edges": [
                {"from": "doubled", "to": "large"},
                {"from": "large", "port": "false", "to": "reply"},
                *([{"from": "reply", "to": "later"}] if slow else []),
            ],
            "output": {"answered": "{% $exists($reply) %}"},
        }
    )


@pytest.mark.parametrize("kind", ["standard", "express"])
def test_a_node_answers_the_sender_that_waits_and_without_it_the_end_does(
    kind: str, cloud: Served, api: ApiClient
) -> None:
    name = f"reply-{kind}"
    api.deploy(name, replying(name, kind))
    url = f"{cloud.front_url}/webhooks/{name}"
    answered = requests.post(url, json={"total": 4}, timeout=60)
    assert (answered.status_code, answered.json()) == (201, {"total": 8})
    assert answered.headers["x-total"] == "8"
    if kind == "standard":
        run = answered.headers["content-location"]
        assert api.get(run)["status"] == "running"
    ended = requests.post(url, json={"total": 400}, timeout=60)
    assert (ended.status_code, ended.json()) == (200, {"answered": False})
    failed = requests.post(url, json={"total": "x"}, timeout=60)
    assert (failed.status_code, failed.json()["code"]) == (502, "run_failed")
