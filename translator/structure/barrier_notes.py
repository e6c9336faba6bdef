"""WF401: tells where nesting made one part wait for another that the graph did not ask for."""

from __future__ import annotations

from translator.diagnostics import Diagnostic, Position, Severity
from translator.graph import FlowGraph
from translator.regions import Regions

CODE = "WF401"
_NAMED = 4


def barrier_notes(regions: Regions, graph: FlowGraph) -> tuple[Diagnostic, ...]:
    """One note a barrier, with the nodes on both sides."""
    return tuple(
        Diagnostic(
            CODE,
            f"{_names(behind)} will wait until {_names(before)} "
            "have ended: Step Functions nests what runs side by side, and these edges cross",
            "fine as it is; to avoid the wait, let the parts share no node, or join them where they split",
            _place(graph, before, behind),
            Severity.NOTE,
        )
        for before, behind in regions.barriers()
    )


def _place(graph: FlowGraph, before: tuple[str, ...], behind: tuple[str, ...]) -> Position:
    """The first edge that leads over the barrier; the first node behind it where there is none."""
    over = (edge for node in behind for edge in graph.incoming[node] if edge.source in before)
    return min((edge.position for edge in over), default=graph.nodes[behind[0]].position)


def _names(nodes: tuple[str, ...]) -> str:
    names = [f'"{name}"' for name in nodes]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
