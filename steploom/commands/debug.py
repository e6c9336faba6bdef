"""steploom debug: a run forward and back, looked into and changed."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from steploom.debugging.all_commands import BY_NAME
from steploom.debugging.beginning import Wanted, compiled, debugger_of, loops_of
from steploom.debugging.console import Console
from steploom.debugging.reading import lines_of, obey
from steploom.given_values import assignment, json_of
from steploom.pin_options import pin_options, pins_of
from steploom.screen import result


@click.command("debug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-i", "--input", "given", metavar="JSON|@FILE", help="The trigger's body.")
@click.option("--trigger", metavar="ID", help="Which trigger fires; the first one by default.")
@click.option(
    "-v", "--variable", "assignments", metavar="NAME=VALUE", multiple=True, help="Another first value."
)
@click.option("--mock", metavar="CASE", help="Begin as a case of `tests:` does, and call nothing outside.")
@click.option(
    "-O", "--optimize", type=click.IntRange(0, 2), default=0, show_default=True, help="Optimize level."
)
@click.option(
    "--commands",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Obey the commands of a file, then end.",
)
@pin_options
@click.pass_context
def command(ctx: click.Context, /, file: Path, commands: Path | None, **options: Any) -> None:
    """Step through a run of FILE. Exit code 1 if a command of --commands, or of a pipe, was refused."""
    ctx.find_root().obj = file
    if commands is not None:
        lines_of(commands)
    given = options["given"]
    wanted = Wanted(
        file,
        None if given is None else json_of(given),
        options["trigger"],
        dict(assignment(one) for one in options["assignments"]),
        options["mock"],
        options["optimize"],
        pins_of(ctx),
    )
    compilation = compiled(wanted)
    debugger = debugger_of(wanted, compilation)
    console = Console(debugger, BY_NAME, result, _heading(), loops_of(compilation))
    obey(console, commands)
    if console.has_failed:
        raise SystemExit(1)


def _heading() -> str:
    """How the session was begun, without the commands that it was given then."""
    words = sys.argv[1:]
    if "--commands" in words:
        place = words.index("--commands")
        words = [*words[:place], *words[place + 2 :]]
    return f"steploom {shlex.join(words)}"
