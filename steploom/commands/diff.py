"""steploom diff: what differs between two versions of a definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from steploom.definition_file import compile_file
from steploom.screen import result
from translator.compiler import Compilation
from translator.difference.breaking import breaking_changes
from translator.difference.parts import Change, changes
from translator.difference.states import StateChange, state_changes, touched_by


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Exit with 1 if a change breaks callers.")
@click.pass_context
def command(ctx: click.Context, old: Path, new: Path, check: bool) -> None:
    """Tell what NEW does otherwise than OLD: parts, the states they touch, and what breaks callers."""
    before, after = _compiled(ctx, old), _compiled(ctx, new)
    breaking = breaking_changes(before, after)
    lines = list(_lines(changes(before.definition, after.definition), state_changes(before, after)))
    if breaking:
        lines += ["", "Breaks callers:", *(f"  ! {one}" for one in breaking)]
    result("\n".join(lines or ["no difference"]))
    if check and breaking:
        raise SystemExit(1)


def _compiled(ctx: click.Context, file: Path) -> Compilation:
    ctx.find_root().obj = file
    compilation = compile_file(file)
    _ = compilation.asl_text
    return compilation


def _lines(parts: Sequence[Change], states: Sequence[StateChange]) -> Iterator[str]:
    told: set[str] = set()
    for change in parts:
        yield f"{change.sign} {change.kind} {change.name}"
        yield from (f"    {detail}" for detail in change.details)
        touched = touched_by(change, states)
        told |= {state.name for state in touched}
        if touched:
            yield f"    states: {', '.join(f'{state.sign} {state.name}' for state in touched)}"
    rest = [state for state in states if state.name not in told]
    if rest:
        yield "States that change with them:"
        for state in rest:
            fields = f" ({', '.join(state.fields)})" if state.fields else ""
            yield f"  {state.sign} {state.name}{fields}"
