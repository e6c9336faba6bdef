"""Bulk starts through a whole deployment: a list, and objects of each format."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from steploom.platform.client import ApiClient
from tests.local_cloud.with_functions import cloud_with

pytestmark = pytest.mark.slow
JSON = {"content-type": "application/json"}
DEFINITION = {
    "id": "each",
    "input": {"type": "object", "required": ["n"]},
    "triggers": [{"id": "by_hand", "type": "manual"}],
    "nodes": [{"id": "told", "type": "transform", "parameters": {"output": "{% $trigger.body.n %}"}}],
    "output": "{% $told %}",
}
WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ApiClient, str]]:
    """The platform, and the address of its AWS services."""
    folder = tmp_path_factory.mktemp("bulk")
    with cloud_with("", folder) as running:
        aws = json.loads((folder / "data" / "address.json").read_text())["aws"]
        yield ApiClient(running.front_url, running.development_token), aws


@pytest.fixture(scope="module")
def client(cloud: tuple[ApiClient, str]) -> ApiClient:
    client = cloud[0]
    client.deploy("each", json.dumps(DEFINITION))
    return client


def ended(client: ApiClient, body: Any, **headers: str) -> Any:
    sent = json.dumps(body).encode()
    started = client.send("POST", "/api/workflows/each/bulk", sent, {**JSON, **headers}).json()
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        seen = client.get(started["status_url"])
        if seen["status"] != "running" or time.monotonic() > deadline:
            return seen
        time.sleep(0.1)


def outputs(client: ApiClient, bulk: str) -> list[Any]:
    runs = client.get("/api/executions", text=f"bulk:{bulk}", limit=100)["items"]
    return sorted(str(client.ended(run["id"], lambda _: None)["output"]) for run in runs)


def test_each_payload_of_a_list_starts_a_run_once_and_misfits_are_counted(client: ApiClient) -> None:
    items = [{"n": 1}, {"n": 2}, {"m": 3}]
    seen = ended(client, {"items": items}, **{"idempotency-key": "three"})
    assert (seen["status"], seen["total"], seen["started"], seen["refused"]) == ("ended", 3, 2, 1), seen
    assert ended(client, {"items": items}, **{"idempotency-key": "three"})["bulk"] == seen["bulk"]
    assert outputs(client, seen["bulk"]) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("n.csv", "n,name\n5,Ada\n6,Bob\n", ["5", "6"]),
        ("n.json", '[{"n": 7}, {"n": 8}]', ["7", "8"]),
        ("n.jsonl", '{"n": 9}\n{"n": 10}\n', ["10", "9"]),
    ],
)
def test_an_object_starts_a_run_for_each_of_its_payloads(
    name: str, text: str, told: list[str], client: ApiClient, cloud: tuple[ApiClient, str]
) -> None:
    keys = {"aws_access_key_id": "t", "aws_secret_access_key": "t", "region_name": "us-east-1"}
    s3 = boto3.client("s3", endpoint_url=cloud[1], **keys)  # type: ignore[call-overload]
    s3.put_object(Bucket="main-steploom-runs", Key=f"main/runs/bulk/{name}", Body=text.encode())
    seen = ended(client, {"source": {"key": name, "format": name.partition(".")[2]}})
    assert (seen["status"], seen["started"], seen["refused"]) == ("ended", 2, 0), seen
    assert outputs(client, seen["bulk"]) == told
