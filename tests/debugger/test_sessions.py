"""Recorded sessions: commands from a file give the same record, word for word."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from steploom.__main__ import main
from tests.golden.golden_file import rewrite_or_compare

SESSIONS = Path(__file__).parent / "sessions"
ROOT = SESSIONS.parent.parent.parent


@pytest.mark.parametrize("commands", sorted(SESSIONS.glob("*.commands")), ids=lambda path: path.stem)
def test_a_session_is_as_it_was_recorded(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With STEPLOOM_GOLDEN=rewrite it is recorded anew."""
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(commands.with_suffix(".arguments").read_text())
    given = ["debug", *arguments, "--commands", str(commands.relative_to(ROOT))]
    ran = CliRunner().invoke(main, given, prog_name="steploom")
    golden = commands.with_suffix(".txt")
    record = f"$ steploom debug {shlex.join(arguments)}\n{ran.stdout}[exit code {ran.exit_code}]\n"
    rewrite_or_compare(golden, record)
