"""Chooses where a part that is not series-parallel gets its barrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from translator.analyses.bits import Bits, members, set_of, union
from translator.analyses.elements import Elements
from translator.analyses.races import races_of
from translator.structure.estimates import Estimates, Lengths, longest_of
from translator.structure.partial_order import PartialOrder, partial_order, without_twins
from translator.structure.plan import LARGE, Planner


@dataclass(frozen=True, slots=True)
class _Plan:
    """An order that is being cut up, and the nodes that its places stand for."""

    planner: Planner
    held: Sequence[Sequence[int]]
    """By place its nodes."""
    place_of: Mapping[int, int]
    """By node."""

    def places_of(self, nodes: Sequence[int]) -> Bits:
        """The places that hold exactly these nodes; none if there are no such places."""
        places = {self.place_of.get(node, -1) for node in nodes}
        if -1 in places or sum(len(self.held[place]) for place in places) != len(nodes):
            return 0
        return set_of(places)

    def within(self, places: Bits) -> _Plan:
        """The same plan of a convex set alone, whose sets are as narrow as it is."""
        chosen = list(members(places))
        number = {place: index for index, place in enumerate(chosen)}
        before = (self.planner.order.predecessors[place] for place in chosen)
        order = partial_order([[number[one] for one in some if one in number] for some in before])
        lengths = [[each[place] for place in chosen] for each in self.planner.lengths]
        return _plan_of(order, lengths, [self.held[place] for place in chosen])


@dataclass
class Cuts:
    """The cuts of one workflow. A part is planned as a whole, with what its sides are cut into in turn."""

    elements: Elements
    estimates: Estimates
    _planned: dict[Bits, Bits] = field(default_factory=dict)
    """By nodes of a part: those of its first side."""
    _plans: dict[int, _Plan] = field(default_factory=dict)
    """By node the last plan of a large part that it belonged to."""

    def cut(self, inside: Bits) -> tuple[Bits, Bits]:
        """A first side of a connected convex set, closed downwards, and the rest; each holds a node.

        An edge whose target is not on the first side belongs to the rest.
        """
        nodes = self._nodes_of(inside)
        whole = set_of(nodes)
        if whole not in self._planned:
            self._plan(nodes)
        first = set(members(self._planned[whole]))
        successors = self.elements.successors
        edges = [one for one in members(inside & ~whole) if not first.isdisjoint(successors[one])]
        before = set_of([*first, *edges])
        return before, inside & ~before

    def _nodes_of(self, inside: Bits) -> list[int]:
        return [element for element in members(inside) if self.elements.names[element] is not None]

    def _plan(self, nodes: Sequence[int]) -> None:
        """Plans every cut that the nodes will need, side by side and one within the other.

        A large part is cut once, and what its sides fall into is planned when it is asked for.
        """
        plan = self._plans.get(nodes[0])
        places = plan.places_of(nodes) if plan is not None else 0
        if plan is None or places & (places - 1) == 0:
            plan = self._begun(nodes)
            places = plan.planner.order.everything
        if places.bit_count() <= LARGE < len(plan.held):
            plan = plan.within(places)
            places = plan.planner.order.everything
        planner, held = plan.planner, plan.held
        if places.bit_count() > LARGE:
            self._planned[_held(held, places)] = _held(held, planner.cut(places))
            return
        pending = [_sides(planner, part) for part in planner.order.parts(places)]
        while pending:
            sides = pending.pop()
            if len(sides) > 1:
                middle = len(sides) // 2
                self._planned[_held(held, union(sides))] = _held(held, union(sides[:middle]))
                pending += _sides_again(planner, sides[:middle]) + _sides_again(planner, sides[middle:])

    def _begun(self, nodes: Sequence[int]) -> _Plan:
        """The order of the nodes, without cuts so far.

        What runs before a `join: first` stays together with it, unless it is what has to be cut.
        """
        kept = self._kept_together(nodes)
        full = self._order(kept)
        order, groups = without_twins(full)
        contents = [[name for node in place for name in self.elements.contents[node]] for place in kept]
        scenarios = self.estimates.scenarios(full, contents)
        held = [[node for place in group for node in kept[place]] for group in groups]
        plan = _plan_of(order, [longest_of(lengths, groups) for lengths in scenarios], held)
        if len(held) > LARGE:
            self._plans.update(dict.fromkeys(nodes, plan))
        return plan

    def _kept_together(self, nodes: Sequence[int]) -> list[tuple[int, ...]]:
        """The places of a part: its nodes, those of the largest races inside it as one; in order."""
        whole = set_of(nodes)
        races = sorted((race.whole & whole for race in races_of(self.elements).values()), key=int.bit_count)
        place_of: dict[int, tuple[int, ...]] = {node: (node,) for node in nodes}
        for race in races:
            if race != whole:
                together = tuple(members(race))
                place_of.update(dict.fromkeys(together, together))
        return sorted(set(place_of.values()), key=itemgetter(-1))

    def _order(self, kept: Sequence[Sequence[int]]) -> PartialOrder:
        places = {node: place for place, nodes in enumerate(kept) for node in nodes}
        before = self.elements.predecessors
        sources = [
            [before[edge][0] for node in nodes for edge in before[node] if before[edge]] for nodes in kept
        ]
        found = [[places[one] for one in some if one in places] for some in sources]
        return partial_order([[one for one in some if one != place] for place, some in enumerate(found)])


def _plan_of(order: PartialOrder, lengths: Sequence[Lengths], held: Sequence[Sequence[int]]) -> _Plan:
    places = {node: place for place, nodes in enumerate(held) for node in nodes}
    return _Plan(Planner(order, lengths), held, places)


def _sides(planner: Planner, part: Bits) -> list[Bits]:
    """What a connected part is cut into, one after the other, until each side falls apart or is one place."""
    sides: list[Bits] = []
    pending = [part]
    while pending:
        side = pending.pop()
        if side & (side - 1) == 0 or not planner.order.is_connected(side):
            sides.append(side)
            continue
        in_a_row = planner.order.series(side)
        if len(in_a_row) > 1:
            pending += reversed(in_a_row)
        else:
            first = planner.inner_cut(side)
            pending += [side & ~first, first]
    return sides


def _sides_again(planner: Planner, sides: list[Bits]) -> list[list[Bits]]:
    """The same sides where they hang together, else those of each part that they fall into."""
    whole = union(sides)
    parts = planner.order.parts(whole)
    return [sides] if len(parts) == 1 else [_sides(planner, part) for part in parts]


def _held(held: Sequence[Sequence[int]], places: Bits) -> Bits:
    return set_of([node for place in members(places) for node in held[place]])
