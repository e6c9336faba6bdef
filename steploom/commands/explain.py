"""steploom explain: a definition in words, what a diagnostic's code means, what a node type is for."""

from __future__ import annotations

import re
from pathlib import Path

import click

from steploom.definition_file import compile_file
from steploom.node_type_text import describe
from steploom.screen import print_diagnostics, result
from steploom.story.telling import tell
from translator import nodes
from translator.diagnostics.catalogue import entries, find
from translator.diagnostics.nearest import nearest


@click.command("explain")
@click.argument("subject", metavar="FILE|CODE|NODE_TYPE")
@click.pass_context
def command(ctx: click.Context, subject: str) -> None:
    """Tell in words what a definition does, what a code such as WF120 means, or what a node type is for."""
    if re.fullmatch(r"[Ww][Ff]\d+", subject):
        result(_entry(subject))
        return
    file = Path(subject)
    if subject in nodes.names() and not file.exists():
        result(describe(nodes.load(subject)))
        return
    _refuse_misspelt(subject, file)
    ctx.find_root().obj = file
    compilation = compile_file(file)
    result(tell(compilation))
    print_diagnostics(compilation.diagnostics, file)


def _refuse_misspelt(subject: str, file: Path) -> None:
    """A bare word that is no file was probably meant to be a node type."""
    meant = nearest(subject, nodes.names())
    if meant is not None and not file.exists() and not file.suffix:
        message = f'"{subject}" is neither a file nor a node type: did you mean "{meant}"?'
        raise click.UsageError(message)


def _entry(code: str) -> str:
    entry = find(code)
    if entry is None:
        known = ", ".join(entries())
        raise click.UsageError(f'there is no code "{code}"; there are: {known}')
    return entry.to_text()
