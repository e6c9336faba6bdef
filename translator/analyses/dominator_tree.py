"""What every way to a place of an acyclic graph passes, in space that grows with the places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class DominatorTree:
    """By place the nearest other one that every way to it passes; a root is above itself.

    `jump` is a place further up, so chosen that from each place every one above it is a logarithm of jumps
    away (Myers: An Applicative Random-Access Stack, 1983).
    """

    above: Sequence[int]
    jump: Sequence[int]
    depth: Sequence[int]

    def dominates(self, first: int, second: int) -> bool:
        """Whether every way to `second` passes `first`; a place dominates itself."""
        return self.depth[first] <= self.depth[second] and self._up_to(second, self.depth[first]) == first

    def nearest(self, one: int, other: int) -> int:
        """The nearest place that dominates both, which have a root in common."""
        depth = min(self.depth[one], self.depth[other])
        one, other = self._up_to(one, depth), self._up_to(other, depth)
        while one != other:
            ways = self.jump if self.jump[one] != self.jump[other] else self.above
            one, other = ways[one], ways[other]
        return one

    def _up_to(self, place: int, depth: int) -> int:
        while self.depth[place] > depth:
            far = self.jump[place]
            place = far if self.depth[far] >= depth else self.above[place]
        return place


def dominator_tree(predecessors: Sequence[Sequence[int]]) -> DominatorTree:
    """Of places that are numbered in topological order and that one root leads to."""
    above: list[int] = []
    jump: list[int] = []
    depth: list[int] = []
    tree = DominatorTree(above, jump, depth)
    for place, before in enumerate(predecessors):
        if not before:
            above.append(place)
            jump.append(place)
            depth.append(0)
            continue
        nearest = before[-1]
        for each in reversed(before[:-1]):
            nearest = tree.nearest(nearest, each)
        far = jump[nearest]
        is_even = depth[nearest] - depth[far] == depth[far] - depth[jump[far]]
        above.append(nearest)
        jump.append(jump[far] if is_even else nearest)
        depth.append(depth[nearest] + 1)
    return tree
