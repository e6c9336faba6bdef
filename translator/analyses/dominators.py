"""Dominators of a flow graph (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from translator.graph import ENTRY, FlowGraph


def immediate_dominators(graph: FlowGraph) -> Mapping[str, str]:
    """By node the nearest other node that every way from ENTRY passes; ENTRY dominates itself."""
    order = _reverse_postorder(graph)
    rank = {node: index for index, node in enumerate(order)}
    above: dict[str, str] = {ENTRY: ENTRY}
    changed = True
    while changed:
        changed = False
        for node in order[1:]:
            known = [edge.source for edge in graph.incoming[node] if edge.source in above]
            nearest = known[0]
            for other in known[1:]:
                nearest = _meet(nearest, other, above, rank)
            if above.get(node) != nearest:
                above[node], changed = nearest, True
    return above


@dataclass(frozen=True)
class Dominance:
    """Answers whether every way to a node passes another one."""

    _spans: Mapping[str, tuple[int, int]]
    """By node its number in a walk over the tree of dominators, and the last number below it."""

    def dominates(self, first: str, second: str) -> bool:
        """Whether every way to `second` passes `first`; a node dominates itself."""
        start, end = self._spans[first]
        return start <= self._spans[second][0] <= end


def dominance(graph: FlowGraph) -> Dominance:
    """Of all nodes that some way from ENTRY leads to."""
    above = immediate_dominators(graph)
    below: dict[str, list[str]] = {node: [] for node in above}
    for node, nearest in above.items():
        if node != ENTRY:
            below[nearest].append(node)
    order: list[str] = []
    pending = [ENTRY]
    while pending:
        node = pending.pop()
        order.append(node)
        pending += below[node]
    number = {node: place for place, node in enumerate(order)}
    last = dict(number)
    for node in reversed(order):
        last[above[node]] = max(last[above[node]], last[node])
    return Dominance({node: (number[node], last[node]) for node in order})


def _meet(one: str, other: str, above: Mapping[str, str], rank: Mapping[str, int]) -> str:
    while one != other:
        while rank[one] > rank[other]:
            one = above[one]
        while rank[other] > rank[one]:
            other = above[other]
    return one


def _reverse_postorder(graph: FlowGraph) -> list[str]:
    order: list[str] = []
    seen = {ENTRY}
    stack = [(ENTRY, iter(graph.outgoing[ENTRY]))]
    while stack:
        node, edges = stack[-1]
        edge = next(edges, None)
        if edge is None:
            order.append(node)
            stack.pop()
        elif edge.target not in seen:
            seen.add(edge.target)
            stack.append((edge.target, iter(graph.outgoing[edge.target])))
    return order[::-1]
