"""`join: first`: an edge that is taken to it ends at once whatever runs between the fork and the join."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from translator.analyses.elements import members
from translator.analyses.races import Race
from translator.asl import Origin
from translator.graph import FlowEdge
from translator.json_value import JsonValue
from translator.lower.asking import is_settled_before
from translator.lower.draft import Draft, Transition
from translator.lower.titles import question
from translator.regions import Barrier, Concurrent, Item, Single

if TYPE_CHECKING:
    from translator.lower.frame import Frame

FIRST: Final = "Steploom.First"
"""The error by which a branch tells the Parallel around it that its edge won."""


def race_of(frame: Frame, edge: FlowEdge) -> Race | None:
    """The race that the edge would end; None where it leads to no `join: first` of this part of the graph."""
    elements = frame.regions.elements
    target = elements.target(edge) if edge.index in elements.edges else None
    return None if target is None else frame.regions.races.get(target)


def comes_from_between(frame: Frame, edge: FlowEdge) -> bool:
    """Whether the edge ends a race and does not come from its fork."""
    race, elements = race_of(frame, edge), frame.regions.elements
    return race is not None and bool(race.between >> elements.nodes[edge.source] & 1)


def won(frame: Frame, edge: FlowEdge) -> Transition | None:
    """Where an edge leads that ends a race and need not wait for what runs beside it; else None."""
    race = race_of(frame, edge)
    if race is None:
        return None
    found = _holding(frame, race)
    if found is None:
        return _to_the_parallel(frame, race, edge) if comes_from_between(frame, edge) else None
    place, item = found
    if place is frame and (frame.stands_alone(edge) or item is frame.held(edge)):
        return None
    if place is not frame and item.bits & frame.block.bits:
        return None
    return Transition(place.enter(item, edge), then=_settled(frame, race, edge))


def _holding(frame: Frame, race: Race) -> tuple[Frame, Item] | None:
    """The nearest frame of this scope whose block holds the join."""
    place: Frame | None = frame
    while place is not None and place.scope is frame.scope:
        item = place.block.item_of.get(race.join)
        if item is not None:
            return place, item
        place = place.outer
    return None


def _settled(frame: Frame, race: Race, edge: FlowEdge) -> dict[str, JsonValue]:
    """What a race gives where it ends: the edge is taken, and what did not lead to it is as if skipped."""
    elements = frame.regions.elements
    source = elements.nodes[edge.source]
    kept = {
        node for one in members(elements.ancestors[source] | 1 << source) for node in elements.contents[one]
    }
    lost = {node for node in _passed(frame, race) if node not in kept}
    return {**dict.fromkeys(sorted(lost)), frame.context.flag(edge): True}


def _passed(frame: Frame, race: Race) -> Iterator[str]:
    """The nodes before the barriers that were passed since the race began."""
    inner, place = frame, frame.outer
    while place is not None and race.join not in inner.block.item_of:
        for item in place.block.items:
            if isinstance(item, Barrier) and item.second is inner.block:
                yield from frame.regions.nodes_of(item.first.bits)
        inner, place = place, place.outer


def _to_the_parallel(frame: Frame, race: Race, edge: FlowEdge) -> Transition:
    context = frame.context
    name = frame.regions.elements.names[race.join] or ""
    key = f"first:{'/'.join(frame.scope.path)}:{name}"
    branch = frame.scope.path[-1]
    fields: dict[str, JsonValue] = {"error": FIRST}
    wish = f"{context.title(branch)}: first"
    draft = Draft(key, wish, Origin("", "join"), "fail", fields=fields, wins=name)
    return Transition(frame.scope.add(draft), then=_settled(frame, race, edge))


def precedence(frame: Frame, edges: Iterable[FlowEdge]) -> int:
    """More than 0 if what the edges lead to cuts short what others lead to; most for the outermost race."""
    return max(race.join if (race := race_of(frame, edge)) is not None else 0 for edge in edges)


def follow_the_first(frame: Frame, edges: tuple[FlowEdge, ...]) -> Transition:
    """The transition of a port where some edges end a race: one that is taken leaves the others no time."""
    ways = {edge.index: way for edge in edges if (way := won(frame, edge)) is not None}
    winning = sorted(
        (edge for edge in edges if edge.index in ways), key=lambda edge: -precedence(frame, [edge])
    )
    asked = list(takewhile(lambda edge: edge.when is not None, winning))
    rest = tuple(edge for edge in edges if edge.index not in ways)
    other = frame.follow(rest) if rest else Transition(frame.after)
    if len(asked) < len(winning):
        way = ways[winning[len(asked)].index]
        other = Transition(way.target, way.assign, {**_beside(frame, rest, winning), **way.then})
    return _asking(frame, asked, ways, other) if asked else other


def _beside(frame: Frame, rest: Sequence[FlowEdge], winning: Sequence[FlowEdge]) -> dict[str, JsonValue]:
    """The flags of the fork's edges that are not in the race: they are taken all the same."""
    cut_short = 0
    for edge in winning:
        race = race_of(frame, edge)
        cut_short |= race.between if race is not None else 0
    outside = [edge for edge in rest if not cut_short >> _element(frame, edge) & 1]
    return {frame.context.flag(edge): frame.context.flag_value(edge) for edge in outside}


def _asking(
    frame: Frame, asked: Sequence[FlowEdge], ways: Mapping[int, Transition], other: Transition
) -> Transition:
    """By way of a Choice that asks for the edges' own conditions; several are evaluated at once."""
    context, first = frame.context, asked[0]
    title = f"{context.title(first.source)}: on to {question(context.title(first.target))}"
    key = f"won:{frame.scope.part}{first.index}"
    draft = Draft(key, title, Origin(first.source, "when"), "choice")
    together = len(asked) > 1 or is_settled_before(frame, first)
    conditions = [context.taken(edge) if together else context.when_source(edge) for edge in asked]
    draft.rules = [(condition, ways[edge.index]) for condition, edge in zip(conditions, asked, strict=True)]
    draft.success = Transition(frame.state_at(other.target))
    flags = {context.flag(edge): context.flag_value(edge) for edge in asked if together}
    return Transition(frame.scope.add(draft), other.assign, {**other.then, **flags})


def race_catcher(frame: Frame, item: Concurrent) -> tuple[tuple[str, ...], Transition] | None:
    """Where a Parallel goes on when a branch ends in `Steploom.First`; None if none does or not here."""
    for edge in frame.certainty.exits(item.bits):
        race = race_of(frame, edge)
        if race is None or not comes_from_between(frame, edge) or item.loose >> _element(frame, edge) & 1:
            continue
        found = _holding(frame, race)
        if found is not None:
            place, target = found
            name = frame.regions.elements.names[race.join] or ""
            return (FIRST,), Transition(place.enter(target, edge), won=name)
    return None


def _element(frame: Frame, edge: FlowEdge) -> int:
    return frame.regions.elements.edges[edge.index]


def outlasting(frame: Frame, item: Item, exits: tuple[FlowEdge, ...]) -> tuple[FlowEdge, ...]:
    """Of the edges out of a part those that may be taken when it has ended, and not at once."""
    if isinstance(item, Single):
        return exits
    return tuple(edge for edge in exits if not comes_from_between(frame, edge))
