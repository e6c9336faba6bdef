"""In which order the nodes of a graph are told: as a run meets them, one way to its end before the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from translator.analyses.loops import Loop
from translator.graph import FlowGraph


@dataclass(frozen=True, slots=True)
class Round:
    """A loop with what is told in it."""

    loop: Loop
    items: tuple[Item, ...]


Item: TypeAlias = str | Round
"""A node's id, or a loop."""


def in_order(graph: FlowGraph, loops: Sequence[Loop], place: Mapping[str, int]) -> tuple[Item, ...]:
    """The nodes of a graph, those of a loop together; `place` is where the definition lists a node."""
    return _items(graph, frozenset(graph.nodes), loops, None, place)


def nodes_of(items: Sequence[Item]) -> list[str]:
    """All nodes in their order, those inside loops too."""
    return [node for item in items for node in (nodes_of(item.items) if isinstance(item, Round) else [item])]


def _items(
    graph: FlowGraph,
    inside: Collection[str],
    loops: Sequence[Loop],
    header: str | None,
    place: Mapping[str, int],
) -> tuple[Item, ...]:
    by_header = {loop.header: loop for loop in loops}
    holder = {node: loop.header for loop in loops for node in loop.nodes}
    following: dict[str, list[str]] = {holder.get(node, node): [] for node in inside}
    waiting = dict.fromkeys(following, 0)
    for edge in graph.edges:
        if edge.source in inside and edge.target in inside and edge.target != header:
            source, target = holder.get(edge.source, edge.source), holder.get(edge.target, edge.target)
            if source != target:
                following[source].append(target)
                waiting[target] += 1
    names = _depth_first(following, waiting, place)
    return tuple(_item(graph, by_header.get(name), name, place) for name in names)


def _depth_first(
    following: Mapping[str, Sequence[str]], waiting: dict[str, int], place: Mapping[str, int]
) -> list[str]:
    """Each behind all that lead to it; of those that may come next, the one that the last one led to."""
    order: list[str] = []
    ready = sorted(
        (name for name, count in waiting.items() if not count), key=place.__getitem__, reverse=True
    )
    while ready:
        name = ready.pop()
        order.append(name)
        for target in sorted(following[name], key=place.__getitem__, reverse=True):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return order


def _item(graph: FlowGraph, loop: Loop | None, name: str, place: Mapping[str, int]) -> Item:
    if loop is None:
        return name
    if loop.jumps:
        circle: list[Item] = [*sorted(loop.nodes, key=place.__getitem__)]
        return Round(loop, tuple(circle))
    return Round(loop, _items(graph, loop.nodes, loop.inner, loop.header, place))
