"""Reachability and a topological order of a flow graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from translator.graph import ENTRY, FlowGraph


def reached(graph: FlowGraph) -> frozenset[str]:
    """The nodes that some trigger reaches."""
    seen: set[str] = set()
    pending = [edge.target for edge in graph.outgoing[ENTRY]]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending.extend(edge.target for edge in graph.outgoing[node])
    return frozenset(seen)


def forward_order(graph: FlowGraph, back: Collection[int]) -> tuple[str, ...]:
    """All nodes, sources before targets, the edges in `back` left out."""
    waiting = {
        node: sum(edge.source != ENTRY and edge.index not in back for edge in graph.incoming[node])
        for node in graph.nodes
    }
    ready = [node for node, count in waiting.items() if not count]
    order: list[str] = []
    while ready:
        node = ready.pop()
        order.append(node)
        for edge in graph.outgoing[node]:
            if edge.index not in back:
                waiting[edge.target] -= 1
                if not waiting[edge.target]:
                    ready.append(edge.target)
    return tuple(order)


def find_cycle(successors: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Some cycle as the nodes on it in order, or () if there is none."""
    state: dict[str, int] = {}
    for root in successors:
        if root in state:
            continue
        path = [root]
        stack = [iter(successors[root])]
        state[root] = 1
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                state[path.pop()] = 2
            elif state.get(following) == 1:
                return tuple(path[path.index(following) :])
            elif following not in state:
                state[following] = 1
                path.append(following)
                stack.append(iter(successors[following]))
    return ()
