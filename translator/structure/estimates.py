"""How long the nodes of a part may take: the lengths under which a cut is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType
from typing import Final, TypeAlias

from translator.structure.partial_order import PartialOrder, positions

Lengths: TypeAlias = Sequence[float]
"""By place of an order, how long it takes; never 0, so that every node counts."""

SHORTEST: Final = 0.001
"""Seconds; what takes no time still stands in the way."""
_NONE: Final[Mapping[str, float]] = MappingProxyType({})
Contents: TypeAlias = Sequence[Sequence[str]]
"""By place of an order, the nodes that it holds: one, or those of a whole loop."""


@dataclass(frozen=True)
class Estimates:
    """Seconds that nodes take as a rule, by id; the others count as the middle one of these.

    Estimates are not the truth, and a plan that fits their noise is worse than none. Unless they are `exact`
    half of the judgement falls under the assumption that nodes in the same position (equally far from
    both ends, with as many edges) take equally long, namely as long as the longest of them.
    """

    seconds: Mapping[str, float] = field(default_factory=lambda: _NONE)
    exact: bool = False

    def scenarios(self, order: PartialOrder, contents: Contents) -> tuple[Lengths, ...]:
        """The lengths that count, each as much as the others; all 1 where nothing was estimated."""
        known = [self.seconds[name] for names in contents for name in names if name in self.seconds]
        if not known:
            return ([1.0] * len(contents),)
        usual = median(known)
        lengths = [max(SHORTEST, sum(self.seconds.get(name, usual) for name in names)) for names in contents]
        return (lengths,) if self.exact else (lengths, _alike(order, lengths))


EQUAL: Final = Estimates()
"""Every node takes as long as every other."""


def _alike(order: PartialOrder, lengths: Lengths) -> Lengths:
    longest: dict[tuple[int, int, int, int], float] = {}
    where = list(positions(order))
    for position, length in zip(where, lengths, strict=True):
        longest[position] = max(longest.get(position, length), length)
    return [longest[position] for position in where]


def longest_of(lengths: Lengths, groups: Sequence[Sequence[int]]) -> Lengths:
    """The lengths of groups of places that run side by side."""
    return [max(lengths[place] for place in group) for group in groups]
