"""Loops with several ways in: without a fork inside they are plain jumps, else refused (Back edges)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import combinations

from tests.properties.graph import Graph, Link, reached


class Refused(Exception):  # noqa: N818
    """A definition whose loops have no meaning; the message names the nodes."""


def jumps_of(graph: Graph) -> tuple[frozenset[str], ...]:
    """The circles with several ways in, none inside another; raises Refused."""
    found: list[frozenset[str]] = []
    pending: list[tuple[frozenset[str], frozenset[str]]] = [(frozenset(graph.nodes), frozenset())]
    while pending:
        inside, headers = pending.pop()
        links = [x for x in graph.links if {x.source, x.target} <= inside and x.target not in headers]
        for circle in _circles(inside, links):
            starts = _starts(graph, circle) - headers
            if len(starts) > 1:
                _refuse_what_is_no_jump(graph, circle)
                found.append(circle)
            else:
                pending.append((circle, headers | starts))
    return tuple(sorted(found, key=min))


def entered(circle: frozenset[str], taken: Collection[Link]) -> str | None:
    """Which node of a circle the taken edges lead to; raises Refused if there are several."""
    targets = {link.target for link in taken}
    if len(targets) > 1:
        raise Refused(f"two ways into {', '.join(sorted(circle))} were taken")
    return next(iter(targets), None)


def _circles(inside: Iterable[str], links: list[Link]) -> set[frozenset[str]]:
    ahead = {node: reached([x.target for x in links if x.source == node], links) for node in inside}
    return {
        frozenset({node} | {other for other in ahead[node] if node in ahead[other]})
        for node in ahead
        if node in ahead[node]
    }


def _starts(graph: Graph, circle: frozenset[str]) -> frozenset[str]:
    ways = {x.target for x in graph.links if x.target in circle and x.source not in circle}
    return frozenset(ways | {entry for group in graph.entries.values() for entry in group if entry in circle})


def _refuse_what_is_no_jump(graph: Graph, circle: frozenset[str]) -> None:
    names = ", ".join(sorted(circle))
    leaving = [x for x in graph.links if x.source in circle]
    for one, other in combinations(leaving, 2):
        together = (one.source, one.port) == (other.source, other.port) and one.port != "error"
        if together and {one.target, other.target} & circle:
            raise Refused(f"a loop with more than one way in and a fork: {names}")
    ways = [x for x in graph.links if x.target in circle and x.source not in circle]
    for one, other in combinations(ways, 2):
        if (one.source, one.port) == (other.source, other.port) and one.port != "error":
            raise Refused(f"two ways into {names} may be taken")
    for node in circle:
        if graph.nodes[node].join != "any" and len(graph.entering(node)) + _triggers(graph, node) > 1:
            raise Refused(f"a loop with more than one way in, in which {node} waits: {names}")


def _triggers(graph: Graph, node: str) -> int:
    return sum(node in group for group in graph.entries.values())


def contracted(graph: Graph, jumps: Iterable[frozenset[str]]) -> Graph:
    """The graph with each such circle as one node, whose ports are all of theirs."""
    place = {node: node for node in graph.nodes} | {node: min(circle) for circle in jumps for node in circle}
    links = tuple(
        replace(x, source=place[x.source], target=place[x.target], port=_port(x, place))
        for x in graph.links
        if x.source == x.target or place[x.source] != place[x.target]
    )
    entries = {name: tuple(place[one] for one in group) for name, group in graph.entries.items()}
    kept = {node: found for node, found in graph.nodes.items() if place[node] == node}
    return Graph(kept, tuple(x for x in links if not _is_inside(x, place)), entries)


def _port(link: Link, place: dict[str, str]) -> str:
    return (
        link.port
        if link.port == "error" or place[link.source] == link.source
        else f"{link.source}:{link.port}"
    )


def _is_inside(link: Link, place: dict[str, str]) -> bool:
    return link.source == link.target and sum(one == link.source for one in place.values()) > 1
