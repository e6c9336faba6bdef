"""Runs the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from steploom.__main__ import main

Steploom = Callable[..., Result]

RETRYING = """\
id: retrying
variables: [{name: tries, value: 0}]
triggers: [{id: asked, type: webhook, path: ask}]
nodes:
  - {id: try_again, type: set_variable, name: Count, parameters: {values: {tries: "{% $tries + 1 %}"}}}
  - {id: ask, type: http_request, parameters: {url: "https://example.com"}}
  - {id: enough, type: condition, parameters: {when: "{% $ask.status = 200 or $tries > 5 %}"}}
  - {id: told, type: transform, parameters: {output: "{% $tries %}"}}
  - {id: alarm, type: http_request, name: Raise the alarm, parameters: {url: "https://example.com/alarm"}}
  - {id: noted, type: transform, parameters: {output: "{% $alarm.status %}"}}
edges:
  - {from: try_again, to: ask}
  - {from: ask, to: enough}
  - {from: enough, port: "false", to: try_again}
  - {from: enough, port: "true", to: told}
  - {from: alarm, to: noted}
error_handlers: [{errors: [Timeout, Network], node: alarm}]
output: {tries: "{% $told %}", note: "{% $noted %}"}
"""


@pytest.fixture
def steploom() -> Steploom:
    """What a command prints, and its exit code."""

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="steploom")

    return run


@pytest.fixture
def retrying(tmp_path: Path) -> Path:
    """A definition with a loop and an error handler; its trigger stands above the part that repeats."""
    file = tmp_path / "retrying.yaml"
    file.write_text(RETRYING)
    return file
