"""Finds the loops of a graph: the part that each back edge repeats, with the side branches that belong to it.

The rules are those of docs/semantics.md, "Back edges"; what they refuse is told with the nodes of both ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from translator.analyses.deepest import MOST_NESTED
from translator.analyses.dominators import dominance
from translator.analyses.elements import Elements, InnerLoop, build_elements
from translator.analyses.jumps import circles, forks_inside, jump_parts, waits_inside, ways_in
from translator.analyses.order import find_cycle
from translator.diagnostics import InternalError
from translator.graph import ENTRY, FlowEdge, FlowGraph


@dataclass(frozen=True)
class Loop(InnerLoop):
    """One loop: the elements of an iteration, the edges that repeat it, and the largest loops inside it."""

    back: tuple[FlowEdge, ...]
    inner: tuple[Loop, ...]
    jumps: bool = False
    """Whether it can be entered at several nodes: then nothing is reset, and no edge of it leads back."""


@dataclass(frozen=True)
class Irreducible:
    """A circle that can be entered at more than one of its nodes, and why jumps do not do for it.

    Two edges may be taken together (`both`), or a node of it waits for several (`waiting`).
    """

    cycle: tuple[str, ...]
    nodes: frozenset[str]
    """All that can lead to one another in this way."""
    both: tuple[FlowEdge, FlowEdge] | None = None
    waiting: str | None = None


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
class TooDeep:
    """More loops inside each other than MOST_NESTED; the node stands in all of them."""

    node: str


@dataclass(frozen=True)
class LoopTree:
    """All loops of a graph, and its outermost part with each outermost loop as one element.

    Where `refused` is not None there is no `root`.
    """

    outermost: tuple[Loop, ...] = ()
    root: Elements | None = None
    refused: Irreducible | SharedExit | Entangled | TooDeep | None = None

    @cached_property
    def back(self) -> frozenset[int]:
        """The back edges by index: those that repeat a loop."""
        loops = (loop for loop in self.all_loops() if not loop.jumps)
        return frozenset(edge.index for loop in loops for edge in loop.back)

    @cached_property
    def turning(self) -> frozenset[int]:
        """The edges without which there is no circle, by index: back edges, and some of each jump part."""
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
    done: dict[str, Loop] = {}
    """By node the largest loop so far that holds it."""
    for circle in jump_parts(graph):
        refused = _refused_jumps(graph, circle)
        if refused is not None:
            return LoopTree(refused=refused)
        done.update(dict.fromkeys(circle, _jumping(graph, circle)))
    known = dominance(graph)
    back = [
        edge for edge in graph.edges if known.dominates(edge.target, edge.source) and not _is_jump(done, edge)
    ]
    natural = _natural_loops(graph, back)
    if isinstance(natural, TooDeep):
        return LoopTree(refused=natural)
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
    if root is None:
        return LoopTree(refused=Entangled(outermost[0].header))
    found_tree = LoopTree(outermost, root)
    entered_twice = _entered_twice(graph, found_tree)
    return found_tree if entered_twice is None else LoopTree(refused=entered_twice)


def _is_jump(done: Mapping[str, Loop], edge: FlowEdge) -> bool:
    return edge.source in done and done[edge.source] is done.get(edge.target)


def _refused_jumps(graph: FlowGraph, circle: frozenset[str]) -> Irreducible | None:
    both, waiting = forks_inside(graph, circle), waits_inside(graph, circle)
    if both is None and waiting is None:
        return None
    following = {node: _inside(graph, node, circle) for node in sorted(circle)}
    return Irreducible(find_cycle(following), circle, both, waiting)


def _inside(graph: FlowGraph, node: str, nodes: Collection[str]) -> list[str]:
    return [edge.target for edge in graph.outgoing[node] if edge.target in nodes]


def _jumping(graph: FlowGraph, circle: frozenset[str], headers: frozenset[str] = frozenset()) -> Loop:
    """A jump part, what is a circle in it without the edges to one of its nodes being a part of its own."""
    entered = {edge.target for edge in ways_in(graph, circle)} - headers
    header = min(entered)
    headers |= {header}
    inner = tuple(_jumping(graph, one, headers) for one in sorted(circles(graph, circle, headers), key=min))
    elements = build_elements(graph, circle, header, inner)
    if elements is None:
        raise InternalError(f"the jumps from {header!r} have no order")
    return Loop(header, circle, elements, _back_edges(graph, header, circle), inner, jumps=True)


def _entered_twice(graph: FlowGraph, tree: LoopTree) -> Irreducible | None:
    """A jump part of which two ways in may be taken together."""
    parts = [(tree.root, tree.outermost), *((loop.elements, loop.inner) for loop in tree.all_loops())]
    for elements, inner in parts:
        for loop in inner:
            entries = ways_in(graph, loop.nodes) if loop.jumps and elements is not None else []
            for one, other in combinations(entries, 2):
                if one.target != other.target and elements is not None and elements.coexist(one, other):
                    cycle = find_cycle(
                        {node: _inside(graph, node, loop.nodes) for node in sorted(loop.nodes)}
                    )
                    return Irreducible(cycle, loop.nodes, (one, other))
    return None


def _successors(graph: FlowGraph, without: Collection[int]) -> Mapping[str, Sequence[str]]:
    return {
        node: [edge.target for edge in graph.outgoing[node] if edge.index not in without]
        for node in graph.nodes
    }


def _natural_loops(graph: FlowGraph, back: Sequence[FlowEdge]) -> dict[str, frozenset[str]] | TooDeep:
    """By header: what reaches a back edge to it without passing it."""
    loops: dict[str, set[str]] = {}
    around: Counter[str] = Counter()
    for edge in back:
        nodes = loops.setdefault(edge.target, {edge.target})
        pending = [edge.source]
        while pending:
            node = pending.pop()
            if node not in nodes:
                nodes.add(node)
                around[node] += 1
                if around[node] > MOST_NESTED:
                    return TooDeep(node)
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
    again = elements.coexistence.beside_any([elements.edges[edge.index] for edge in loop.back])
    return [
        edge
        for element, edge in enumerate(elements.flow_edges)
        if edge is not None and edge.target not in loop.nodes and again(element)
    ]


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
