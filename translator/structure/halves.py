"""Cuts a part in two where about half of its steps lie behind it, however it is connected."""

from __future__ import annotations

from translator.analyses.bits import Bits, members
from translator.analyses.elements import Elements


def halves(elements: Elements, inside: Bits) -> tuple[Bits, Bits]:
    """A first side, closed downwards, and the rest, of a convex set with one node behind another.

    An edge whose target is not on the first side belongs to the rest.
    """
    levels = _levels(elements, inside)
    steps = sorted({level for element, level in levels.items() if elements.names[element] is not None})
    last = steps[(len(steps) - 1) // 2]
    first = 0
    for element, level in levels.items():
        if elements.names[element] is not None and level <= last:
            first |= 1 << element
            for edge in elements.predecessors[element]:
                first |= 1 << edge & inside
    return first, inside & ~first


def _levels(elements: Elements, inside: Bits) -> dict[int, int]:
    """By element how many of the set come before it on the longest way."""
    levels: dict[int, int] = {}
    for element in members(inside):
        before = [levels[each] for each in elements.predecessors[element] if each in levels]
        levels[element] = max(before, default=-1) + 1
    return levels
