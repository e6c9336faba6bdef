"""steploom explain: a definition in words, or what a diagnostic's code means."""

from __future__ import annotations

import re
from pathlib import Path

import click

from steploom.definition_file import compile_file
from steploom.narration import narrate
from steploom.screen import print_diagnostics, result
from translator.diagnostics.catalogue import entries, find


@click.command("explain")
@click.argument("subject", metavar="FILE|CODE")
@click.pass_context
def command(ctx: click.Context, subject: str) -> None:
    """Tell in words what a definition does, or what a code such as WF203 means and how to mend it."""
    if re.fullmatch(r"[Ww][Ff]\d+", subject):
        result(_entry(subject))
        return
    file = Path(subject)
    ctx.find_root().obj = file
    compilation = compile_file(file)
    result(narrate(compilation.definition, compilation.source_map.to_json()))
    print_diagnostics(compilation.diagnostics, file)


def _entry(code: str) -> str:
    entry = find(code)
    if entry is None:
        known = ", ".join(entries())
        raise click.UsageError(f'there is no code "{code}"; there are: {known}')
    return entry.to_text()
