"""`steploom pull` and `push` between a folder and the REST API in process, with the real compiler."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from werkzeug.test import Client, TestResponse

from functions.activate.activation import Activator
from functions.activate.handler import compile_definition
from functions.api.services import Activation, Services
from steploom.__main__ import main
from steploom.platform import connection
from tests.functions.api.conftest import PRINCIPAL, FakeLambda
from tests.functions.api.gateway import Gateway

Run = Callable[..., Result]
ONE = "id: one  # kept\nnodes:\n  - {id: a, type: transform, parameters: {output: 1}}\n"
OTHER = ONE.replace("output: 1", "output: 2")


@dataclass(frozen=True)
class DirectClient:
    """The command line's client, without a network."""

    client: Client
    url: str = "http://here"

    def get(self, path: str, **query: Any) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        return json.loads(_checked(self.client.get(path, query_string=given)).data)

    def send(self, method: str, path: str, body: bytes = b"", headers: Any = None) -> Any:
        answer = _checked(self.client.open(path, method=method, data=body, headers=headers))
        return _Answer(answer)


@dataclass(frozen=True)
class _Answer:
    response: TestResponse

    @property
    def headers(self) -> Any:
        return self.response.headers

    def json(self) -> Any:
        return json.loads(self.response.data)


def _checked(answer: TestResponse) -> TestResponse:
    if answer.status_code >= 400:
        raise click.ClickException(answer.get_data(as_text=True))
    return answer


@pytest.fixture
def platform(services: Services, activator: Activator, monkeypatch: pytest.MonkeyPatch) -> DirectClient:
    """The platform that the commands talk to."""
    real = replace(activator, compile=compile_definition)
    whole = replace(services, activation=Activation(FakeLambda(real), "activate"))
    client = DirectClient(Client(Gateway(whole, PRINCIPAL)))
    monkeypatch.setattr(connection, "ApiClient", lambda url, token: client)
    return client


@pytest.fixture
def run(platform: DirectClient) -> Run:
    def call(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments), "--token", "t"])

    return call


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """A folder whose one workflow has been pushed."""
    (tmp_path / "one.yaml").write_text(ONE)
    assert run("push", tmp_path).exit_code == 0
    return tmp_path


def stored(platform: DirectClient) -> dict[str, str]:
    return {one["workflow"]: one["definition"] for one in platform.get("/api/export")["items"]}


def change_there(platform: DirectClient, text: str) -> None:
    headers = {"content-type": "application/yaml", "if-match": "*"}
    platform.send("PUT", "/api/workflows/one", text.encode(), headers)


def test_what_is_pushed_is_pulled_word_for_word_into_another_folder(
    folder: Path, run: Run, platform: DirectClient, tmp_path: Path
) -> None:
    assert stored(platform) == {"one": ONE}
    pulled = run("pull", tmp_path / "other")
    assert pulled.exit_code == 0, pulled.output
    assert (tmp_path / "other" / "one.yaml").read_text() == ONE


def test_pushing_again_changes_nothing(folder: Path, run: Run, platform: DirectClient) -> None:
    before = platform.get("/api/export")["items"][0]["etag"]
    assert "0 pushed" in run("push", folder).output
    assert platform.get("/api/export")["items"][0]["etag"] == before


def test_a_change_is_told_before_it_is_pushed_and_a_dry_run_only_tells(
    folder: Path, run: Run, platform: DirectClient
) -> None:
    (folder / "one.yaml").write_text(OTHER)
    told = run("push", folder, "--dry-run")
    assert "~ one\n    ~ node a\n        parameters.output: 1 → 2" in told.output
    assert stored(platform) == {"one": ONE}
    assert run("push", folder).exit_code == 0
    assert stored(platform) == {"one": OTHER}


def test_what_was_changed_on_both_sides_is_neither_pushed_nor_pulled(
    folder: Path, run: Run, platform: DirectClient
) -> None:
    change_there(platform, OTHER)
    mine = ONE.replace("output: 1", "output: 3")
    (folder / "one.yaml").write_text(mine)
    (folder / "two.yaml").write_text(ONE.replace("id: one", "id: two"))
    refused = run("push", folder)
    assert (refused.exit_code, "nothing was stored" in refused.output) == (1, True)
    assert stored(platform) == {"one": OTHER}
    assert run("pull", folder).exit_code == 1
    assert (folder / "one.yaml").read_text() == mine
    assert run("push", folder, "--force").exit_code == 0
    assert set(stored(platform)) == {"one", "two"}


def test_what_was_changed_on_the_platform_only_is_left_by_push_and_taken_by_pull(
    folder: Path, run: Run, platform: DirectClient
) -> None:
    change_there(platform, OTHER)
    assert "< one" in run("push", folder).output
    assert stored(platform) == {"one": OTHER}
    assert run("pull", folder).exit_code == 0
    assert (folder / "one.yaml").read_text() == OTHER


def test_a_workflow_that_was_never_pulled_is_not_overwritten(
    run: Run, platform: DirectClient, tmp_path: Path
) -> None:
    platform.send("POST", "/api/workflows", ONE.encode(), {"content-type": "application/yaml"})
    (tmp_path / "one.yaml").write_text(OTHER)
    assert run("push", tmp_path).exit_code == 1
    assert stored(platform) == {"one": ONE}


def test_a_json_file_stays_one(run: Run, platform: DirectClient, tmp_path: Path) -> None:
    nodes = [{"id": "a", "type": "transform", "parameters": {"output": 1}}]
    (tmp_path / "one.json").write_text(json.dumps({"id": "one", "nodes": nodes}))
    assert run("push", tmp_path).exit_code == 0
    assert "0 pushed" in run("push", tmp_path).output
    change_there(platform, OTHER)
    assert run("pull", tmp_path).exit_code == 0
    assert json.loads((tmp_path / "one.json").read_text())["nodes"][0]["parameters"] == {"output": 2}


def test_a_definition_that_does_not_compile_stops_the_push_where_it_stands(
    folder: Path, run: Run, platform: DirectClient
) -> None:
    (folder / "zero.yaml").write_text("id: zero\nnodes: [{id: a, type: teleport}]\n")
    refused = run("push", folder)
    assert (refused.exit_code, "invalid_definition" in refused.output) == (1, True)
    assert stored(platform) == {"one": ONE}


def test_pushing_with_activate_makes_it_run(tmp_path: Path, run: Run, platform: DirectClient) -> None:
    (tmp_path / "one.yaml").write_text(ONE)
    assert "one: version 1 is active" in run("push", tmp_path, "--activate").output
    assert platform.get("/api/export")["items"][0]["status"] == "active"
