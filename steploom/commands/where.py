"""steploom where: from a state to its node and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from steploom.definition_file import compile_file
from steploom.screen import result
from translator.asl import Fail, Origin, Parallel, States, inner_scopes
from translator.compiler import Compilation
from translator.diagnostics.nearest import nearest
from translator.lower.racing import FIRST


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
    races = dict(_races(compilation.typed_machine.states, dict(states), ""))
    if state is not None:
        _refuse_unknown("state", state, [name for name, _ in states])
    if node is not None:
        _refuse_unknown("node", node, [one.id for one in compilation.definition.nodes])
    rows = [row for row in _rows(states, races) if state in (None, row[0]) and node in (None, row[2])]
    if node is not None and not rows:
        rows = [("(no state of its own)", "", node)]
    result("\n".join(_lines(rows, _places(compilation, file))))


def _rows(states: Sequence[tuple[str, Origin]], races: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """State, role and node; `inside` is the role of a state for nodes whose work it does too.

    What ends a race belongs to the `join: first` that it is run for.
    """
    for name, origin in states:
        if name in races:
            yield name, "first", races[name]
            continue
        for node in origin.nodes:
            yield name, origin.role if node == origin.node else "inside", node


def _races(scope: States, origins: Mapping[str, Origin], join: str) -> Iterator[tuple[str, str]]:
    """By state that ends a race the node that waits for it; `join` is that of the scope around."""
    for name, state in scope.states.items():
        if isinstance(state, Fail) and state.error == FIRST:
            yield name, join
        caught = state.catch if isinstance(state, Parallel) else ()
        own = (origins[one.next].node for one in caught if FIRST in one.errors)
        inside = next(own, join)
        for inner in inner_scopes(state):
            yield from _races(inner, origins, inside)


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
