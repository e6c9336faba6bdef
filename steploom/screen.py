"""What is printed and how: colour on a terminal, plain text elsewhere; results to stdout, talk to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from translator.diagnostics import Diagnostic
from translator.diagnostics.text import render
from translator.json_value import JsonValue


def console(stream: TextIO) -> Console:
    """A console that never wraps or guesses: what is printed is what was written."""
    return Console(file=stream, highlight=False, soft_wrap=True, markup=False)


def talk(text: str | Text = "") -> None:
    """One line for the person who watches."""
    console(sys.stderr).print(text)


def result(text: str) -> None:
    """What the command was asked for, for the next program."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def print_line(text: Text) -> None:
    """One line of the command's result."""
    console(sys.stdout).print(text)


def print_json(value: JsonValue) -> None:
    """A value as the command's result."""
    result(json.dumps(value, indent=2, ensure_ascii=False))


def print_failure(message: str) -> None:
    """Why the command did not do what it was asked for."""
    talk(Text.assemble(("steploom: ", "red"), message))


def print_diagnostics(diagnostics: Sequence[Diagnostic], file: Path | None) -> None:
    """One message per mistake, in the order of the text; `file` is where it was read from."""
    if not diagnostics:
        return
    try:
        text = file.read_text(encoding="utf-8") if file else None
    except (OSError, UnicodeDecodeError):
        text = None
    by_place = sorted(diagnostics, key=lambda one: (one.position.line, one.position.column))
    talk(render(by_place, text, str(file) if file else None))
