"""Finds the loops of a graph: the part that each back edge repeats, with the side branches that belong to it.

The rules are those of docs/semantics.md, "Back edges"; what they refuse is told with the nodes of both ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from translator.analyses.dominators import dominance
from translator.analyses.elements import Elements, InnerLoop, build_elements, members
from translator.analyses.order import find_cycle
from translator.graph import ENTRY, FlowEdge, FlowGraph


@dataclass(frozen=True)
class Loop(InnerLoop):
    """One loop: the elements of an iteration, the edges that repeat it, and the largest loops inside it."""

    back: tuple[FlowEdge, ...]
    inner: tuple[Loop, ...]


@dataclass(frozen=True)
class Irreducible:
    """A circle of edges that can be entered at more than one of its nodes."""

    cycle: tuple[str, ...]


@dataclass(frozen=True)
class SharedExit:
    """A side branch of a loop that something outside the loop leads to as well."""

    header: str
    exit: FlowEdge
    other: FlowEdge


@dataclass(frozen=True)
class Entangled:
    """Two loops of which each would hold the other."""

    header: str


@dataclass(frozen=True)
class LoopTree:
    """All loops of a graph, and its outermost part with each outermost loop as one element.

    Where `refused` is not None there is no `root`.
    """

    outermost: tuple[Loop, ...] = ()
    root: Elements | None = None
    refused: Irreducible | SharedExit | Entangled | None = None

    @cached_property
    def back(self) -> frozenset[int]:
        """The back edges by index."""
        return frozenset(edge.index for loop in self.all_loops() for edge in loop.back)

    def all_loops(self) -> tuple[Loop, ...]:
        """Every loop, outer ones first."""
        found: list[Loop] = []
        pending = list(reversed(self.outermost))
        while pending:
            loop = pending.pop()
            found.append(loop)
            pending += reversed(loop.inner)
        return tuple(found)


def find_loops(graph: FlowGraph) -> LoopTree:
    """The loops of a graph, or why it has none that make sense."""
    if not find_cycle(_successors(graph, ())):
        return LoopTree((), build_elements(graph))
    known = dominance(graph)
    back = [edge for edge in graph.edges if known.dominates(edge.target, edge.source)]
    cycle = find_cycle(_successors(graph, {edge.index for edge in back}))
    if cycle:
        return LoopTree(refused=Irreducible(cycle))
    natural = _natural_loops(graph, back)
    done: dict[str, Loop] = {}
    """By node the largest loop so far that holds it."""
    waiting = sorted(natural, key=lambda header: (len(natural[header]), header))
    put_off: set[str] = set()
    while waiting:
        header = waiting.pop(0)
        found = _grown(graph, header, natural[header], done)
        if isinstance(found, SharedExit):
            return LoopTree(refused=found)
        if found is not None:
            done.update(dict.fromkeys(found.nodes, found))
            put_off.clear()
        elif header in put_off:
            return LoopTree(refused=Entangled(header))
        else:
            put_off.add(header)
            waiting.append(header)
    outermost = _each_once(done.values())
    root = build_elements(graph, loops=outermost)
    return LoopTree(outermost, root) if root is not None else LoopTree(refused=Entangled(outermost[0].header))


def _successors(graph: FlowGraph, without: Collection[int]) -> Mapping[str, Sequence[str]]:
    return {
        node: [edge.target for edge in graph.outgoing[node] if edge.index not in without]
        for node in graph.nodes
    }


def _natural_loops(graph: FlowGraph, back: Sequence[FlowEdge]) -> dict[str, frozenset[str]]:
    """By header: what reaches a back edge to it without passing it."""
    loops: dict[str, set[str]] = {}
    for edge in back:
        nodes = loops.setdefault(edge.target, {edge.target})
        pending = [edge.source]
        while pending:
            node = pending.pop()
            if node not in nodes:
                nodes.add(node)
                pending.extend(into.source for into in graph.incoming[node] if into.source != ENTRY)
    return {header: frozenset(nodes) for header, nodes in loops.items()}


def _each_once(loops: Iterable[Loop]) -> tuple[Loop, ...]:
    found = {loop.header: loop for loop in loops}
    return tuple(found[header] for header in sorted(found))


def _grown(
    graph: FlowGraph, header: str, natural: frozenset[str], done: Mapping[str, Loop]
) -> Loop | SharedExit | None:
    """The natural loop with all inner loops and side branches; None if another must come first."""
    nodes = natural
    while True:
        inner = _each_once(done[node] for node in nodes if node in done)
        nodes = nodes.union(*(loop.nodes for loop in inner))
        elements = build_elements(graph, nodes, header, inner)
        if elements is None:
            return None
        loop = Loop(header, nodes, elements, _back_edges(graph, header, nodes), inner)
        beside = _exits_beside_back(loop)
        if not beside:
            return loop
        side = _reached_outside(graph, nodes, [edge.target for edge in beside])
        for other in graph.edges:
            if other.target in side and other.source not in nodes and other.source not in side:
                return SharedExit(header, beside[0], other)
        nodes |= side


def _back_edges(graph: FlowGraph, header: str, nodes: frozenset[str]) -> tuple[FlowEdge, ...]:
    return tuple(edge for edge in graph.incoming[header] if edge.source in nodes)


def _exits_beside_back(loop: Loop) -> list[FlowEdge]:
    """The edges out of the loop that can be taken in an iteration that is repeated."""
    elements = loop.elements
    again = 0
    for edge in loop.back:
        again |= elements.coexisting[elements.edges[edge.index]]
    beside = (elements.flow_edges[element] for element in members(again))
    return [edge for edge in beside if edge is not None and edge.target not in loop.nodes]


def _reached_outside(graph: FlowGraph, nodes: frozenset[str], start: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    pending = list(start)
    while pending:
        node = pending.pop()
        if node not in found and node not in nodes:
            found.add(node)
            pending.extend(edge.target for edge in graph.outgoing[node])
    return frozenset(found)


def in_loops(tree: LoopTree, node: str) -> tuple[Loop, ...]:
    """The loops that hold a node, outermost first."""
    return tuple(loop for loop in tree.all_loops() if node in loop.nodes)
