"""`steploom runs` and `steploom logs` against a real local cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner, Result

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.__main__ import main
from steploom.platform.client import ApiClient

pytestmark = pytest.mark.slow
_DEFINITION = {
    "id": "greet",
    "triggers": [{"id": "hello", "type": "webhook", "path": "hello", "method": "POST"}],
    "nodes": [
        {"id": "is_known", "type": "condition", "parameters": {"when": "{% $trigger.body.name = 'Ada' %}"}},
        {"id": "good", "type": "transform", "name": "Greet", "parameters": {"output": "Hello"}},
        {
            "id": "bad",
            "type": "terminate",
            "parameters": {"status": "failed", "error": "Stranger", "cause": "nobody knows you"},
        },
    ],
    "edges": [
        {"from": "is_known", "to": "good", "port": "true"},
        {"from": "is_known", "to": "bad", "port": "false"},
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a local cloud in which two runs have ended."""
    folder = tmp_path_factory.mktemp("platform") / "data"
    with LocalCloud(LocalSettings(data_folder=folder, front_port=0, aws_port=0, concurrency=2)) as cloud:
        cloud.wait_until_ready()
        client = ApiClient(cloud.front_url, cloud.development_token)
        client.deploy("greet", json.dumps(_DEFINITION))
        for name in ("Ada", "Bob"):
            client.ended(client.fire("hello", {"name": name}), lambda run: None)
        yield folder


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_runs_are_listed_with_status_and_reason_newest_last(folder: Path) -> None:
    listed = _call("runs", "--data", str(folder))
    assert listed.exit_code == 0, listed.output
    first, second = listed.stdout.splitlines()
    assert first.startswith("succeeded")
    assert second.startswith("failed")
    assert second.endswith("Stranger: nobody knows you")
    failed = _call("runs", "--data", str(folder), "--status", "failed", "--json")
    assert [json.loads(line)["status"] for line in failed.stdout.splitlines()] == ["failed"]


def test_the_log_of_a_run_tells_each_node_and_the_end(folder: Path) -> None:
    told = _call("logs", "last", "--follow", "--data", str(folder))
    assert told.exit_code == 0, told.output
    assert "is_known" in told.stdout
    assert "not needed: good" in told.stdout
    assert "run failed after" in told.stdout
    whole = json.loads(_call("logs", "last", "--json", "--data", str(folder)).stdout)
    assert whole["input"]["trigger"]["body"] == {"name": "Bob"}


def test_what_cannot_be_shown_is_said_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    unknown = _call("logs", "main-greet-nothing", "--data", str(folder))
    assert unknown.exit_code == 1
    assert "main-greet-nothing" in unknown.output
    nowhere = _call("runs", "--data", str(tmp_path))
    assert "give --data, or --url and --token" in nowhere.output
    silent = _call("runs", "--url", "http://127.0.0.1:1", "--token", "x")
    assert "start the local cloud with `steploom up`" in silent.output


def test_a_definition_that_the_platform_refuses_is_refused_with_each_mistake(folder: Path) -> None:
    address = json.loads((folder / "address.json").read_text())["front"]
    client = ApiClient(address, (folder / "development-token").read_text().strip())
    broken = {**_DEFINITION, "edges": [{"from": "is_known", "to": "nobody"}]}
    with pytest.raises(ClickException) as refused:
        client.deploy("greet", json.dumps(broken))
    assert "cannot be compiled" in refused.value.message
    assert "WF2" in refused.value.message
    assert "nobody" in refused.value.message


def test_a_run_goes_on_past_a_node_and_what_cannot_be_paused_is_told(folder: Path) -> None:
    runs = [json.loads(line) for line in _call("runs", "--json", "--data", str(folder)).stdout.splitlines()]
    failed = next(run["id"] for run in runs if run["error"] == "Stranger")
    again = _call("rerun", failed, "--skip", "bad", "--data", str(folder))
    assert again.exit_code == 0, again.output
    told = _call("logs", again.stdout.split()[0], "--follow", "--json", "--data", str(folder))
    assert json.loads(told.stdout)["status"] == "succeeded"
    for command in ("pause", "cancel", "resume"):
        refused = _call(command, failed, "--data", str(folder))
        assert (refused.exit_code, "run_" in refused.output) == (1, True), refused.output
    assert _call("rerun", failed, "--node", "a", "--skip", "b", "--data", str(folder)).exit_code == 2
