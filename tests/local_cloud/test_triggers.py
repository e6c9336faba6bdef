"""Triggers that AWS fires, through a whole deployment: each starts its run for real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import yaml

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.platform.client import ApiClient
from steploom.platform.upcoming import upcoming
from tests.local_cloud.conftest import wait_for

# A rate fires at once when it is made (AWS: rate-based schedules), so no test waits for a minute.
SCHEDULED = """\
id: minutely
triggers:
  - {id: beat, type: schedule, rate: 1 minute}
  - {id: yearly, type: schedule, cron: "0 0 1 1 *", timezone: Europe/Rome}
nodes:
  - {id: seen, type: transform, parameters: {output: "{% $trigger %}"}}
output: "{% $seen %}"
"""
LISTENING = """\
id: listening
triggers:
  - {id: paid, type: event, pattern: {source: [shop], detail-type: [paid]}}
nodes:
  - id: seen
    type: transform
    parameters: {output: {order: "{% $trigger.body.order %}", replay: "{% $trigger.replay %}"}}
output: {order: "{% $seen.order %}", replay: "{% $exists($seen.replay) ? $seen.replay : null %}"}
"""


@dataclass(frozen=True)
class Platform:
    """A local cloud, and what its REST API answers."""

    cloud: LocalCloud
    client: ApiClient

    def deploy(self, text: str) -> str:
        definition = yaml.safe_load(text)
        self.client.deploy(definition["id"], json.dumps(definition))
        return str(definition["id"])

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.cloud.development_token}", "If-Match": "*"}
        answer = requests.request(
            method, f"{self.cloud.front_url}/api{path}", json=body, headers=headers, timeout=30
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def runs(self, workflow: str) -> list[Any]:
        items: list[Any] = self.call("GET", f"/executions?workflow={workflow}")["items"]
        return items

    def trigger(self, workflow: str, trigger: str) -> Any:
        items = self.call("GET", f"/workflows/{workflow}/triggers")["items"]
        return next(item for item in items if item["id"] == trigger)

    def output_of_first(self, workflow: str) -> Any:
        """The output of the workflow's first run, once it has ended."""
        run = wait_for(lambda: self.runs(workflow))[-1]["id"]
        return self.client.ended(run, lambda _: None)["output"]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    settings = LocalSettings(folder / "data", 0, 0, concurrency=2, warm=False)
    with LocalCloud(settings) as running:
        running.wait_until_ready()
        yield Platform(running, ApiClient(running.front_url, running.development_token))


@pytest.mark.slow
def test_a_schedule_starts_a_run_and_its_trigger_says_so(platform: Platform) -> None:
    workflow = platform.deploy(SCHEDULED)
    seen = platform.output_of_first(workflow)
    assert (seen["id"], seen["type"], seen["body"]) == ("beat", "schedule", {})
    assert seen["scheduled_at"][:19] <= seen["fired_at"][:19]
    beat = wait_for(lambda: (told := platform.trigger(workflow, "beat"))["record"]["fired"] and told)
    assert beat["record"]["started"] == beat["record"]["fired"]
    assert beat["active"] is True
    assert len(beat["next_times"]) == 5
    assert platform.trigger(workflow, "yearly")["next_times"][0].endswith("-12-31T23:00:00.000Z")
    first, *_ = upcoming(platform.client)
    assert first.endswith("Z  minutely, trigger beat")


@pytest.mark.slow
def test_a_paused_workflow_is_not_fired_and_a_deleted_one_leaves_no_schedule(platform: Platform) -> None:
    workflow = platform.deploy(SCHEDULED.replace("id: minutely", "id: pausing"))
    wait_for(lambda: platform.runs(workflow))
    platform.call("POST", f"/workflows/{workflow}/pause")
    scheduler = platform_client(platform, "scheduler")
    states = {one["Name"]: one["State"] for one in scheduler.list_schedules(NamePrefix=workflow)["Schedules"]}
    assert states == {"pausing.beat": "DISABLED", "pausing.yearly": "DISABLED"}
    assert platform.trigger(workflow, "beat")["next_times"] == []
    platform.call("DELETE", f"/workflows/{workflow}")
    assert scheduler.list_schedules(NamePrefix=workflow)["Schedules"] == []


@pytest.mark.slow
def test_an_event_starts_a_run_and_a_replay_starts_it_once_more(platform: Platform) -> None:
    workflow = platform.deploy(LISTENING)
    began = datetime.now(UTC) - timedelta(minutes=1)
    for order, kind in ((1, "paid"), (2, "shipped")):
        platform.call("POST", "/events", {"source": "shop", "type": kind, "detail": {"order": order}})
    assert platform.output_of_first(workflow) == {"order": 1, "replay": None}
    window = {"from": began.isoformat(), "to": (began + timedelta(hours=1)).isoformat()}
    replay = platform.call("POST", "/events/replay", {"workflows": [workflow], **window})["replay"]
    wait_for(lambda: len(platform.runs(workflow)) == 2)
    again = platform.client.ended(platform.runs(workflow)[0]["id"], lambda _: None)
    assert again["output"] == {"order": 1, "replay": replay}
    record = wait_for(lambda: (told := platform.trigger(workflow, "paid")["record"])["fired"] == 2 and told)
    assert (record["started"], record["deduplicated"]) == (2, 0)


def platform_client(platform: Platform, service: str) -> Any:
    import boto3  # noqa: PLC0415 - the environment of other tests must not be needed

    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=platform.cloud.aws_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
