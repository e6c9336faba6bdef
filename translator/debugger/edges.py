"""Which edges a node takes as it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from translator.debugger.node_run import NodeRun
from translator.debugger.program import Program
from translator.definition.model import Edge
from translator.error_classes import NAMES_OF_CLASS
from translator.node_type import Choosing

ERROR = "error"
Asks = Callable[[str], bool]
"""Whether a condition, written `{% … %}`, is true at this point."""


def taken(program: Program, run: NodeRun, asks: Asks) -> Iterator[Edge]:
    """The edges that a run of a node has just taken; conditions are asked on the values at its end."""
    edges = program.edges.get(run.node, ())
    if run.status == "failed":
        edge = _error_edge(edges, run.error or "")
        if edge is not None and _is_asked(edge, asks):
            yield edge
        return
    port = port_of(program, run.node, asks)
    yield from (edge for edge in edges if edge.port == port and _is_asked(edge, asks))


def port_of(program: Program, node: str, asks: Asks) -> str | None:
    """The port by which a node that succeeded is left; None of a condition that nothing fits."""
    lowering = program.flow[node].lowering if node in program.flow else None
    if not isinstance(lowering, Choosing):
        return "out"
    return next((port for port, condition in lowering.cases if asks(condition)), lowering.default)


def _is_asked(edge: Edge, asks: Asks) -> bool:
    return edge.when is None or asks(edge.when)


def _error_edge(edges: tuple[Edge, ...], error: str) -> Edge | None:
    """The one error edge that an error takes: those that name errors come before `*`, then by name."""
    found = [edge for edge in edges if edge.port == ERROR and _fits(edge.errors or ("*",), error)]
    found.sort(key=lambda edge: ("*" in (edge.errors or ("*",)), edge.errors or (), edge.to))
    return found[0] if found else None


def _fits(errors: tuple[str, ...], error: str) -> bool:
    if "*" in errors:
        return not error.startswith("Steploom.")
    return any(error in NAMES_OF_CLASS.get(name, (name,)) for name in errors)
