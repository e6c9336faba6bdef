"""Compiling and running with nodes that have already ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Steploom

PINNED = """\
id: pinned
nodes:
  - {id: order, type: http_request, parameters: {url: "http://127.0.0.1:9/order"}}
  - {id: large, type: condition, parameters: {when: "{% $order.body.total > 100 %}"}}
  - {id: told, type: transform, parameters: {output: "{% $order.body.total %}"}}
edges: [{from: order, to: large}, {from: large, port: "true", to: told}]
output: "{% [$told, $exists($order)] %}"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pinned.yaml"
    path.write_text(PINNED)
    return path


def test_a_pinned_node_does_not_run_and_its_output_is_read(
    steploom: Steploom, file: Path, tmp_path: Path
) -> None:
    pins = tmp_path / "order.txt"
    pins.write_text('{"body": {"total": 200}}')
    assert json.loads(steploom("run", file, "--pin", f"order=@{pins}").stdout) == [200, True]
    pins.write_text('{"order": {"output": {"body": {"total": 1}}}, "large": {"output": {"port": "true"}}}')
    assert json.loads(steploom("run", file, "--pins", pins).stdout) == [1, True]


def test_a_skipped_node_is_no_part_of_the_machine(steploom: Steploom, file: Path) -> None:
    assert json.loads(steploom("run", file, "--skip", "order").stdout) == [None, False]
    assert "Order" in steploom("compile", file).stdout
    assert "Order" not in steploom("compile", file, "--skip", "order").stdout


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--pin", "oder=1"], 'WF360: "oder" is pinned'),
        (["--pin", "large=1"], 'WF361: condition "large" is pinned'),
        (["--pin", "order"], "not NODE=JSON"),
        (["--pin", "order={"], 'the pin of "order" is not JSON'),
        (["--pins", "nowhere.json"], 'the pin file "nowhere.json" cannot be read'),
    ],
)
def test_a_pin_that_cannot_be_exits_with_2(
    steploom: Steploom, options: list[str], complaint: str, file: Path
) -> None:
    refused = steploom("run", file, *options)
    assert refused.exit_code == 2
    assert complaint in " ".join(refused.stderr.split())


def test_a_pin_that_cannot_be_is_told_by_its_own_place_and_not_by_one_in_the_file(
    retrying: Path, steploom: Steploom
) -> None:
    result = steploom("compile", retrying, "--pin", "askk=1")
    assert result.exit_code == 2
    assert result.stderr.startswith('pins/askk: error WF360: "askk" is pinned, and no such node runs')
    assert f"{retrying}:" not in result.stderr
