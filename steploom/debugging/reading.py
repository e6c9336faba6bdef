"""Where commands come from: a file, a pipe, or somebody at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from steploom.debugging.console import PROMPT, Console


def lines_of(file: Path) -> list[str]:
    """The commands of a file; raises click's error if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f'the command file "{file}" cannot be read: {error}') from error


def obey_all(console: Console, lines: Iterable[str]) -> None:
    """Obeys one line after the other, each shown behind the prompt, so that what is shown is a record."""
    for line in lines:
        if console.is_over:
            return
        console.show(f"{PROMPT}{line.rstrip()}".rstrip())
        console.read(line)


def obey_terminal(console: Console) -> None:
    """Asks for commands until there are no more, with history and completion where the terminal has them."""
    _edit_lines(console)
    while not console.is_over:
        try:
            line = input(PROMPT)
        except EOFError:
            console.show("")
            return
        except KeyboardInterrupt:
            console.show("\nquit ends the session")
            continue
        console.read(line, is_interactive=True)


def obey(console: Console, file: Path | None) -> None:
    """Obeys a file if one is given, else what comes in."""
    console.begin()
    if file is not None:
        obey_all(console, lines_of(file))
    elif sys.stdin.isatty():
        obey_terminal(console)
    else:
        obey_all(console, sys.stdin)


def _edit_lines(console: Console) -> None:
    try:
        import readline  # noqa: PLC0415 - not every system has it
    except ImportError:
        return
    words = sorted({*console.commands, *console.debugger.program.nodes, *console.debugger.program.variables})

    def complete(text: str, state: int) -> str | None:
        fitting = [word for word in words if word.startswith(text)]
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t$")
    readline.parse_and_bind("tab: complete")
