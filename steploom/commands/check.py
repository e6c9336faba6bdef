"""steploom check: whether definitions are right, without doing anything with them."""

from __future__ import annotations

from pathlib import Path

import click

from steploom import workflow_calls
from steploom.definition_file import compile_or_report, found_in
from steploom.function_calls import misfits
from steploom.neighbours import Neighbours
from steploom.screen import print_diagnostics, talk
from translator.work.registered_function import discover


@click.command("check")
@click.argument("paths", metavar="FILE…", type=click.Path(path_type=Path), nargs=-1, required=True)
def command(paths: tuple[Path, ...]) -> None:
    """Check definitions: one message per mistake, with its place and what to do. Exit code 2 if any."""
    files = found_in(paths)
    wrong = 0
    for file in files:
        compilation = compile_or_report(file)
        if compilation is None:
            wrong += 1
            continue
        beside = Neighbours(file)
        calls = (*misfits(compilation, discover()), *workflow_calls.misfits(compilation, beside))
        circles = tuple(workflow_calls.circles(compilation, beside))
        found = (*compilation.diagnostics, *calls, *workflow_calls.endless(compilation, beside), *circles)
        print_diagnostics(found, file)
        if circles:
            wrong += 1
            continue
        talk(f"{file}: good ({len(compilation.definition.nodes)} nodes)")
    if wrong:
        raise SystemExit(2)
