"""Works out every way in which a part of a frame can start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.graph import FlowEdge
from translator.lower.arrival import Arrival
from translator.regions import Barrier, Block, Item, Single

if TYPE_CHECKING:
    from translator.lower.frame import Frame


def arrivals_of(frame: Frame, item: Item) -> tuple[Arrival, ...]:
    """Every way in which an item of the block can start."""
    entering = frame.certainty.entering(item.bits)
    found = [arrival.within(entering) for arrival in frame.arrivals]
    for other in _leading_to(frame, item, entering):
        if isinstance(other, Single) and other.element not in frame.regions.loops:
            found += _arrivals_from_single(frame, other, item)
        else:
            exits = frame.certainty.exits(other.bits)
            at = frame.landing if isinstance(other, Single) else frame.beyond
            taken = frozenset(edge.index for edge in exits if at(edge) is item)
            found.append(Arrival(frozenset(), taken, some=True))
    kept = [arrival for arrival in found if arrival.sure or arrival.maybe]
    return tuple(dict.fromkeys(kept))


def _leading_to(frame: Frame, item: Item, entering: frozenset[int]) -> list[Item]:
    """The other items of the block that have an edge which enters the item, in the block's order."""
    elements, place_of = frame.regions.elements, frame.block.place_of
    places: set[int | None] = set()
    for index in entering:
        if index in elements.edges:
            source = frame.context.graph.edges[index].source
            places |= {place_of.get(elements.edges[index]), place_of.get(elements.nodes[source])}
    found = [frame.block.items[place] for place in sorted(place for place in places if place is not None)]
    return [other for other in found if other is not item]


def _arrivals_from_single(frame: Frame, single: Single, item: Item) -> list[Arrival]:
    elements = frame.regions.elements
    node = elements.names[single.element]
    if node is None:
        return []
    found: list[Arrival] = []
    for _, edges in frame.context.graph.ports_of(node):
        entering = [edge for edge in edges if frame.landing(edge) is item]
        own = [edge for edge in entering if item.bits >> elements.edges[edge.index] & 1]
        maybe = frozenset(edge.index for edge in own if edge.when is not None)
        sure = frozenset(edge.index for edge in entering) - maybe
        found.append(Arrival(sure, maybe, direct=True))
    return found


def arrivals_at(frame: Frame, block: Block, arrivals: tuple[Arrival, ...]) -> tuple[Arrival, ...]:
    """What the arrivals at a part mean for one block of it; an empty arrival does not start it."""
    entering = frame.certainty.entering(block.bits)
    return tuple(dict.fromkeys(arrival.within(entering) for arrival in arrivals))


def arrivals_after(frame: Frame, barrier: Barrier, arrivals: tuple[Arrival, ...]) -> tuple[Arrival, ...]:
    """How the second side starts: by edges that passed the barrier and edges that never met it."""
    part = barrier.first.bits
    crossing = [edge.index for edge in frame.certainty.exits(part) if _is_within(frame, edge, barrier.second)]
    firsts = _arrivals_at_each(frame, barrier.first, arrivals)
    reached_by_each = frame.certainty.reached_by_each(part, firsts, [frozenset({edge}) for edge in crossing])
    found: list[Arrival] = []
    for arrival, reached in zip(
        _arrivals_at_each(frame, barrier.second, arrivals), reached_by_each, strict=True
    ):
        sure = {edge for place, edge in enumerate(crossing) if reached >> place & 1}
        found.append(Arrival(arrival.sure | sure, arrival.maybe | (frozenset(crossing) - sure)))
    return tuple(dict.fromkeys(found))


def _arrivals_at_each(frame: Frame, block: Block, arrivals: tuple[Arrival, ...]) -> tuple[Arrival, ...]:
    """As `arrivals_at`, one for one."""
    entering = frame.certainty.entering(block.bits)
    return tuple(arrival.within(entering) for arrival in arrivals)


def _is_within(frame: Frame, edge: FlowEdge, block: Block) -> bool:
    elements = frame.regions.elements
    target = elements.target(edge)
    return bool(
        block.bits >> elements.edges[edge.index] & 1 or (target is not None and block.bits >> target & 1)
    )
