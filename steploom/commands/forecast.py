"""steploom forecast: what a run will take, known before anything is deployed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from steploom.definition_file import compile_or_report, found_in
from steploom.screen import print_json, result, talk
from translator.compiler import Compilation
from translator.forecast import PRICES_OF

_HEADINGS = ("workflow", "states", "transitions", "Lambda calls", "bytes", "dollars a run")


@click.command("forecast")
@click.argument("paths", metavar="FILE…", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Tell the most that one run takes: transitions, Lambda calls, money. Exit code 2 for a bad file."""
    files = found_in(paths)
    compiled = [compilation for file in files if (compilation := compile_or_report(file)) is not None]
    if as_json:
        print_json([{"workflow": one.definition.id, **one.forecast.to_json()} for one in compiled])
    elif compiled:
        result("\n".join(_table([_HEADINGS, *map(_row, compiled)])))
        talk(f"at most, without retries and Lambda's time; prices of {PRICES_OF}")
        if any(one.forecast.has_loops for one in compiled):
            talk("* has loops, counted once: each further iteration comes on top")
    if len(compiled) < len(files):
        raise SystemExit(2)


def _row(compilation: Compilation) -> tuple[str, ...]:
    forecast = compilation.forecast
    return (
        f"{compilation.definition.id}{'*' if forecast.has_loops else ''}",
        f"{forecast.states:,}",
        f"{forecast.most_transitions:,}",
        f"{forecast.most_lambda_calls:,}",
        f"{forecast.definition_bytes:,}",
        f"{forecast.most_dollars}",
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:>{width}}" if number else f"{cell:<{width}}"
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
