"""Recorded sessions: commands from a file give the same record, word for word."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from steploom.__main__ import main
from tests.debugger.recordings import exported, run_of
from tests.golden.golden_file import rewrite_or_compare
from translator.compiler import compile_text
from translator.debugger import Answers, Outside
from translator.definition.model import MockAnswer

SESSIONS = Path(__file__).parent / "sessions"
ROOT = SESSIONS.parent.parent.parent
HISTORY = "history.json"


@pytest.mark.parametrize("commands", sorted(SESSIONS.glob("*.commands")), ids=lambda path: path.stem)
def test_a_session_is_as_it_was_recorded(
    commands: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With STEPLOOM_GOLDEN=rewrite it is recorded anew."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])
    arguments = shlex.split(commands.with_suffix(".arguments").read_text())
    answers = commands.with_suffix(".recorded")
    if answers.exists():
        (tmp_path / HISTORY).write_text(history_of(Path(arguments[0]), yaml.safe_load(answers.read_text())))
    given = [str(tmp_path / word) if word == HISTORY else word for word in arguments]
    ran = CliRunner().invoke(main, ["debug", *given, "--commands", str(commands)], prog_name="steploom")
    record = f"$ steploom debug {shlex.join(arguments)}\n{ran.stdout}[exit code {ran.exit_code}]\n"
    rewrite_or_compare(commands.with_suffix(".txt"), record + ran.stderr)


def history_of(file: Path, answers: dict[str, Any]) -> str:
    """What the account would have recorded of a run of the first test's trigger with these answers."""
    compilation = compile_text(file.read_text(), file_name=str(file))
    outside = Outside(
        lambda payload: invoke_node(payload, MemoryRecords(), lambda: 0.0),
        {node: MockAnswer.model_validate(answer) for node, answer in answers.items()},
    )
    session = run_of(compilation, Answers(outside), compilation.definition.tests[0].trigger)
    session.resume()
    return exported(session)
