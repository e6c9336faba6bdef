"""Finds out which chains can happen in one run together: vertex-disjoint ways from a fork lead to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from translator.analyses.bits import Bits, members, set_of, transposed, union
from translator.analyses.chains import Chains
from translator.analyses.dominator_tree import DominatorTree, dominator_tree

Leaving: TypeAlias = str | Callable[[int], bool]


@dataclass(frozen=True)
class Ways:
    """The elements of an acyclic part in topological order, as coexistence sees them."""

    predecessors: Sequence[tuple[int, ...]]
    successors: Sequence[tuple[int, ...]]
    beside: Sequence[Leaving | None]
    """Of an edge: the port that it leaves by; edges of one port are all taken.

    Of an edge out of a loop: tells of another edge out of it whether both can be taken. Of a node: None.
    """


@dataclass(frozen=True)
class Coexistence:
    """Which elements of an acyclic part can happen in one run together."""

    ways: Ways
    chains: Chains

    def holds(self, one: int, other: int) -> bool:
        """Whether two elements can.

        Where nothing excludes anything these are all but those of which one is on every way to the other.
        """
        first, second = self.chains.of[one], self.chains.of[other]
        if not self._excludes_nothing:
            return bool(self._rows[first] >> second & 1)
        return not self._tree.dominates(first, second) and not self._tree.dominates(second, first)

    def beside_any(self, some: Sequence[int]) -> Callable[[int], bool]:
        """Tells of an element whether it can with at least one of these."""
        if self._excludes_nothing:
            return lambda element: any(self.holds(element, one) for one in some)
        row = union(self._rows[self.chains.of[one]] for one in some)
        return lambda element: bool(row >> self.chains.of[element] & 1)

    def concurrent(self, all_joins: frozenset[int]) -> list[Bits]:
        """By chain those that can be under way at the same time: that can happen together, in no order.

        What happens beside one of `all_joins` happens beside each of its edges, or before it.
        """
        ordered = self.chains.ordered
        if self._excludes_nothing and not all_joins:
            everything = (1 << len(ordered)) - 1
            return [everything & ~row for row in ordered]
        rows = _beside(self.ways, self.chains, all_joins) if all_joins else self._rows
        return [row & ~near if row else 0 for row, near in zip(rows, ordered, strict=True)]

    @cached_property
    def _rows(self) -> list[Bits]:
        return _beside(self.ways, self.chains)

    @cached_property
    def _tree(self) -> DominatorTree:
        return dominator_tree(self.chains.predecessors)

    @cached_property
    def _excludes_nothing(self) -> bool:
        if sum(1 for before in self.ways.predecessors if not before) > 1:
            return False
        for after in self.ways.successors:
            ports = {self.ways.beside[edge] for edge in after}
            if len(ports) > 1 or any(callable(port) for port in ports):
                return False
        return True


def _beside(ways: Ways, chains: Chains, all_joins: frozenset[int] = frozenset()) -> list[Bits]:
    """By chain those that can happen in one run together with it."""
    earlier = _earlier(ways, chains.of, all_joins)
    later = transposed(earlier, len(earlier))
    return [one | other for one, other in zip(earlier, later, strict=True)]


def _earlier(ways: Ways, chains: Sequence[int], all_joins: frozenset[int]) -> list[Bits]:
    """By chain those of the chains before it that can happen in one run together with it."""
    found: list[Bits] = []
    above: list[Bits] = []
    for element, before in enumerate(ways.predecessors):
        if chains[element] < len(found):
            continue
        entering = [chains[each] for each in before]
        if all_joins:
            above.append(union(above[chain] | 1 << chain for chain in entering))
        if ways.beside[element] is not None:
            found += _of_siblings(ways, chains, found, before[0])
            above += above[-1:] * (len(ways.successors[before[0]]) - 1)  # none without such joins
        else:
            beside = _beside_any(found, entering)
            found.append(_beside_all(found, above, entering, beside) if element in all_joins else beside)
    return found


def _beside_any(found: Sequence[Bits], chains: Sequence[int]) -> Bits:
    """What happens beside at least one of some chains, of all chains so far."""
    if not chains:
        return 0
    own = set_of(chains)
    since = min(chains) + 1
    later = (place for place in range(since, len(found)) if found[place] & own)
    return union(found[chain] for chain in chains) | set_of(later)


def _beside_all(found: Sequence[Bits], above: Sequence[Bits], chains: Sequence[int], some: Bits) -> Bits:
    """Of what happens beside `some` of the chains: what does so beside each, or comes before it."""
    if not chains:
        return some
    for chain in chains:
        known = (1 << chain + 1) - 1
        some &= found[chain] | above[chain] | 1 << chain | ~known
    own = set_of(chains)
    since = min(chains) + 1
    missing = (place for place in members(some >> since << since) if own & ((1 << place) - 1) & ~found[place])
    return some & ~set_of(missing)


def _of_siblings(ways: Ways, chains: Sequence[int], found: Sequence[Bits], source: int) -> list[Bits]:
    """The same for all chains that begin with the edges of one source, which are numbered one by one."""
    base = _beside_any(found, [chains[source]])
    rows: list[Bits] = []
    taken: dict[str, Bits] = {}
    for edge in ways.successors[source]:
        own = ways.beside[edge]
        number = len(found) + len(rows)
        if isinstance(own, str):
            rows.append(base | taken.get(own, 0))
            taken[own] = taken.get(own, 0) | 1 << number
        elif own is not None:
            others = ways.successors[source][: len(rows)]
            rows.append(base | set_of(len(found) + place for place, other in enumerate(others) if own(other)))
    return rows
