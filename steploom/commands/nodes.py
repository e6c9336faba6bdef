"""steploom nodes: the node types there are, and what one of them is for."""

from __future__ import annotations

import click

from steploom.node_type_text import describe
from steploom.screen import result
from translator import nodes
from translator.diagnostics.nearest import nearest


@click.command("nodes")
@click.argument("name", metavar="[TYPE]", required=False)
def command(name: str | None) -> None:
    """List the node types; with TYPE, tell its parameters and show an example."""
    if name is None:
        width = max(map(len, nodes.names()))
        result("\n".join(f"{one:<{width}}  {nodes.load(one).summary}" for one in nodes.names()))
        return
    if name not in nodes.names():
        near = nearest(name, nodes.names())
        hint = f'did you mean "{near}"?' if near else f"there are: {', '.join(nodes.names())}"
        raise click.UsageError(f'there is no node type "{name}": {hint}')
    result(describe(nodes.load(name)))
