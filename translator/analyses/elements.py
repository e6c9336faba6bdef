"""The acyclic part that is structured: its nodes and its edges, both as elements in topological order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from translator.analyses.bits import Bits, closure, members
from translator.analyses.chains import Chains, chains_of
from translator.analyses.coexistence import Coexistence, Leaving, Ways
from translator.analyses.part import Part, numbered
from translator.graph import ENTRY, FlowEdge, FlowGraph
from translator.node_type import Ending

__all__ = ["Bits", "Elements", "InnerLoop", "build_elements", "members"]

Loops: TypeAlias = "Sequence[InnerLoop]"


@dataclass(frozen=True)
class Elements:
    """Elements by index, in topological order: a node, a whole inner loop, or an edge.

    `coexistence` tells which elements can happen in one run together, as docs/semantics.md counts.
    `concurrent[i]` are those that can be under way at the same time: not ordered with i, and a `join: all`
    only beside what is beside each of its edges. Of a loop's iteration
    the back edges and the edges that leave it are elements that nothing follows.
    """

    nodes: Mapping[str, int]
    """By node the element that holds it: itself, or the inner loop around it."""
    edges: Mapping[int, int]
    """From FlowEdge.index to element."""
    names: Sequence[str | None]
    """The node's id, of a loop its header's, None for an edge."""
    flow_edges: Sequence[FlowEdge | None]
    successors: Sequence[tuple[int, ...]]
    predecessors: Sequence[tuple[int, ...]]
    coexistence: Coexistence
    concurrent: Sequence[Bits]
    contents: Sequence[tuple[str, ...]]
    """The nodes that an element holds; none of an edge."""
    everything: Bits
    """All elements but ENTRY."""
    firsts: Bits
    """The nodes with `join: first` that several edges lead to."""

    @cached_property
    def ancestors(self) -> Sequence[Bits]:
        """By element all before it. What asks for this of a large part pays with its square."""
        return closure(range(len(self.names)), self.predecessors)

    @cached_property
    def descendants(self) -> Sequence[Bits]:
        """By element all behind it; as dear."""
        return closure(range(len(self.names) - 1, -1, -1), self.successors)

    def coexist(self, one: FlowEdge, other: FlowEdge) -> bool:
        """Whether both edges can be taken in one run; not where one of them is none of this part."""
        if one.index not in self.edges or other.index not in self.edges:
            return False
        return self.coexistence.holds(self.edges[one.index], self.edges[other.index])

    def target(self, edge: FlowEdge) -> int | None:
        """The element that an edge leads to, None if it leads out of this part or back to its start."""
        following = self.successors[self.edges[edge.index]] if edge.index in self.edges else ()
        if following:
            return following[0]
        return self.nodes.get(edge.target) if edge.index not in self.edges else None


@dataclass(frozen=True)
class InnerLoop:
    """A loop as the part around it sees it: one element with edges that leave it."""

    header: str
    nodes: frozenset[str]
    elements: Elements
    """The elements of one iteration."""


def build_elements(
    graph: FlowGraph, inside: frozenset[str] | None = None, header: str = ENTRY, loops: Loops = ()
) -> Elements | None:
    """Elements of the nodes `inside` (None: the whole graph), which start at `header`; None if cyclic.

    Two edges coexist if they leave one port, or if vertex-disjoint ways from a fork lead to them.
    """
    part = Part(graph, frozenset(graph.nodes) | {ENTRY} if inside is None else inside, header, loops)
    order = part.topological_order()
    if order is None:
        return None
    names, flow_edges = numbered(part, order)
    nodes = {node: index for index, name in enumerate(names) if name for node in part.held_by(name)}
    edges = {edge.index: index for index, edge in enumerate(flow_edges) if edge is not None}
    successors: list[tuple[int, ...]] = []
    predecessors: list[list[int]] = [[] for _ in names]
    for index, (name, edge) in enumerate(zip(names, flow_edges, strict=True)):
        if edge is not None:
            following: tuple[int, ...] = (nodes[edge.target],) if part.is_inside(edge) else ()
        else:
            following = tuple(edges[out.index] for out in part.leaving[name or ""])
        successors.append(following)
        for after in following:
            predecessors[after].append(index)
    before = [tuple(found) for found in predecessors]
    inner = {nodes[loop.header]: loop for loop in loops}
    chains = chains_of(before, successors, names)
    coexistence = Coexistence(_ways(flow_edges, before, successors, inner), chains)
    concurrent = coexistence.concurrent(_all_joins(graph, nodes, names))
    _leave_out_last_words(graph, names, before, chains, concurrent)
    return Elements(
        nodes=nodes,
        edges=edges,
        names=names,
        flow_edges=flow_edges,
        successors=successors,
        predecessors=before,
        coexistence=coexistence,
        concurrent=chains.of_elements(concurrent),
        contents=[part.held_by(name) if name else () for name in names],
        everything=((1 << len(names)) - 1) & ~int(header == ENTRY),
        firsts=_first_joins(graph, names, before),
    )


def _first_joins(
    graph: FlowGraph, names: Sequence[str | None], predecessors: Sequence[tuple[int, ...]]
) -> Bits:
    found = 0
    for element, name in enumerate(names):
        node = graph.nodes.get(name or "")
        if node is not None and node.join == "first" and len(predecessors[element]) > 1:
            found |= 1 << element
    return found


def _is_alone_at_its_port(graph: FlowGraph, node: str) -> bool:
    (edge,) = graph.incoming[node]
    return sum(other.port == edge.port for other in graph.outgoing[edge.source]) == 1


def _leave_out_last_words(
    graph: FlowGraph,
    names: Sequence[str | None],
    predecessors: Sequence[tuple[int, ...]],
    chains: Chains,
    concurrent: list[Bits],
) -> None:
    """What ends the run is beside nothing that its source is not beside: nothing comes after it.

    `concurrent` is by chain, and changed.
    """
    for element, name in enumerate(names):
        node = graph.nodes.get(name or "")
        ways = predecessors[element]
        if node is None or not isinstance(node.lowering, Ending) or len(ways) != 1:
            continue
        if not _is_alone_at_its_port(graph, node.id):
            continue
        last = chains.of[element]
        beside = concurrent[chains.of[predecessors[ways[0]][0]]]
        for other in members(concurrent[last] & ~beside):
            concurrent[other] &= ~(1 << last)
        concurrent[last] &= beside


def _all_joins(graph: FlowGraph, nodes: Mapping[str, int], names: Sequence[str | None]) -> frozenset[int]:
    """The nodes that need all their edges; one that a trigger enters also runs without them."""
    found = (graph.nodes[name] for name in names if name is not None and name != ENTRY)
    return frozenset(
        nodes[node.id]
        for node in found
        if node.join == "all" and all(edge.source != ENTRY for edge in graph.incoming[node.id])
    )


def _ways(
    flow_edges: Sequence[FlowEdge | None],
    predecessors: Sequence[tuple[int, ...]],
    successors: Sequence[tuple[int, ...]],
    loops: Mapping[int, InnerLoop],
) -> Ways:
    beside: list[Leaving | None] = []
    for element, edge in enumerate(flow_edges):
        if edge is None:
            beside.append(None)
            continue
        loop = loops.get(predecessors[element][0])
        beside.append(edge.port if loop is None else _out_of(loop, edge, flow_edges))
    return Ways(predecessors, successors, beside)


def _out_of(loop: InnerLoop, edge: FlowEdge, flow_edges: Sequence[FlowEdge | None]) -> Leaving:
    def both(element: int) -> bool:
        other = flow_edges[element]
        return other is not None and loop.elements.coexist(edge, other)

    return both
