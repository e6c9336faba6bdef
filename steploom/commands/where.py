"""steploom where: from a state to its node and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from steploom.definition_file import compile_file
from steploom.screen import result
from translator.asl import Origin
from translator.compiler import Compilation
from translator.diagnostics.nearest import nearest


@click.command("where")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--state", metavar="NAME", help="The state that is looked for, as the console shows it.")
@click.option("--node", metavar="ID", help="The node that is looked for.")
@click.pass_context
def command(ctx: click.Context, file: Path, state: str | None, node: str | None) -> None:
    """Tell which node a state of FILE's machine comes from, or which states a node becomes."""
    ctx.find_root().obj = file
    if state is not None and node is not None:
        raise click.UsageError("give --state or --node, not both")
    compilation = compile_file(file)
    states = compilation.source_map.states
    if state is not None:
        _refuse_unknown("state", state, [name for name, _ in states])
    if node is not None:
        _refuse_unknown("node", node, [one.id for one in compilation.definition.nodes])
    rows = [row for row in _rows(states) if state in (None, row[0]) and node in (None, row[2])]
    if node is not None and not rows:
        rows = [("(no state of its own)", "", node)]
    result("\n".join(_lines(rows, _places(compilation, file))))


def _rows(states: Sequence[tuple[str, Origin]]) -> Iterator[tuple[str, str, str]]:
    """State, role and node; `inside` is the role of a state for nodes whose work it does too."""
    for name, origin in states:
        for node in origin.nodes:
            yield name, origin.role if node == origin.node else "inside", node


def _lines(rows: Sequence[tuple[str, str, str]], places: dict[str, str]) -> Iterator[str]:
    """One line a state: its name, its role, its node and where that stands in the file."""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join((*cells, places.get(row[2], "the whole workflow"))).rstrip()


def _places(compilation: Compilation, file: Path) -> dict[str, str]:
    """By node its place in the file, as editors and terminals open it."""
    positions = compilation.source.positions
    return {
        node.id: f"{file}:{positions.at(f'/nodes/{index}')}"
        for index, node in enumerate(compilation.definition.nodes)
    }


def _refuse_unknown(what: str, name: str, known: Sequence[str]) -> None:
    if name in known:
        return
    near = nearest(name, known)
    hint = f'did you mean "{near}"?' if near else f"there are: {', '.join(known)}"
    raise click.UsageError(f'there is no {what} "{name}": {hint}')
