"""steploom debug: a run forward and back, looked into and changed."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from steploom.debugging.all_commands import BY_NAME
from steploom.debugging.beginning import Wanted, compiled, debugger_of, loops_of
from steploom.debugging.console import Console
from steploom.debugging.reading import lines_of, obey
from steploom.debugging.recordings import compiled_for, ground_of, recorded_debugger, told
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
@click.option("-O", "--optimize", type=click.IntRange(0, 2), help="Optimize level: 0, or the history's own.")
@click.option(
    "--commands",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Obey the commands of a file, then end.",
)
@click.option(
    "--from-history",
    "history",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A run in the account: what `aws stepfunctions get-execution-history` gives.",
)
@click.option(
    "--definition",
    type=click.Path(path_type=Path),
    metavar="ASL",
    help="With --from-history: the state machine that ran, if FILE has changed since.",
)
@pin_options
@click.pass_context
def command(ctx: click.Context, /, file: Path, **options: Any) -> None:
    """Step through a run of FILE. Exit code 1 if a command of --commands, or of a pipe, was refused."""
    ctx.find_root().obj = file
    commands: Path | None = options["commands"]
    if commands is not None:
        lines_of(commands)
    if options["history"] is None and options["definition"] is not None:
        raise click.UsageError("--definition goes with --from-history")
    console = _recorded(ctx, file, options) if options["history"] else _fresh(ctx, file, options)
    obey(console, commands)
    if console.has_failed:
        raise SystemExit(1)


def _fresh(ctx: click.Context, file: Path, options: Mapping[str, Any]) -> Console:
    """A session of a run that begins now."""
    given = options["given"]
    wanted = Wanted(
        file,
        None if given is None else json_of(given),
        options["trigger"],
        dict(assignment(one) for one in options["assignments"]),
        options["mock"],
        options["optimize"] or 0,
        pins_of(ctx),
    )
    compilation = compiled(wanted)
    debugger = debugger_of(wanted, compilation)
    return Console(debugger, BY_NAME, result, (), _heading(), loops_of(compilation))


def _recorded(ctx: click.Context, file: Path, options: Mapping[str, Any]) -> Console:
    """A session of a run that was recorded."""
    if options["given"] or options["trigger"] or options["assignments"] or pins_of(ctx):
        raise click.UsageError(
            "a recorded run has its own input: leave out --input, --trigger, --variable and pins"
        )
    wanted = Wanted(file, case=options["mock"], optimize=options["optimize"])
    ground = ground_of(options["history"], options["definition"])
    compilation = compiled_for(wanted, ground)
    debugger = recorded_debugger(wanted, ground, compilation)
    return Console(debugger, BY_NAME, result, told(ground, compilation), _heading(), loops_of(compilation))


def _heading() -> str:
    """How the session was begun, without the commands that it was given then."""
    words = sys.argv[1:]
    if "--commands" in words:
        place = words.index("--commands")
        words = [*words[:place], *words[place + 2 :]]
    return f"steploom {shlex.join(words)}"
