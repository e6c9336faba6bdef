"""steploom draw: a picture of a definition, of its state machine, or of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from steploom.definition_file import compile_file
from steploom.drawing.diagram import Diagram
from steploom.drawing.mermaid import draw_mermaid
from steploom.drawing.of_definition import diagram_of_definition
from steploom.drawing.of_machine import diagram_of_machine
from steploom.drawing.page import page_of
from steploom.drawing.svg import draw_svg
from steploom.screen import result, talk
from translator.compiler import Compilation
from translator.definition.model import WorkflowDefinition

FORMS_BY_SUFFIX: Final[Mapping[str, str]] = {
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
    ".mmd": "mermaid",
    ".md": "mermaid",
    ".txt": "mermaid",
}


@click.command("draw")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "svg", "html"]),
    help="By default as -o says, else mermaid.",
)
@click.option(
    "--of",
    "subject",
    type=click.Choice(["definition", "machine", "both"]),
    default="definition",
    show_default=True,
    help="What to draw.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write into a file.")
@click.pass_context
def command(ctx: click.Context, file: Path, form: str | None, subject: str, output: Path | None) -> None:
    """Draw FILE as Mermaid text, or as a standalone SVG or HTML picture."""
    ctx.find_root().obj = file
    chosen = form or _form_of(output)
    compilation = compile_file(file)
    text = _drawn(compilation.definition, _diagrams(compilation, subject), chosen)
    if output is None:
        result(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    talk(f"{output}")


def _form_of(output: Path | None) -> str:
    if output is None:
        return "mermaid"
    if output.suffix not in FORMS_BY_SUFFIX:
        known = ", ".join(FORMS_BY_SUFFIX)
        hint = f'"{output.name}" does not say what to draw: end it in one of {known}, or give --format'
        raise click.BadParameter(hint, param_hint="-o")
    return FORMS_BY_SUFFIX[output.suffix]


def _diagrams(compilation: Compilation, subject: str) -> Sequence[Diagram]:
    definition = compilation.definition
    diagrams = []
    if subject in ("definition", "both"):
        diagrams.append(diagram_of_definition(definition))
    if subject in ("machine", "both"):
        title = f"{definition.name or definition.id}: the state machine"
        diagrams.append(diagram_of_machine(compilation.whole_machine, title))
    return diagrams


def _drawn(definition: WorkflowDefinition, diagrams: Sequence[Diagram], form: str) -> str:
    name = definition.name or definition.id
    if form == "mermaid":
        return "\n".join(draw_mermaid(diagram) for diagram in diagrams)
    picture = draw_svg(diagrams, name)
    return picture if form == "svg" else page_of(picture, name, definition.description)
