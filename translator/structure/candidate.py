"""Where one part of an order might be cut in two, each place judged by the two longest ways it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate, islice, pairwise
from typing import Final, TypeAlias

from translator.analyses.bits import Bits, members, set_of
from translator.structure.estimates import Lengths
from translator.structure.partial_order import PartialOrder

_DIGITS: Final = 9
"""Decimals of a score that count; the rest is rounding."""
Times: TypeAlias = dict[int, float]
"""By place."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A part under one assumption: when each place ends, how long it is from its start to the end of all."""

    ends: Times
    remains: Times
    whole: float


@dataclass(frozen=True, slots=True)
class Moments:
    """Cuts that each take the first places of one sequence: so many of them, at that score."""

    sequence: Sequence[int]
    cuts: Sequence[tuple[float, int]]
    """By rising count the score, without what is rounding, and the count."""

    def first(self, count: int) -> Bits:
        """The side that is cut off."""
        return set_of(self.sequence[:count])

    def best(self, most: int) -> Iterator[tuple[float, Bits]]:
        """So many at most: those with the lowest scores, of equal ones the smallest."""
        return ((score, self.first(count)) for score, count in nsmallest(most, self.cuts))


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

    def in_time(self) -> Iterator[Moments]:
        """Cuts at a moment: all that has ended by then, or all that must have begun by then."""
        for scenario in self.scenarios:
            yield self._at_each(scenario.ends)
            whole = scenario.whole
            yield self._at_each({place: whole - remaining for place, remaining in scenario.remains.items()})

    def around_places(self) -> Iterator[tuple[float, Bits]]:
        """Cuts behind one place with all that it needs, and before one with all that needs it."""
        behind = self._around(self.order.predecessors, self.places, before=True)
        for place, score in behind.items():
            yield round(score, _DIGITS), (self.order.ancestors[place] | 1 << place) & self.inside
        before = self._around(self.order.successors, self.places[::-1], before=False)
        for place, score in before.items():
            yield round(score, _DIGITS), self.inside & ~(self.order.descendants[place] | 1 << place)

    def crossing(self, first: Bits) -> int:
        """How many edges lead over the cut."""
        second = set(members(self.inside & ~first))
        successors = self.order.successors
        return sum(after in second for place in members(first) for after in successors[place])

    def _at_each(self, moments: Times) -> Moments:
        sequence = sorted(self.places, key=moments.__getitem__)
        shares = [0.0] * len(sequence)
        for scenario in self.scenarios:
            _add_shares(shares, scenario, sequence)
        times = [moments[place] for place in sequence]
        return Moments(
            sequence,
            [
                (round(shares[index], _DIGITS), index + 1)
                for index, (time, following) in enumerate(pairwise(times))
                if following > time
            ],
        )

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
        near = neighbours[place]
        reached = ways.get(near[0], 0.0) if near else 0.0
        for other in near[1:]:
            reached = max(reached, ways.get(other, 0.0))
        ways[place] = reached + lengths[place]
    return ways


def _add_shares(shares: list[float], scenario: Scenario, sequence: Sequence[int]) -> None:
    """Adds to share i the score of the cut behind the first i + 1 places of the sequence."""
    whole = scenario.whole
    later = accumulate([scenario.remains[place] for place in reversed(sequence)], max)
    after = [*islice(later, len(sequence) - 1)][::-1]
    before = accumulate([scenario.ends[place] for place in sequence], max)
    for index, (longest, remaining) in enumerate(zip(before, [*after, 0.0], strict=True)):
        shares[index] += remaining / whole
        shares[index] += longest / whole
