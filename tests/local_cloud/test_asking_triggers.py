"""Each type of trigger is fired once for real, through a whole deployment, and tells what it started."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
import yaml

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.platform.client import ApiClient
from tests.local_cloud.conftest import wait_for

SEEN = """\
nodes:
  - {id: seen, type: transform, parameters: {output: "{% $trigger %}"}}
output: "{% $seen %}"
"""


class Platform:
    """A local cloud with workflows that give back what has started them."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.told: list[str] = []
        self.client = ApiClient(cloud.front_url, cloud.development_token)

    def deploy(self, workflow: str, *triggers: str) -> str:
        listed = "".join(f"  - {{{one}}}\n" for one in triggers)
        definition = yaml.safe_load(f"id: {workflow}\ntriggers:\n{listed}{SEEN}")
        self.client.deploy(workflow, json.dumps(definition))
        return workflow

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.cloud.development_token}"}
        url = f"{self.cloud.front_url}{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def runs(self, workflow: str) -> list[Any]:
        items: list[Any] = self.call("GET", f"/api/executions?workflow={workflow}")["items"]
        return items

    def started(self, workflow: str, count: int = 1) -> list[Any]:
        """The `$trigger` of each run of the workflow, the oldest first, once there are so many."""
        wait_for(lambda: len(self.runs(workflow)) >= count)
        runs = sorted(self.runs(workflow), key=lambda run: str(run["started_at"]))
        found = [self.client.ended(run["id"], lambda _: None)["output"] for run in runs]
        for run, trigger in zip(runs, found, strict=True):
            self.told.append(f"{trigger['type']:9} {trigger['id']:8} started {run['id']}")
            sys.stdout.write(f"{self.told[-1]}\n")
        return found

    def record(self, workflow: str) -> Any:
        [item] = self.call("GET", f"/api/workflows/{workflow}/triggers")["items"]
        return item["record"]

    def poll(self, workflow: str, trigger: str) -> None:
        """What the schedule of the trigger would send, without waiting for its time."""
        import boto3  # noqa: PLC0415 - the environment of other tests must not be needed

        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        queue = boto3.client("sqs", endpoint_url=self.cloud.aws_url, region_name="us-east-1", **keys)  # type: ignore[call-overload]
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        message = {"workflow": workflow, "trigger": trigger, "type": "poll", "identity": at}
        url = queue.get_queue_url(QueueName="main-polls")["QueueUrl"]
        queue.send_message(QueueUrl=url, MessageBody=json.dumps({**message, "scheduled_at": at}))


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    with LocalCloud(LocalSettings(folder / "data", 0, 0, concurrency=2, warm=False)) as running:
        running.wait_until_ready()
        yield Platform(running)


@contextmanager
def shop(orders: list[Any]) -> Iterator[str]:
    """A service that answers with what the list holds, or with 500 while it is empty."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps({"orders": orders}).encode()
            self.send_response(200 if orders else 500)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_a_poll_starts_a_run_for_each_new_order_and_records_what_goes_wrong(platform: Platform) -> None:
    orders: list[Any] = [{"id": 1}]
    with shop(orders) as url:
        # The schedule asks at once when it is made (AWS: rate-based schedules); then a test does.
        trigger = f"id: feed, type: poll, every: 1 day, request: {{url: '{url}'}}, items: orders, key: id"
        workflow = platform.deploy("intake", trigger)
        wait_for(lambda: platform.record(workflow)["polled"] == 1)
        orders += [{"id": 2, "total": 7}, {"id": 3}]
        platform.poll(workflow, "feed")
        found = platform.started(workflow, 2)
        assert sorted(one["item"]["id"] for one in found) == [2, 3]
        assert all(one["body"] == one["item"] and one["type"] == "poll" for one in found)
        orders.clear()
        platform.poll(workflow, "feed")
        record = wait_for(lambda: (told := platform.record(workflow))["poll_failures"] and told)
    assert record["last_error"].startswith("System: GET http://127.0.0.1")
    assert (record["started"], record["fired"]) == (2, 2)


@pytest.mark.slow
def test_a_workflow_starts_once_both_others_have_ended(platform: Platform) -> None:
    for name in ("orders", "stock"):
        platform.deploy(name, "id: asked, type: manual")
    waiting = platform.deploy(
        "invoice", "id: both, type: workflow, after: [orders, stock], key: output.body.day"
    )
    for name, day in (("orders", 1), ("orders", 2), ("stock", 2)):
        platform.call("POST", f"/api/workflows/{name}/execute", {"body": {"day": day, "from": name}})
    [trigger] = platform.started(waiting)
    assert [run["workflow"] for run in trigger["runs"]] == ["orders", "stock"]
    assert {name: output["body"]["day"] for name, output in trigger["body"].items()} == {
        "orders": 2,
        "stock": 2,
    }


@pytest.mark.slow
def test_every_other_type_of_trigger_starts_its_run_too(platform: Platform) -> None:
    hook = platform.deploy("hooked", "id: hook, type: webhook, path: hooked")
    clock = platform.deploy("clocked", "id: beat, type: schedule, rate: 1 day")
    event = platform.deploy("evented", "id: paid, type: event, pattern: {source: [shop]}")
    manual = platform.deploy("asked", "id: asked, type: manual")
    requests.post(f"{platform.cloud.front_url}/webhooks/hooked", json={"n": 1}, timeout=30).raise_for_status()
    platform.call("POST", "/api/events", {"source": "shop", "type": "paid", "detail": {"n": 2}})
    platform.call("POST", f"/api/workflows/{manual}/execute", {"body": {"n": 3}})
    found = {
        one["type"]: one["body"] for name in (hook, clock, event, manual) for one in platform.started(name)
    }
    assert found == {"webhook": {"n": 1}, "schedule": {}, "event": {"n": 2}, "manual": {"n": 3}}
