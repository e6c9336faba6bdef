"""Loops that can be entered at more than one node: without a fork inside they are plain jumps."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations

from translator.analyses.components import strongly_connected
from translator.analyses.deepest import MOST_NESTED
from translator.graph import FlowEdge, FlowGraph


def jump_parts(graph: FlowGraph) -> list[frozenset[str]]:
    """The circles with several ways in that lie in no other such, those inside proper loops too."""
    found: list[frozenset[str]] = []
    pending = [(frozenset(graph.nodes), frozenset[str]())]
    while pending:
        inside, headers = pending.pop()
        for circle in circles(graph, inside, headers):
            entries = ways_in(graph, circle)
            if len({edge.target for edge in entries if edge.target not in headers}) > 1:
                found.append(circle)
            elif len(headers) <= MOST_NESTED:
                # Deeper ones are refused anyway.
                pending.append((circle, headers | {edge.target for edge in entries}))
    return sorted(found, key=min)


def circles(graph: FlowGraph, inside: frozenset[str], headers: Collection[str]) -> Iterator[frozenset[str]]:
    """The nodes that lead to one another without an edge to one of the headers."""
    targets = inside - set(headers)
    following = {
        node: [edge.target for edge in graph.outgoing[node] if edge.target in targets]
        for node in sorted(inside, key=graph.place_of.__getitem__)
    }
    for component in strongly_connected(following):
        if len(component) > 1 or component[0] in following[component[0]]:
            yield frozenset(component)


def ways_in(graph: FlowGraph, circle: Collection[str]) -> list[FlowEdge]:
    """The edges that lead into a circle from outside."""
    entering = (edge for node in circle for edge in graph.incoming[node] if edge.source not in circle)
    return sorted(entering, key=lambda edge: edge.index)


def forks_inside(graph: FlowGraph, circle: Collection[str]) -> tuple[FlowEdge, FlowEdge] | None:
    """Two edges that are taken together, at least one of which stays in the circle."""
    for node in graph.nodes:
        if node in circle:
            for _, edges in graph.ports_of(node):
                for one, other in combinations(edges, 2):
                    if one.target in circle or other.target in circle:
                        return one, other
    return None


def waits_inside(graph: FlowGraph, circle: Collection[str]) -> str | None:
    """A node of the circle that wants several edges at once, or the first of several."""
    for node in graph.nodes.values():
        if node.id in circle and node.join != "any" and len(graph.incoming[node.id]) > 1:
            return node.id
    return None
