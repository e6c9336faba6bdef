"""WF401: tells where nesting made one part wait for another that the graph did not ask for."""

from __future__ import annotations

from translator.analyses.elements import Bits, members
from translator.diagnostics import Diagnostic, Position, Severity
from translator.regions import Barrier, Regions

CODE = "WF401"
_NAMED = 4


def barrier_notes(regions: Regions) -> tuple[Diagnostic, ...]:
    """One note a barrier, with the nodes on both sides."""
    return tuple(
        Diagnostic(
            CODE,
            f"{_names(regions, barrier.second.bits)} will wait until {_names(regions, barrier.first.bits)} "
            "have ended: Step Functions nests what runs side by side, and these edges cross",
            "fine as it is; to avoid the wait, let the parts share no node, or join them where they split",
            _place(regions, barrier),
            Severity.NOTE,
        )
        for barrier in regions.barriers()
    )


def _place(regions: Regions, barrier: Barrier) -> Position:
    """The first edge that leads from the one side to the other."""
    elements = regions.elements
    crossing = (
        elements.flow_edges[element]
        for element in members(barrier.second.bits)
        if any(barrier.first.bits >> before & 1 for before in elements.predecessors[element])
    )
    places = [edge.position for edge in crossing if edge is not None]
    return min(places, default=Position(0, 0, "/edges"))


def _names(regions: Regions, bits: Bits) -> str:
    names = [f'"{name}"' for name in regions.nodes_of(bits)]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
