"""steploom forecast: what a run will take, known before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from steploom.definition_file import compile_or_report, found_in
from steploom.screen import print_json, result, talk
from translator.compiler import Compilation
from translator.diagnostics.nearest import nearest
from translator.forecast import LIST_PRICES, Forecast

_HEADINGS: Final = (
    "workflow",
    "states",
    "transitions",
    "Lambda calls",
    "history events",
    "bytes",
    "dollars a run",
)


@click.command("forecast")
@click.argument("paths", metavar="FILE…", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--count",
    "counts",
    metavar="NAME=NUMBER",
    multiple=True,
    help="How often a loop is repeated, where it shall not be what is assumed.",
)
@click.option("--formulas", is_flag=True, help="Print each workflow's formulas, counts and limits.")
def command(paths: tuple[Path, ...], as_json: bool, counts: tuple[str, ...], formulas: bool) -> None:
    """Tell what one run takes, least and most: transitions, Lambda calls, events, money.

    Exit code 2 for a bad file.
    """
    files = found_in(paths)
    compiled = [compilation for file in files if (compilation := compile_or_report(file)) is not None]
    given = _counts(counts)
    forecasts = _forecasts(compiled, given)
    if as_json:
        print_json([{"workflow": name, **one.to_json()} for name, one in forecasts])
    elif formulas:
        result("\n".join(f"{name}\n{one.to_text()}" for name, one in forecasts).rstrip())
    elif forecasts:
        _print_table(forecasts)
    if len(compiled) < len(files):
        raise SystemExit(2)


def _counts(texts: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        name, _, number = text.partition("=")
        if not number.isdecimal():
            raise click.UsageError(f'"{text}" is no count: write a name and a number, such as review=3')
        counts[name] = int(number)
    return counts


def _forecasts(compiled: Sequence[Compilation], given: Mapping[str, int]) -> list[tuple[str, Forecast]]:
    names = {count.name for one in compiled for count in one.forecast.measured.counts}
    for name in given.keys() - names:
        close = nearest(name, names)
        meant = f': did you mean "{close}"?' if close else f"; there {_listed(names)}"
        raise click.UsageError(f'nothing is counted as "{name}"{meant}')
    return [(one.definition.id, _given(one.forecast, given)) for one in compiled]


def _listed(names: Iterable[str]) -> str:
    return f"is {', '.join(sorted(names))}" if names else "is no loop"


def _given(forecast: Forecast, counts: Mapping[str, int]) -> Forecast:
    own = {count.name for count in forecast.measured.counts}
    return forecast.given({name: value for name, value in counts.items() if name in own})


def _print_table(forecasts: Sequence[tuple[str, Forecast]]) -> None:
    result("\n".join(_table([_HEADINGS, *(_row(name, one) for name, one in forecasts)])))
    talk(f"without retries; {LIST_PRICES.to_text()}")
    for name, one in forecasts:
        for count in one.measured.counts:
            talk(f"* {name}: {count.to_text()}")
        # A bound that the definition itself keeps far enough below is no news.
        for limit in (each for each in one.limits if each.binds or not each.count.is_declared):
            talk(f"{'!' if limit.binds else '*'} {name}: {limit.to_text()}")


def _row(name: str, forecast: Forecast) -> tuple[str, ...]:
    return (
        f"{name}{'*' if forecast.has_loops else ''}",
        f"{forecast.states:,}",
        _range(forecast, "transitions"),
        _range(forecast, "lambda_calls"),
        _range(forecast, "history_events"),
        f"{forecast.definition_bytes:,}",
        f"{forecast.most_dollars:f}",
    )


def _range(forecast: Forecast, figure: str) -> str:
    least, most = forecast.least(figure), forecast.most(figure)
    return f"{most:,}" if least == most else f"{least:,} to {most:,}"


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
