"""What the documents say is true: links lead somewhere, targets and commands exist, marked blocks run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from _pytest.mark import ParameterSet

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("workflows/**/*.md")))
BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)[^)]*\)")
TARGET = re.compile(r"\bmake (?P<targets>[a-z]+(?: [a-z]+)*)")


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


def code_of(document: Path) -> str:
    """Fenced blocks and code spans: where the document speaks to a shell.

    An unticked line of a list of work (`- [ ]`) tells of what is to come.
    """
    text = re.sub(r"^\s*- \[ \] .*$", "", document.read_text(), flags=re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))
    return "\n".join((*(match["text"] for match in BLOCK.finditer(text)), *spans))


def command_lines(document: Path) -> Iterator[list[str]]:
    """Every `steploom ...` that the document tells somebody to type, as words."""
    for line in code_of(document).replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|;|\|", line.removeprefix("$ ")):
            words = part.split("#")[0].strip()
            if re.match(r"(\.venv/bin/)?steploom( |$)", words):
                yield shlex.split(words.replace("…", ""))[1:]


def problem_with(words: list[str], command: click.Command) -> str | None:
    """What a command line asks for that the command line interface does not have."""
    while isinstance(command, click.Group) and words and not words[0].startswith(("-", "<")):
        subcommand = command.commands.get(words[0])
        if subcommand is None:
            return f"no command {words[0]!r}"
        command, words = subcommand, words[1:]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    unknown = {word.partition("=")[0] for word in words if word.startswith("--")} - known - {"--help"}
    return f"{command.name} has no {sorted(unknown)}" if unknown else None


def runnable_blocks() -> Iterator[ParameterSet]:
    for document in DOCUMENTS:
        for number, match in enumerate(BLOCK.finditer(document.read_text()), start=1):
            if match["info"].split()[:2] == ["bash", "run"]:
                yield pytest.param(match["text"], id=f"{name(document)}-{number}")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    targets = (match["target"] for match in LINK.finditer(BLOCK.sub("", document.read_text())))
    relative = (
        target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")
    )
    assert [target for target in relative if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for match in TARGET.finditer(code_of(document)) for word in match["targets"].split()}
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_line_that_a_document_names_exists(document: Path) -> None:
    lines = list(command_lines(document))
    if not lines:
        return
    from steploom.__main__ import main  # noqa: PLC0415 - only documents that name a command need it

    assert [problem for words in lines if (problem := problem_with(words, main))] == []


@pytest.mark.parametrize("script", list(runnable_blocks()))
def test_a_block_marked_to_run_runs(script: str) -> None:
    """A block whose fence says `bash run` is executed in the project's root; it must leave nothing behind."""
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}
    command = ["bash", "-euo", "pipefail", "-c", script]
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_there_are_at_most_sixteen_make_targets() -> None:
    listed = re.findall(r"^[a-z]+:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert 0 < len(listed) <= 16
