"""How a part with an ENTRY of its own starts."""

from __future__ import annotations

from translator.graph import ENTRY
from translator.lower.arrival import Arrival
from translator.lower.context import Context


def trigger_arrivals(context: Context) -> tuple[Arrival, ...]:
    """One arrival a trigger; triggers that enter the same nodes need not be told apart."""
    return tuple(
        Arrival(frozenset(edge.index for edge in edges))
        for _, edges in context.graph.ports_of(ENTRY)
        if edges
    )
