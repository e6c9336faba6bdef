"""Which nodes have surely succeeded before another one starts, on whatever way it is reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from translator.graph import ENTRY, FlowEdge, FlowGraph


@dataclass(frozen=True)
class Succeeded:
    """By node, as bits: those that have succeeded on every way to it since its part of the graph began."""

    bits: Mapping[str, int]
    before: Mapping[str, int]

    def surely(self, first: str, second: str) -> bool:
        """Whether `first` has succeeded whenever `second` runs."""
        return bool(self.before.get(second, 0) & self.bits.get(first, 0))


def find_succeeded(graph: FlowGraph) -> Succeeded:
    """Goes over the graph until nothing changes: once, and once more for each nesting of loops."""
    bits = {node: 1 << number for number, node in enumerate(graph.nodes)}
    before: dict[str, int] = {}
    order = reverse_postorder(graph)
    has_changed = True
    while has_changed:
        has_changed = False
        for node in order:
            found = _before(node, graph, bits, before)
            if found != before.get(node):
                before[node] = found
                has_changed = True
    return Succeeded(bits, before)


def _before(node: str, graph: FlowGraph, bits: Mapping[str, int], before: Mapping[str, int]) -> int:
    incoming = graph.incoming[node]
    if any(edge.source == ENTRY for edge in incoming):
        return 0
    known = [_behind(edge, bits, before[edge.source]) for edge in incoming if edge.source in before]
    return _all_of(known) if graph.nodes[node].join == "all" else _some_of(known)


def _behind(edge: FlowEdge, bits: Mapping[str, int], before: int) -> int:
    return before if edge.is_error else before | bits[edge.source]


def _all_of(ways: Iterable[int]) -> int:
    """Every edge was taken, so all of what they say holds."""
    found = 0
    for way in ways:
        found |= way
    return found


def _some_of(ways: Iterable[int]) -> int:
    found: int | None = None
    for way in ways:
        found = way if found is None else found & way
    return found or 0


def reverse_postorder(graph: FlowGraph) -> tuple[str, ...]:
    """All nodes; in a graph without a cycle each one after those that lead to it."""
    seen: set[str] = set()
    left: list[str] = []
    for root in (ENTRY, *graph.nodes):
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(graph.outgoing[root]))]
        while stack:
            node, edges = stack[-1]
            target = next((edge.target for edge in edges if edge.target not in seen), None)
            if target is None:
                left.append(node)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(graph.outgoing[target])))
    return tuple(node for node in reversed(left) if node != ENTRY)
