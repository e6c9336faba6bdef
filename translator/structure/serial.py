"""Puts what only makes data before the one branch that takes time, so that it needs no fork."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from translator.analyses.bits import Bits, members, union
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import sources
from translator.graph import FlowGraph
from translator.node_type import Passing
from translator.regions import Barrier, Block, Concurrent, Item, Regions, Single

MOST: Final = 8
"""How many branches a fork may have that is undone; each is nested in the one before."""


def without_needless_forks(regions: Regions, graph: FlowGraph) -> Regions:
    """The regions without what runs side by side where at most one of the branches takes time.

    What makes data and cannot fail takes none and touches nothing, so that nobody waits for it: it
    stands before a barrier, the other branch behind it.
    """
    loops = {key: without_needless_forks(inner, graph) for key, inner in regions.loops.items()}
    return replace(regions, root=_Serial(regions, graph).block(regions.root), loops=loops)


@dataclass(frozen=True)
class _Serial:
    """One part of a graph."""

    regions: Regions
    graph: FlowGraph

    def block(self, block: Block) -> Block:
        """The block with every such fork undone."""
        return Block(block.bits, tuple(self._item(item) for item in block.items))

    def _item(self, item: Item) -> Item:
        if isinstance(item, Barrier):
            return replace(item, first=self.block(item.first), second=self.block(item.second))
        if not isinstance(item, Concurrent):
            return item
        inner = replace(item, branches=tuple(self.block(branch) for branch in item.branches))
        instant = [branch for branch in inner.branches if self._is_instant(branch)]
        if len(inner.branches) < 2 or len(inner.branches) > MOST or self._is_raced(item.bits):
            return inner
        if len(instant) < len(inner.branches) - 1:
            return inner
        before = instant[: len(inner.branches) - 1]
        (last,) = (branch for branch in inner.branches if branch not in before)
        return self._in_sequence(inner, before, last)

    def _in_sequence(self, item: Concurrent, before: list[Block], last: Block) -> Item:
        """The last branch keeps what leaves the others, as a barrier's second side does."""
        firsts = [self._first_side(branch.bits) for branch in before]
        rest = item.bits & ~union(first.bits for first in firsts)
        loose = rest & ~last.bits
        behind = Block(rest, (Concurrent(rest, (last,), loose),)) if loose else last
        for first in reversed(firsts[1:]):
            whole = first.bits | behind.bits
            behind = Block(whole, (Barrier(whole, first, behind, waits=False),))
        return Barrier(item.bits, firsts[0], behind, waits=False)

    def _first_side(self, branch: Bits) -> Block:
        node = self._node(branch)
        before = [element for element in self.regions.elements.predecessors[node] if branch >> element & 1]
        places = [*before, node]
        return Block(union(1 << place for place in places), tuple(Single(place) for place in places))

    def _node(self, branch: Bits) -> int:
        names = self.regions.elements.names
        return next(element for element in members(branch) if names[element] is not None)

    def _is_raced(self, bits: Bits) -> bool:
        """Whether a `join: first` asks which of the branches ends first."""
        return any(race.whole & bits for race in self.regions.races.values())

    def _is_instant(self, branch: Block) -> bool:
        """Whether a branch is one node that only makes data, which never fails, with plain edges."""
        elements = self.regions.elements
        edges = [edge for element in members(branch.bits) if (edge := elements.flow_edges[element])]
        nodes = [element for element in members(branch.bits) if elements.names[element] is not None]
        if len(nodes) != 1 or nodes[0] in self.regions.loops:
            return False
        if any(edge.when is not None or edge.is_error for edge in edges):
            return False
        name = elements.names[nodes[0]]
        if sum(edge.target == name for edge in edges) > 1:
            return False
        lowering = self.graph.nodes[name or ""].lowering
        return (
            isinstance(lowering, Passing)
            and not lowering.assign
            and not any(map(source_may_fail, sources(lowering.output)))
        )
