"""Splits a convex set of elements into what runs one at a time and what runs side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Final, TypeAlias

from translator.analyses.bits import set_of
from translator.analyses.components import strongly_connected
from translator.analyses.elements import Bits, Elements, members
from translator.analyses.loops import Loop, LoopTree
from translator.diagnostics import InternalError
from translator.regions import Barrier, Block, Concurrent, Item, Regions, Single
from translator.structure.cut import Cuts
from translator.structure.estimates import EQUAL, Estimates
from translator.structure.halves import halves

DEEPEST: Final = 40
"""How many levels of what runs side by side may be nested; beyond them a barrier begins anew."""
_DEEPEST_PART: Final = 100
"""The same of parts, most of which need no scope of their own."""


Group: TypeAlias = Sequence[int]
"""Some elements, ascending."""


def structure(tree: LoopTree, estimates: Estimates = EQUAL) -> Regions:
    """The scope tree of a graph whose loops make sense. Equal trees give equal ones."""
    if tree.root is None:
        raise InternalError("a graph with a refused loop was to be structured")
    return _regions(tree.root, tree.outermost, None, estimates)


def _regions(elements: Elements, inner: tuple[Loop, ...], loop: Loop | None, estimates: Estimates) -> Regions:
    loops = {
        elements.nodes[each.header]: _regions(each.elements, each.inner, each, estimates) for each in inner
    }
    return Regions(
        elements, _block(Cuts(elements, estimates), tuple(members(elements.everything))), loops, loop
    )


class _TooDeepError(Exception):
    """What runs side by side is nested deeper than a machine should be."""


def _block(cuts: Cuts, inside: Group, depth: int = 0, parts: int = 0) -> Block:
    """What is concurrent with nothing stands alone; the rest falls into bubbles.

    A bubble is a component under adjacency and concurrency; bubbles that lie on a cycle of the
    quotient graph are merged, so that each stays convex.
    """
    elements, whole = cuts.elements, set_of(inside)
    groups: list[Group] = []
    beside: list[int] = []
    for element in inside:
        if elements.concurrent[element] & whole:
            beside.append(element)
        else:
            groups.append((element,))
    groups += _components(elements, beside, with_concurrency=True)
    groups = _merged_cycles(elements, groups)
    return Block(whole, tuple(_item(cuts, group, depth, parts) for group in groups))


def _item(cuts: Cuts, group: Group, depth: int, around: int) -> Item:
    if len(group) == 1:
        return Single(group[0])
    parts = _components(cuts.elements, group, with_concurrency=False)
    if len(parts) == 1:
        return _barrier(cuts, cuts.cut(set_of(group)), depth, around)
    if around:
        return _concurrent(cuts, group, parts, depth, around)
    try:
        return _concurrent(cuts, group, parts, depth, around)
    except _TooDeepError:
        return _barrier(cuts, halves(cuts.elements, set_of(group)))


def _barrier(cuts: Cuts, sides: tuple[Bits, Bits], depth: int = 0, around: int = 0) -> Barrier:
    first, second = (_block(cuts, tuple(members(side)), depth, around) for side in sides)
    return Barrier(first.bits | second.bits, first, second)


def _concurrent(cuts: Cuts, group: Group, parts: list[Group], depth: int, around: int) -> Item:
    """Each part with a node is a branch; raises _TooDeepError where that nests too deep."""
    names = cuts.elements.names
    with_node: list[Group] = []
    loose: list[int] = []
    for part in parts:
        if any(names[element] is not None for element in part):
            with_node.append(part)
        else:
            loose += part
    inner = depth + (len(with_node) > 1)
    if inner > DEEPEST or around == _DEEPEST_PART:
        raise _TooDeepError
    branches = tuple(_block(cuts, part, inner, around + 1) for part in with_node)
    return Concurrent(set_of(group), branches, set_of(loose))


def _components(elements: Elements, inside: Group, *, with_concurrency: bool) -> list[Group]:
    """Connected components, in the order of their first elements."""
    components: list[Group] = []
    unseen, apart = set(inside), set_of(inside) if with_concurrency else 0
    for first in inside:
        if first not in unseen:
            continue
        unseen.discard(first)
        component = [first]
        for element in component:
            near = [*elements.successors[element], *elements.predecessors[element]]
            beside = elements.concurrent[element] & apart if with_concurrency else 0
            if beside:
                apart ^= beside
                near += members(beside)
            for other in near:
                if other in unseen:
                    unseen.discard(other)
                    component.append(other)
        components.append(sorted(component))
    return components


def _merged_cycles(elements: Elements, groups: list[Group]) -> list[Group]:
    """Merges groups that reach one another; in topological order, ties by their first elements."""
    if len(groups) == 1:
        return groups
    following = _following(elements, groups)
    components = strongly_connected(following)
    if len(components) < len(groups):
        groups = [sorted(chain.from_iterable(groups[one] for one in component)) for component in components]
        following = _following(elements, groups)
    return _in_order(groups, following)


def _following(elements: Elements, groups: Sequence[Group]) -> dict[int, set[int]]:
    """By place of a group the places of those that an edge leads to."""
    group_of = {element: index for index, group in enumerate(groups) for element in group}
    following: dict[int, set[int]] = {}
    for index, group in enumerate(groups):
        after = {group_of.get(other, index) for element in group for other in elements.successors[element]}
        after.discard(index)
        following[index] = after
    return following


def _in_order(groups: Sequence[Group], following: Mapping[int, Iterable[int]]) -> list[Group]:
    first = [group[0] for group in groups]
    waiting = [0] * len(groups)
    for targets in following.values():
        for target in targets:
            waiting[target] += 1
    ready = [(first[index], index) for index in range(len(groups)) if not waiting[index]]
    heapify(ready)
    order: list[Group] = []
    while ready:
        _, index = heappop(ready)
        order.append(groups[index])
        for target in following[index]:
            waiting[target] -= 1
            if not waiting[target]:
                heappush(ready, (first[target], target))
    return order
