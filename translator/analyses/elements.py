"""The acyclic part that is structured: its nodes and its edges, both as elements in topological order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from translator.analyses.order import topological_order
from translator.graph import ENTRY, FlowEdge, FlowGraph

Bits = int
"""A set of elements: bit i stands for element i."""


def members(bits: Bits) -> Iterator[int]:
    """The elements of a set, ascending."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


@dataclass(frozen=True)
class Elements:
    """Elements by index: a node's id, or an edge; ENTRY is element 0.

    `coexisting[i]` are the elements that can happen in one run together with i, `concurrent[i]` those
    of them that are not ordered with i: the two can be under way at the same time.
    """

    nodes: Mapping[str, int]
    edges: Mapping[int, int]
    """From FlowEdge.index to element."""
    names: Sequence[str | None]
    """The node's id, or None for an edge."""
    flow_edges: Sequence[FlowEdge | None]
    successors: Sequence[tuple[int, ...]]
    predecessors: Sequence[tuple[int, ...]]
    ancestors: Sequence[Bits]
    descendants: Sequence[Bits]
    coexisting: Sequence[Bits]
    concurrent: Sequence[Bits]

    @property
    def everything(self) -> Bits:
        """All elements but ENTRY."""
        return (1 << len(self.names)) - 2


def build_elements(graph: FlowGraph) -> Elements:
    """Elements of an acyclic graph, with what can happen beside what.

    Two edges coexist if they leave one port, or if vertex-disjoint ways from a fork lead to them.
    """
    names, flow_edges = _numbered(graph)
    nodes = {name: index for index, name in enumerate(names) if name is not None}
    edges = {edge.index: index for index, edge in enumerate(flow_edges) if edge is not None}
    successors: list[tuple[int, ...]] = []
    predecessors: list[tuple[int, ...]] = []
    for name, edge in zip(names, flow_edges, strict=True):
        if edge is not None:
            successors.append((nodes[edge.target],))
            predecessors.append((nodes[edge.source],))
        elif name is not None:
            successors.append(tuple(edges[out.index] for out in graph.outgoing[name]))
            predecessors.append(tuple(edges[into.index] for into in graph.incoming[name]))
    ancestors = _closure(range(len(names)), predecessors)
    descendants = _closure(range(len(names) - 1, -1, -1), successors)
    coexisting = _coexisting(flow_edges, predecessors, successors, ancestors, _all_joins(graph, nodes))
    concurrent = [
        beside & ~before & ~after
        for beside, before, after in zip(coexisting, ancestors, descendants, strict=True)
    ]
    return Elements(
        nodes=nodes,
        edges=edges,
        names=names,
        flow_edges=flow_edges,
        successors=successors,
        predecessors=predecessors,
        ancestors=ancestors,
        descendants=descendants,
        coexisting=coexisting,
        concurrent=concurrent,
    )


def _numbered(graph: FlowGraph) -> tuple[list[str | None], list[FlowEdge | None]]:
    names: list[str | None] = []
    flow_edges: list[FlowEdge | None] = []
    for node in topological_order(graph):
        names.append(node)
        flow_edges.append(None)
        for edge in graph.outgoing[node]:
            names.append(None)
            flow_edges.append(edge)
    if names[0] != ENTRY:
        raise AssertionError("ENTRY comes first")
    return names, flow_edges


def _closure(order: Sequence[int] | range, neighbours: Sequence[tuple[int, ...]]) -> list[Bits]:
    closure = [0] * len(neighbours)
    for element in order:
        bits = 0
        for neighbour in neighbours[element]:
            bits |= closure[neighbour] | (1 << neighbour)
        closure[element] = bits
    return closure


def _coexisting(
    flow_edges: Sequence[FlowEdge | None],
    predecessors: Sequence[tuple[int, ...]],
    successors: Sequence[tuple[int, ...]],
    ancestors: Sequence[Bits],
    all_joins: frozenset[int],
) -> list[Bits]:
    """Rows are byte arrays while they grow, because the symmetric half is set bit by bit.

    What happens beside a `join: all` happens beside each of its edges, or before it.
    """
    count = len(flow_edges)
    rows = [bytearray((count + 7) // 8) for _ in range(count)]
    for element in range(1, count):
        earlier = 0
        for before in predecessors[element]:
            earlier |= int.from_bytes(rows[before], "little")
        if element in all_joins:
            for before in predecessors[element]:
                earlier &= int.from_bytes(rows[before], "little") | ancestors[before] | 1 << before
        edge = flow_edges[element]
        if edge is not None:
            earlier |= _earlier_of_same_port(element, edge, flow_edges, successors[predecessors[element][0]])
        earlier &= (1 << element) - 1
        rows[element][:] = earlier.to_bytes(len(rows[element]), "little")
        for other in members(earlier):
            rows[other][element >> 3] |= 1 << (element & 7)
    return [int.from_bytes(row, "little") for row in rows]


def _all_joins(graph: FlowGraph, nodes: Mapping[str, int]) -> frozenset[int]:
    """The nodes that need all their edges; one that a trigger enters also runs without them."""
    return frozenset(
        nodes[name]
        for name, node in graph.nodes.items()
        if node.join == "all" and all(edge.source != ENTRY for edge in graph.incoming[name])
    )


def _earlier_of_same_port(
    element: int, edge: FlowEdge, flow_edges: Sequence[FlowEdge | None], siblings: tuple[int, ...]
) -> Bits:
    bits = 0
    for sibling in siblings:
        other = flow_edges[sibling]
        if sibling < element and other is not None and other.port == edge.port:
            bits |= 1 << sibling
    return bits
