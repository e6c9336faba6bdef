"""Elements in a row, of which one follows the other alone: what holds of one beside others holds of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from translator.analyses.bits import Bits, closure, members, set_of, transposed

_SCATTERED: Final = 60
"""Up to which share of a table, one in so many, its entries are cheaper one by one."""


@dataclass(frozen=True)
class Chains:
    """The chains of a part, numbered in the order of their first elements, which is topological."""

    of: Sequence[int]
    """By element the number of its chain."""
    elements: Sequence[Sequence[int]]
    """By chain its elements in order."""
    predecessors: Sequence[tuple[int, ...]]
    """By chain those whose last elements lead to its first one."""

    @cached_property
    def ordered(self) -> Sequence[Bits]:
        """By chain all that are before it or behind it, and itself."""
        successors: list[list[int]] = [[] for _ in self.predecessors]
        for chain, before in enumerate(self.predecessors):
            for each in before:
                successors[each].append(chain)
        above = closure(range(len(successors)), self.predecessors)
        below = closure(range(len(successors) - 1, -1, -1), successors)
        return [one | other | 1 << chain for chain, (one, other) in enumerate(zip(above, below, strict=True))]

    def of_elements(self, rows: Sequence[Bits]) -> list[Bits]:
        """By element, of rows of chains that are symmetrical: the same with the chains' elements."""
        count = len(rows)
        full = [2 * row.bit_count() > count for row in rows]
        everything = (1 << count) - 1
        short = [everything & ~row if is_full else row for row, is_full in zip(rows, full, strict=True)]
        if sum(row.bit_count() for row in short) * _SCATTERED > count * count:
            columns = transposed([rows[chain] for chain in self.of], count)
            return [columns[chain] for chain in self.of]
        every = (1 << len(self.of)) - 1
        found = [self._held(row) for row in short]
        found = [every & ~row if is_full else row for row, is_full in zip(found, full, strict=True)]
        return [found[chain] for chain in self.of]

    def _held(self, row: Bits) -> Bits:
        return set_of([element for chain in members(row) for element in self.elements[chain]]) if row else 0


def chains_of(
    predecessors: Sequence[tuple[int, ...]],
    successors: Sequence[tuple[int, ...]],
    names: Sequence[str | None],
) -> Chains:
    """A chain begins with an edge that is not the only one to leave its source, or with a node that several
    edges enter, or none.
    """
    of: list[int] = []
    elements: list[list[int]] = []
    leading: list[tuple[int, ...]] = []
    for element, before in enumerate(predecessors):
        if len(before) == 1 and (names[element] is not None or len(successors[before[0]]) == 1):
            of.append(of[before[0]])
            elements[of[-1]].append(element)
            continue
        of.append(len(elements))
        elements.append([element])
        leading.append(tuple(of[each] for each in before))
    return Chains(of, elements, leading)
