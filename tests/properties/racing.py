"""What `join: first` cuts short: the nodes between its fork and the join."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from tests.properties.graph import Graph, Link, reached
from tests.properties.jumping import jumps_of
from tests.properties.loops import Loop, Refused


def races_of(graph: Graph, loops: Sequence[Loop]) -> dict[str, frozenset[str]]:
    """By `join: first` the nodes between its fork and it; raises Refused. `loops` inner ones first."""
    jumps = jumps_of(graph)
    inside = frozenset[str]().union(*jumps)
    joins = [node.id for node in graph.nodes.values() if node.join == "first" and node.id not in inside]
    units = sorted([*(Loop(min(one), one) for one in jumps), *loops], key=lambda loop: len(loop.nodes))
    return {join: _race(graph, units, join) for join in joins}


def _race(graph: Graph, loops: Sequence[Loop], join: str) -> frozenset[str]:
    around = next((loop for loop in loops if join in loop.nodes and loop.header != join), None)
    members = set(graph.nodes) if around is None else set(around.nodes)
    place = {node: node for node in members}
    for loop in loops:
        if loop.nodes <= members and loop is not around and (join not in loop.nodes or loop.header == join):
            place |= dict.fromkeys(loop.nodes, loop.header)
    leaving = [x for x in graph.links if x.source in members and place[x.source] != place.get(x.target)]
    forward = [
        replace(x, source=place[x.source], target=place[x.target])
        for x in leaving
        if x.target in members and not (around is not None and around.repeats(x))
    ]
    entries = [entry for group in graph.entries.values() for entry in group]
    starts = {place[one] for one in entries} if around is None else {around.header}
    between = _between(join, starts, forward)
    for link in leaving:
        ahead = None if around is not None and around.repeats(link) else place.get(link.target)
        if place[link.source] in between and ahead not in between | {join}:
            raise Refused(f'"{link.source}" leads to "{link.target}" too, not only to "{join}"')
    return frozenset(node for node, one in place.items() if one in between)


def _between(join: str, starts: Collection[str], forward: Collection[Link]) -> set[str]:
    """All that lies on a way to the join from the nearest place through which every way to it goes."""
    before = reached([join], [link.reversed() for link in forward]) - {join}
    forks = [
        place for place in before if join not in reached(set(starts) - {place}, _without(place, forward))
    ]
    if not forks:
        return before
    fork = min(forks, key=lambda place: len(reached([place], forward)))
    return before & reached([fork], forward) - {fork}


def _without(place: str, links: Iterable[Link]) -> list[Link]:
    return [link for link in links if place not in (link.source, link.target)]
