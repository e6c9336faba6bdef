"""What waits for what at a barrier, although no edge of the graph says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from translator.analyses.bits import Bits, members, set_of, union
from translator.graph import FlowGraph
from translator.node_type import Choosing, Ending, Passing, Resuming
from translator.regions import Barrier, Regions


@dataclass(frozen=True, slots=True)
class Wait:
    """A node, or a loop by its first node, that starts only when some others have ended."""

    node: str
    others: tuple[str, ...]


def waits_at(barrier: Barrier, regions: Regions, graph: FlowGraph) -> tuple[Wait, ...]:
    """The waits that a barrier adds; none where all that it holds up would wait anyway.

    What takes no time is not waited for. Of several in a row behind the barrier the first is told, of those
    before it the last.
    """
    elements = regions.elements
    slow = barrier.first.bits & _taking_time(regions, graph)
    nodes = [each for each in members(barrier.second.bits) if elements.names[each] is not None]
    added = {each: found for each in nodes if (found := elements.concurrent[each] & slow)}
    return tuple(_waits(added, regions))


def _waits(added: Mapping[int, Bits], regions: Regions) -> Iterator[Wait]:
    elements = regions.elements
    waiting = set_of(added)
    for element, others in added.items():
        own = others
        for earlier in members(elements.ancestors[element] & waiting):
            own &= ~added[earlier]
        last = own & ~union(elements.ancestors[other] for other in members(own))
        if last:
            yield Wait(_name(regions, element), tuple(_name(regions, other) for other in members(last)))


def _name(regions: Regions, element: int) -> str:
    return regions.elements.names[element] or ""


def _taking_time(regions: Regions, graph: FlowGraph) -> Bits:
    instant = (Passing, Choosing, Ending, Resuming)
    return set_of(
        element
        for element, nodes in enumerate(regions.elements.contents)
        if any(node in graph.nodes and not isinstance(graph.nodes[node].lowering, instant) for node in nodes)
    )
