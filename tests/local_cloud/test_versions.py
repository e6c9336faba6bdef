"""Versions through a whole deployment: runs finish where they began, arms, and the way back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from steploom.platform.client import ApiClient
from tests.local_cloud.with_functions import cloud_with

pytestmark = pytest.mark.slow
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with cloud_with("", tmp_path_factory.mktemp("versions")) as running:
        yield ApiClient(running.front_url, running.development_token)


def text_of(answer: str, seconds: int, workflow: str) -> str:
    wait = {"seconds": seconds}
    return json.dumps(
        {
            "id": workflow,
            "triggers": [{"id": "sent", "type": "webhook", "path": workflow}],
            "nodes": [
                {"id": "wait", "type": "delay", "parameters": wait},
                {"id": "told", "type": "transform", "parameters": {"output": [answer, "{% $run.version %}"]}},
            ],
            "edges": [{"from": "wait", "to": "told"}],
            "output": "{% $told %}",
        }
    )


def posted(client: ApiClient, path: str, body: Any) -> Any:
    return client.send("POST", path, json.dumps(body).encode(), JSON).json()


def test_a_run_finishes_on_the_version_that_it_began_with(client: ApiClient) -> None:
    client.deploy("lasting", text_of("first", 4, "lasting"))
    under_way = client.fire("lasting", {})
    client.deploy("lasting", text_of("second", 0, "lasting"))
    later = client.ended(client.fire("lasting", {}), lambda _: None)
    assert (later["version"], later["output"]) == (2, ["second", 2])
    posted(client, "/api/workflows/lasting/rollback", {"version": 1})
    earlier = client.ended(under_way, lambda _: None)
    assert (earlier["version"], earlier["output"], earlier["status"]) == (1, ["first", 1], "succeeded")


def test_runs_of_an_a_b_really_run_on_their_arms_version(client: ApiClient) -> None:
    client.deploy("shared", text_of("first", 0, "shared"))
    client.deploy("shared", text_of("second", 0, "shared"))
    posted(client, "/api/workflows/shared/split", {"version": 1, "weight": 50})
    seen: Counter[tuple[str, int, str]] = Counter()
    for _ in range(24):
        run = client.ended(client.fire("shared", {}), lambda _: None)
        seen[run["arm"], run["version"], run["output"][0]] += 1
    assert set(seen) == {("active", 2, "second"), ("candidate", 1, "first")}
    told = client.get("/api/workflows/shared/versions/1/diff/2")
    assert [(one["change"], one["name"]) for one in told["changes"]] == [("changed", "told")]
