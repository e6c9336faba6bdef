"""The loops of a graph: which nodes an iteration holds, and which definitions are refused (Back edges)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from tests.properties.graph import Graph, Link, reached
from tests.properties.jumping import Refused, contracted, jumps_of

__all__ = ["Loop", "Refused", "dominated_by", "loops_of"]


@dataclass(frozen=True)
class Loop:
    """A header and all that one iteration from it may run, side branches included."""

    header: str
    nodes: frozenset[str]

    def repeats(self, link: Link) -> bool:
        """Whether the link is this loop's back edge."""
        return link.target == self.header and link.source in self.nodes

    def holds_back(self, link: Link) -> bool:
        """Whether the link's end counts only once the iteration has ended: back edges and exits."""
        return link.source in self.nodes and (link.target not in self.nodes or link.target == self.header)


def loops_of(graph: Graph) -> tuple[Loop, ...]:
    """All loops that are repeated from one node, inner ones first; raises Refused."""
    jumps = jumps_of(graph)
    if not jumps:
        return _loops_of(graph)
    held = {min(circle): circle for circle in jumps}
    return tuple(
        Loop(loop.header, frozenset().union(*(held.get(node, {node}) for node in loop.nodes)))
        for loop in _loops_of(contracted(graph, jumps))
    )


def _loops_of(graph: Graph) -> tuple[Loop, ...]:
    if _cycle(graph.links) is None:
        return ()
    dominated = dominated_by(graph)
    back = [link for link in graph.links if link.source in dominated[link.target]]
    cycle = _cycle([link for link in graph.links if link not in back])
    if cycle is not None:
        raise Refused(f"a loop with more than one way in: {cycle}")
    natural = {link.target: _natural(graph, link.target, back, dominated) for link in back}
    done = _regions(graph, natural)
    loops = [Loop(header, region.nodes) for header, region in done.items()]
    return tuple(sorted(loops, key=lambda loop: (len(loop.nodes), loop.header)))


def _natural(
    graph: Graph, header: str, back: Collection[Link], dominated: Mapping[str, set[str]]
) -> frozenset[str]:
    sources = [link.source for link in back if link.target == header]
    inside = [x for x in graph.links if x.source in dominated[header] and x.target != header]
    return frozenset(reached(sources, [x.reversed() for x in inside]) | {header})


def _regions(graph: Graph, natural: Mapping[str, frozenset[str]]) -> dict[str, _Region]:
    done: dict[str, _Region] = {}
    waiting = sorted(natural, key=lambda header: (len(natural[header]), header))
    put_off: set[str] = set()
    while waiting:
        header = waiting.pop(0)
        region = _grown(graph, header, natural[header], done)
        if region is not None:
            done[header] = region
            put_off.clear()
        elif header in put_off:
            raise Refused(f'the loop from "{header}" and another one each hold the other')
        else:
            put_off.add(header)
            waiting.append(header)
    return done


def dominated_by(graph: Graph) -> dict[str, set[str]]:
    """For each node, what only it leads to from the entries, itself included."""
    entries = {entry for group in graph.entries.values() for entry in group}
    alive = reached(entries, graph.links)
    without = {
        node: reached(entries - {node}, [x for x in graph.links if node not in (x.source, x.target)])
        for node in graph.nodes
    }
    return {node: (alive - without[node]) | {node} for node in graph.nodes}


def _cycle(links: Iterable[Link]) -> str | None:
    """Nodes that lead to one another in a circle, if there are any."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for link in links:
        sorter.add(link.target, link.source)
    try:
        sorter.prepare()
    except CycleError as error:
        return ", ".join(error.args[1])
    return None


@dataclass(frozen=True)
class _Region:
    """A loop's nodes, with every inner loop standing for all of its own."""

    nodes: frozenset[str]
    links: tuple[Link, ...]
    """The links that leave a place: back edges and exits too, but none inside an inner loop."""
    inner: Mapping[str, _Region]
    """By node, the largest inner loop that holds it."""
    place: Mapping[str, str]
    """By node, what stands for it here: itself or its inner loop's header."""
    ways_in: Mapping[str, Sequence[Link]]
    """By place, the links that lead to it within an iteration."""
    rank: Mapping[str, int] | None
    """By place, an order that the links respect; None if there is none."""
    known: dict[tuple[int, int], bool] = field(default_factory=dict, compare=False, repr=False)

    def coexist(self, one: Link, other: Link) -> bool:
        """Whether both links may be taken in one iteration, neither leading to the other."""
        pair = (min(one.index, other.index), max(one.index, other.index))
        if pair not in self.known:
            self.known[pair] = self._may_coexist(one, other)
        return self.known[pair]

    def _may_coexist(self, one: Link, other: Link) -> bool:
        rank = self.rank or {}
        first, later = sorted((one, other), key=lambda link: rank[self.place[link.source]])
        here = self.place[later.source]
        if here == self.place[first.source]:
            return self._coexist_at(first, later)
        return any(self.coexist(way, first) for way in self.ways_in[here] if way != first)

    def _coexist_at(self, one: Link, other: Link) -> bool:
        if one.source in self.inner:
            return self.inner[one.source].coexist(one, other)
        return one.port == other.port and one.port != "error"


def _grown(graph: Graph, header: str, natural: frozenset[str], done: Mapping[str, _Region]) -> _Region | None:
    """The natural loop with the inner loops and side branches that belong to its iterations."""
    nodes = natural
    while True:
        nodes = nodes.union(*(region.nodes for region in done.values() if region.nodes & nodes))
        region = _region(graph, header, nodes, done)
        if region.rank is None:
            return None
        back = [link for link in region.links if link.target == header]
        leaving = [link for link in region.links if link.target not in nodes]
        side = [x for x in leaving if any(region.coexist(x, again) for again in back)]
        if not side:
            return region
        added = reached([x.target for x in side], [x for x in graph.links if x.source not in nodes])
        _refuse_other_ways_in(graph, header, nodes | added, added - nodes)
        nodes = nodes | added


def _region(graph: Graph, header: str, nodes: frozenset[str], done: Mapping[str, _Region]) -> _Region:
    largest = sorted(done.items(), key=lambda item: len(item[1].nodes))
    inner = {node: region for _, region in largest for node in region.nodes & nodes}
    place = {node: node for node in nodes} | {
        node: inside for inside, region in largest for node in region.nodes & nodes
    }
    links = [x for x in graph.links if x.source in nodes and not _within_one(x, inner)]
    ways_in: dict[str, list[Link]] = {one: [] for one in place.values()}
    for link in links:
        if link.target in nodes and link.target != header:
            ways_in[place[link.target]].append(link)
    before = {one: {place[way.source] for way in ways} for one, ways in ways_in.items()}
    return _Region(nodes, tuple(links), inner, place, ways_in, _rank(before))


def _within_one(link: Link, inner: Mapping[str, _Region]) -> bool:
    return link.source in inner and inner[link.source] is inner.get(link.target)


def _rank(before: Mapping[str, Collection[str]]) -> Mapping[str, int] | None:
    try:
        return {place: rank for rank, place in enumerate(TopologicalSorter(before).static_order())}
    except CycleError:
        return None


def _refuse_other_ways_in(graph: Graph, header: str, nodes: Collection[str], added: Collection[str]) -> None:
    for link in graph.links:
        if link.target in added and link.source not in nodes:
            raise Refused(
                f'"{link.target}" runs in every iteration of the loop from "{header}", '
                f'and "{link.source}" leads to it from outside'
            )
    for group in graph.entries.values():
        for entry in group:
            if entry in added:
                raise Refused(f'"{entry}" runs in every iteration of "{header}", and a trigger enters it')
