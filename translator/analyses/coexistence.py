"""Finds out which elements can happen in one run together: vertex-disjoint ways from a fork lead to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TypeAlias

from translator.analyses.bits import Bits, members, set_of, transposed, union

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


def coexistence(ways: Ways, all_joins: frozenset[int] = frozenset()) -> list[Bits]:
    """By element those that can happen in one run together with it.

    Where nothing excludes anything these are all but those that every way to it passes, and those that
    every way to passes it. What happens beside one of `all_joins` happens beside each of its edges, or
    before it.
    """
    if not all_joins and _excludes_nothing(ways):
        return _all_but_dominated(ways)
    chains = _chains(ways)
    earlier = _earlier(ways, chains, all_joins)
    later = transposed(earlier, len(earlier))
    beside = [one | other for one, other in zip(earlier, later, strict=True)]
    rows = transposed([beside[chain] for chain in chains], len(beside))
    return [rows[chain] for chain in chains]


def _excludes_nothing(ways: Ways) -> bool:
    if sum(1 for before in ways.predecessors if not before) > 1:
        return False
    for after in ways.successors:
        ports = {ways.beside[edge] for edge in after}
        if len(ports) > 1 or any(callable(port) for port in ports):
            return False
    return True


def _all_but_dominated(ways: Ways) -> list[Bits]:
    above: list[Bits] = []
    for before in ways.predecessors:
        above.append(reduce(and_, (above[each] | 1 << each for each in before)) if before else 0)
    below = [0] * len(above)
    for element in range(len(above) - 1, 0, -1):
        nearest = above[element].bit_length() - 1
        below[nearest] |= below[element] | 1 << element
    everything = (1 << len(above)) - 1
    return [
        everything & ~(before | after | 1 << element)
        for element, (before, after) in enumerate(zip(above, below, strict=True))
    ]


def _chains(ways: Ways) -> list[int]:
    """By element the number of its chain, whose elements all happen beside the same.

    A chain begins with an edge that is not the only one to leave its source, or with a node that several
    edges enter, or none. Chains are numbered in the order of their first elements.
    """
    chains: list[int] = []
    count = 0
    for element, before in enumerate(ways.predecessors):
        alone = len(before) == 1 and (ways.beside[element] is None or len(ways.successors[before[0]]) == 1)
        chains.append(chains[before[0]] if alone else count)
        count += not alone
    return chains


def _earlier(ways: Ways, chains: Sequence[int], all_joins: frozenset[int]) -> list[Bits]:
    """By chain those of the chains before it that can happen in one run together with it."""
    found: list[Bits] = []
    above: list[Bits] = []
    for element, before in enumerate(ways.predecessors):
        if chains[element] < len(found):
            continue
        entering = [chains[each] for each in before]
        above.append(union(above[chain] | 1 << chain for chain in entering))
        if ways.beside[element] is not None:
            found += _of_siblings(ways, chains, found, before[0])
            above += above[-1:] * (len(ways.successors[before[0]]) - 1)
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
