"""Where one part of an order might be cut in two, each place judged by the two longest ways it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from translator.analyses.bits import Bits, members, set_of
from translator.structure.estimates import Lengths
from translator.structure.partial_order import PartialOrder

Times: TypeAlias = dict[int, float]
"""By place."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A part under one assumption: when each place ends, how long it is from its start to the end of all."""

    ends: Times
    remains: Times
    whole: float


@dataclass(frozen=True, slots=True)
class Moment:
    """The first places of a sequence as a cut."""

    sequence: Sequence[int]
    count: int

    @property
    def first(self) -> Bits:
        """The side that is cut off."""
        return set_of(self.sequence[: self.count])


@dataclass(frozen=True)
class Candidates:
    """The ways of cutting a convex set into a set closed downwards and the rest.

    A cut's score is the sum over the scenarios of the longest way before and the longest way after it,
    as a share of the longest way without a cut; what nesting does on both sides can only add to it.
    """

    order: PartialOrder
    inside: Bits
    places: Sequence[int]
    scenarios: Sequence[Scenario]

    def in_time(self) -> Iterator[tuple[float, Bits]]:
        """Cuts at a moment: all that has ended by then, or all that must have begun by then."""
        sequence: Sequence[int] = ()
        first, count = 0, 0
        for score, moment in self.moments():
            if moment.sequence is not sequence:
                sequence, first, count = moment.sequence, 0, 0
            for place in sequence[count : moment.count]:
                first |= 1 << place
            count = moment.count
            yield score, first

    def moments(self) -> Iterator[tuple[float, Moment]]:
        """The same cuts, for a part of which not every side shall be made."""
        for scenario in self.scenarios:
            yield from self._at_each(scenario.ends)
            yield from self._at_each(
                {place: scenario.whole - scenario.remains[place] for place in self.places}
            )

    def around_places(self) -> Iterator[tuple[float, Bits]]:
        """Cuts behind one place with all that it needs, and before one with all that needs it."""
        behind = self._around(self.order.predecessors, self.places, before=True)
        for place, score in behind.items():
            yield score, (self.order.ancestors[place] | 1 << place) & self.inside
        before = self._around(self.order.successors, self.places[::-1], before=False)
        for place, score in before.items():
            yield score, self.inside & ~(self.order.descendants[place] | 1 << place)

    def crossing(self, first: Bits) -> int:
        """How many edges lead over the cut."""
        second = set(members(self.inside & ~first))
        successors = self.order.successors
        return sum(after in second for place in members(first) for after in successors[place])

    def _at_each(self, moments: Times) -> Iterator[tuple[float, Moment]]:
        sequence = sorted(self.places, key=moments.__getitem__)
        shares = [0.0] * len(sequence)
        for scenario in self.scenarios:
            _add_shares(shares, scenario, sequence)
        for index, place in enumerate(sequence[:-1]):
            if moments[sequence[index + 1]] > moments[place]:
                yield shares[index], Moment(sequence, index + 1)

    def _around(self, neighbours: Sequence[tuple[int, ...]], places: Sequence[int], *, before: bool) -> Times:
        """By place the score of cutting off what it needs (or what needs it) together with itself.

        Under each scenario the sets that are cut off count the places by falling time of the other side,
        so that the first digit which is missing is the longest way there.
        """
        scores = dict.fromkeys(places, 0.0)
        for scenario in self.scenarios:
            own, other = (scenario.ends, scenario.remains) if before else (scenario.remains, scenario.ends)
            falling = sorted(places, key=other.__getitem__, reverse=True)
            digit = {place: 1 << rank for rank, place in enumerate(falling)}
            held: dict[int, Bits] = {}
            for place in places:
                held[place] = digit[place]
                for near in neighbours[place]:
                    held[place] |= held.get(near, 0)
                first_missing = (~held[place] & (held[place] + 1)).bit_length() - 1
                if first_missing == len(falling):
                    scores.pop(place, None)
                elif place in scores:
                    scores[place] += (own[place] + other[falling[first_missing]]) / scenario.whole
        return scores


def candidates(order: PartialOrder, inside: Bits, lengths: Sequence[Lengths]) -> Candidates:
    """The part as it runs if nothing is cut, under each scenario."""
    places = list(members(inside))
    return Candidates(order, inside, places, [_scenario(order, places, one) for one in lengths])


def _scenario(order: PartialOrder, places: Sequence[int], lengths: Lengths) -> Scenario:
    ends = _longest_ways(places, order.predecessors, lengths)
    remains = _longest_ways(places[::-1], order.successors, lengths)
    return Scenario(ends, remains, max(ends.values()))


def _longest_ways(places: Sequence[int], neighbours: Sequence[tuple[int, ...]], lengths: Lengths) -> Times:
    ways: Times = {}
    for place in places:
        reached = [ways[near] for near in neighbours[place] if near in ways]
        ways[place] = max(reached, default=0.0) + lengths[place]
    return ways


def _add_shares(shares: list[float], scenario: Scenario, sequence: Sequence[int]) -> None:
    """Adds to share i the score of the cut behind the first i + 1 places of the sequence."""
    after = 0.0
    for index in range(len(sequence) - 2, -1, -1):
        after = max(after, scenario.remains[sequence[index + 1]])
        shares[index] += after / scenario.whole
    before = 0.0
    for index, place in enumerate(sequence):
        before = max(before, scenario.ends[place])
        shares[index] += before / scenario.whole
