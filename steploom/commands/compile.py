"""steploom compile: a definition's state machine, or any form on the way to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from steploom.definition_file import compile_file
from steploom.screen import result, talk
from translator.compiler import Compilation

FORMS: Final[Mapping[str, tuple[str, Callable[[Compilation], str]]]] = MappingProxyType(
    {
        "asl": (".asl.json", lambda compilation: compilation.asl_text),
        "graph": (".graph.txt", lambda compilation: compilation.graph.to_text()),
        "regions": (".regions.txt", lambda compilation: compilation.regions.to_text()),
        "source-map": (
            ".source-map.json",
            lambda compilation: json.dumps(compilation.source_map.to_json(), indent=2),
        ),
        "manifest": (
            ".manifest.json",
            lambda compilation: json.dumps(compilation.manifest.to_json(), indent=2),
        ),
        "forecast": (".forecast.txt", lambda compilation: compilation.forecast.to_text()),
    }
)


@click.command("compile")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write into a folder."
)
@click.option(
    "--to", "form", type=click.Choice(list(FORMS)), default="asl", show_default=True, help="What to print."
)
@click.pass_context
def command(ctx: click.Context, file: Path, folder: Path | None, form: str) -> None:
    """Compile FILE into a state machine in Amazon States Language."""
    ctx.find_root().obj = file
    compilation = compile_file(file)
    suffix, print_form = FORMS[form]
    text = print_form(compilation)
    if folder is None:
        result(text)
        return
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{compilation.definition.id}{suffix}"
    target.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
    talk(f"{target}")
