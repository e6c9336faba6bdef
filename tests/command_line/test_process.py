"""The command line as a process of its own: another folder, Ctrl-C, no terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("functions", "infra", "layers", "steploom", "translator")

FUNCTION = """
from translator.work.registered_function import function


@function
def shout(word: str) -> str:
    return word.upper()
"""
DEFINITION = """
id: loud
nodes:
  - id: shouted
    type: function
    parameters: {function: shout, arguments: {word: "{% $trigger.body %}"}}
"""


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has the packages installed, and nothing else of this checkout."""
    site = tmp_path / "site"
    site.mkdir()
    for package in PACKAGES:
        (site / package).symlink_to(ROOT / package)
    return {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}


def test_functions_are_those_of_the_folder_one_works_in(installed: dict[str, str], tmp_path: Path) -> None:
    functions = tmp_path / "mine" / "workflows" / "functions"
    functions.mkdir(parents=True)
    (functions / "loud.py").write_text(FUNCTION)
    (tmp_path / "mine" / "loud.yaml").write_text(DEFINITION)
    finished = subprocess.run(
        [sys.executable, "-P", "-m", "steploom", "run", "loud.yaml", "-i", '"hello"'],
        cwd=tmp_path / "mine",
        env=installed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert '"HELLO"' in finished.stdout
    assert "\x1b" not in finished.stderr


def test_ctrl_c_stops_a_run_and_exits_with_130(installed: dict[str, str], tmp_path: Path) -> None:
    definition = tmp_path / "nap.yaml"
    definition.write_text("id: nap\nnodes:\n  - {id: nap, type: delay, parameters: {hours: 1}}\n")
    # A process group in the background ignores the signal: give it back its meaning.
    script = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from steploom.__main__ import main; main(sys.argv[1:], prog_name='steploom')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, "run", str(definition)],
        env=installed,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("nap · main-nap-")
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "– nap" in told
    assert "interrupted" in told
