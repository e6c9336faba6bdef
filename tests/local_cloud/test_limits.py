"""Limits on how many runs are under way at once, by real HTTP: the service that they call counts them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.platform.client import ENDED, ApiClient
from tests.local_cloud.busy_service import BusyService
from tests.soak.process import running

MANY = 60
WORKFLOW = """\
id: NAME
triggers:
  - {id: order, type: webhook, path: NAME}
nodes:
  - id: call
    type: http_request
    effect: read
    parameters: {url: "{% 'URL/' & $trigger.body.key & '/' & $run.id %}"}
settings:
  concurrency: LIMIT
"""


@dataclass
class Platform:
    """A local cloud and the service that its runs call."""

    client: ApiClient
    service: BusyService

    def deploy(self, name: str, **limit: Any) -> str:
        text = WORKFLOW.replace("NAME", name).replace("URL", self.service.url)
        definition = yaml.safe_load(text.replace("LIMIT", json.dumps(limit)))
        self.client.deploy(name, json.dumps(definition))
        return name

    def send_many(self, path: str, keys: str, how_many: int = MANY) -> list[requests.Response]:
        """Webhooks at once, the keys in turn."""

        def send(number: int) -> requests.Response:
            body = {"key": keys[number % len(keys)]}
            return requests.post(f"{self.client.url}/webhooks/{path}", json=body, timeout=60)

        with ThreadPoolExecutor(12) as pool:
            return list(pool.map(send, range(how_many)))

    def statuses(self, workflow: str) -> Counter[str]:
        """How many runs have which status."""
        return Counter(run["status"] for run in self.runs(workflow))

    def runs(self, workflow: str) -> list[Mapping[str, Any]]:
        items: list[Mapping[str, Any]] = self.client.get("/api/executions", workflow=workflow, limit=100)[
            "items"
        ]
        return items

    def all_ended(self, workflow: str, seconds: float = 120) -> Counter[str]:
        """The statuses once every run has ended."""
        deadline = time.monotonic() + seconds
        while True:
            seen = self.statuses(workflow)
            if set(seen) <= ENDED:
                return seen
            assert time.monotonic() < deadline, seen
            time.sleep(0.2)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("limits")
    settings = LocalSettings(folder / "data", 0, 0, concurrency=4, warm=True)
    with BusyService().serving() as service, LocalCloud(settings) as cloud:
        cloud.wait_until_ready()
        yield Platform(ApiClient(cloud.front_url, cloud.development_token), service)


@pytest.mark.slow
def test_of_sixty_webhooks_at_once_never_more_than_three_runs_are_under_way_and_all_finish(
    platform: Platform,
) -> None:
    workflow = platform.deploy("three", limit=3)
    platform.service.seconds = 0.3
    answers = platform.send_many(workflow, "q")
    assert {answer.status_code for answer in answers} == {202}
    queue = platform.client.get(f"/api/workflows/{workflow}/queue", limit=100)["items"]
    assert queue
    assert {each["key"] for each in queue} == {"*"}
    assert platform.all_ended(workflow) == {"succeeded": MANY}
    assert platform.service.most["q"] <= 3
    assert len([path for path in platform.service.log if path.startswith("/q/")]) == MANY
    assert platform.client.get(f"/api/workflows/{workflow}/queue")["items"] == []


@pytest.mark.slow
def test_keys_have_limits_of_their_own(platform: Platform) -> None:
    workflow = platform.deploy("keyed", limit=1, key="{% $trigger.body.key %}")
    platform.service.seconds = 0.1
    platform.send_many(workflow, "ab", 16)
    assert platform.all_ended(workflow) == {"succeeded": 16}
    assert (platform.service.most["a"], platform.service.most["b"]) == (1, 1)


@pytest.mark.slow
def test_skip_answers_429_and_keeps_no_run_of_what_is_too_much(platform: Platform) -> None:
    workflow = platform.deploy("skipping", limit=2, on_limit="skip")
    platform.service.seconds = 1.0
    answers = platform.send_many(workflow, "s", 20)
    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) == {202, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "limit_reached"
    assert platform.all_ended(workflow) == {"succeeded": codes[202]}
    assert platform.service.most["s"] <= 2


@pytest.mark.slow
def test_cancel_oldest_lets_the_newest_finish(platform: Platform) -> None:
    workflow = platform.deploy("newest", limit=2, on_limit="cancel_oldest")
    platform.service.seconds = 1.0
    answers = platform.send_many(workflow, "c", 12)
    assert {answer.status_code for answer in answers} == {202}
    ended = platform.all_ended(workflow)
    assert ended["succeeded"] >= 2
    assert ended["succeeded"] + ended["cancelled"] == 12
    newest = max(platform.runs(workflow), key=lambda run: str(run["started_at"]))
    assert newest["status"] == "succeeded"


@pytest.mark.slow
def test_a_run_that_waits_can_be_cancelled(platform: Platform) -> None:
    workflow = platform.deploy("cancelling", limit=1)
    platform.service.seconds = 1.0
    runs = [answer.json()["run"] for answer in platform.send_many(workflow, "x", 3)]
    waiting = [run["id"] for run in platform.runs(workflow) if run["status"] == "queued"]
    seen = platform.client.get(f"/api/executions/{waiting[0]}")
    assert (seen["status"], seen["final"], seen["timeline"]) == ("queued", False, [])
    assert platform.client.post(f"/api/executions/{waiting[0]}/cancel")["status"] == "cancelled"
    ended = platform.all_ended(workflow)
    assert ended == {"succeeded": len(runs) - 1, "cancelled": 1}


@pytest.mark.slow
def test_a_kill_in_the_middle_loses_no_run_and_no_slot(tmp_path: Path) -> None:
    with BusyService(0.3).serving() as service:
        with running(tmp_path / "data") as cloud:
            before = Platform(cloud.client, service)
            workflow = before.deploy("killed", limit=3)
            answers = before.send_many(workflow, "k", 30)
            accepted = {answer.json()["run"] for answer in answers if answer.status_code == 202}
            assert len(accepted) == 30
            cloud.kill()
        with running(tmp_path / "data") as cloud:
            after = Platform(cloud.client, service)
            ended = after.all_ended(workflow, 240)
    assert ended == {"succeeded": 30}
    assert service.most["k"] <= 3
