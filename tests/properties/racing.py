"""What `join: first` cuts short: the nodes between its fork and the join."""

from __future__ import annotations

from collections.abc import Collection

from tests.properties.graph import Graph, Link, reached
from tests.properties.loops import Refused, dominated_by


def races_of(graph: Graph, forward: Collection[Link]) -> dict[str, frozenset[str]]:
    """By node with `join: first`, the nodes between its fork and it; raises Refused."""
    joins = [node.id for node in graph.nodes.values() if node.join == "first"]
    if not joins:
        return {}
    dominated = dominated_by(graph)
    races = {join: _between(join, dominated, forward) for join in joins}
    for join, between in races.items():
        for link in graph.links:
            if link.source in between and link.target not in between | {join}:
                raise Refused(f'"{link.source}" leads to "{link.target}" too, not only to "{join}"')
    return races


def _between(join: str, dominated: dict[str, set[str]], forward: Collection[Link]) -> frozenset[str]:
    """All that lies on a way to the join from the nearest node through which every way to it goes."""
    ahead = [node for node, others in dominated.items() if join in others and node != join]
    fork = min(ahead, key=lambda node: len(dominated[node]), default=None)
    before = reached([join], [link.reversed() for link in forward]) - {join}
    if fork is None:
        return frozenset(before)
    return frozenset(before & reached([fork], forward) - {fork})
