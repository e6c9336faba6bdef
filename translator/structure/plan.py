"""Plans the cuts of an order that is not series-parallel, so that nesting lengthens it least."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from operator import itemgetter
from typing import Final, TypeAlias

from translator.analyses.bits import Bits, members, union
from translator.structure.candidate import Candidates, candidates
from translator.structure.estimates import Lengths
from translator.structure.partial_order import PartialOrder

WIDTH: Final = 8
"""How many cuts in time, and how many around a place, are tried out to their ends."""
LARGE: Final = 300
"""Of so many places on a part is first cut where it looks best at first sight, not too far out."""
_EDGE: Final = 0.1
"""The share of the places on each side in which such a cut is not looked for."""
_DIGITS: Final = 9
"""Decimals of an outcome that count; the rest is rounding."""
_ROUNDING: Final = 2e-9
"""By how much less than its least a cut may score, both being rounded."""

Outcome: TypeAlias = tuple[float, ...]
"""By scenario, how long a part takes once it is nested."""


@dataclass
class Planner:
    """Decides where parts of one order are cut; what it has tried out once it remembers."""

    order: PartialOrder
    lengths: Sequence[Lengths]
    width: int = WIDTH
    _outcomes: dict[Bits, Outcome] = field(default_factory=dict)

    def cut(self, inside: Bits) -> Bits:
        """The first side of the best cut found for a connected convex set of two places or more.

        Exact where one part of it precedes the rest.
        """
        parts = self.order.series(inside)
        return union(parts[: len(parts) // 2]) if len(parts) > 1 else self.inner_cut(inside)

    def inner_cut(self, inside: Bits) -> Bits:
        """The same where no part of the set precedes the rest.

        Each promising cut is tried out with greedy cuts inside both sides, and the shortest outcome wins; of
        equal ones that with fewer edges over the cut, then that with fewer pairs of places which only the
        cut puts in order.
        """
        found = candidates(self.order, inside, self.lengths)
        if len(found.places) > LARGE:
            return _inner_cut(found)
        promising = sorted(self._promising(found).items(), key=lambda each: (each[1], each[0]))
        best: tuple[float, int, int, Bits] | None = None
        for first, least in promising:
            if best is not None and least > best[0] + _ROUNDING:
                break
            score = self._score(found, first)
            if best is None or score <= best[0]:
                rank = score, found.crossing(first), self._added(first, inside & ~first), first
                best = rank if best is None else min(best, rank)
        assert best is not None
        return best[3]

    def _promising(self, found: Candidates) -> Mapping[Bits, float]:
        """Cuts by their first sides, with what each will score at least."""
        in_time = (cut for moments in found.in_time() for cut in moments.best(self.width))
        return _best(found.around_places(), self.width) | _best(in_time, self.width)

    def _score(self, found: Candidates, first: Bits) -> float:
        second = found.inside & ~first
        sides = zip(self.outcome(first), self.outcome(second), found.scenarios, strict=True)
        return round(sum((before + after) / scenario.whole for before, after, scenario in sides), _DIGITS)

    def _added(self, first: Bits, second: Bits) -> int:
        pairs = sum((self.order.descendants[place] & second).bit_count() for place in members(first))
        return first.bit_count() * second.bit_count() - pairs

    def outcome(self, inside: Bits) -> Outcome:
        """How long a convex set takes if every cut in it is the best at first sight."""
        opened: list[tuple[Bits, list[Bits], bool]] = []
        pending = [inside]
        while pending:
            part = pending.pop()
            if part not in self._outcomes:
                inner, beside = self._split(part)
                opened.append((part, inner, beside))
                pending += inner
        for part, inner, beside in reversed(opened):
            self._outcomes[part] = self._combined(part, inner, beside=beside)
        return self._outcomes[inside]

    def _split(self, inside: Bits) -> tuple[list[Bits], bool]:
        """What a set falls into, and whether that runs side by side."""
        if inside & (inside - 1) == 0:
            return [], False
        parts = self.order.parts(inside)
        if len(parts) > 1:
            return parts, True
        parts = self.order.series(inside)
        if len(parts) > 1:
            return parts, False
        found = candidates(self.order, inside, self.lengths)
        _, first = min(cut for moments in found.in_time() for cut in moments.best(1))
        return [first, inside & ~first], False

    def _combined(self, part: Bits, inner: Sequence[Bits], *, beside: bool) -> Outcome:
        if not inner:
            return tuple(lengths[part.bit_length() - 1] for lengths in self.lengths)
        outcomes = zip(*(self._outcomes[one] for one in inner), strict=True)
        return tuple(max(times) if beside else sum(times) for times in outcomes)


def _inner_cut(found: Candidates) -> Bits:
    """The cut in time with the best score; of equal ones near the middle that with fewer edges over it."""
    size = len(found.places)
    scored = [
        (score, abs(2 * count - size), count, each) for each in found.in_time() for score, count in each.cuts
    ]
    inner = [one for one in scored if size * _EDGE <= one[2] <= size * (1 - _EDGE)]
    best = nsmallest(WIDTH, inner or scored, key=itemgetter(0, 1))
    sides = ((score, moments.first(count)) for score, _, count, moments in best)
    return min((score, found.crossing(first), first) for score, first in sides)[2]


def _best(scored: Iterable[tuple[float, Bits]], count: int) -> dict[Bits, float]:
    """The cuts with the lowest scores, each once."""
    scores: dict[Bits, float] = {}
    for score, first in scored:
        scores[first] = min(score, scores.get(first, score))
    best = nsmallest(count, scores, key=lambda first: (scores[first], first))
    return {first: scores[first] for first in best}
