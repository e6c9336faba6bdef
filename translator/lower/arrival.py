"""How a part is entered and what is certain to come out of it, known at compile time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from translator.analyses.elements import Bits, Elements, members
from translator.graph import FlowEdge, FlowGraph
from translator.node_type import Ending
from translator.regions import Item, Regions


@dataclass(frozen=True, slots=True)
class Arrival:
    """One way in which a part can start: edges (by index) that are taken for sure, and some that may be.

    `some` says that at least one of `maybe` is taken; `direct` that nothing but the edges' own conditions
    decides about them, which hold or not right here.
    """

    sure: frozenset[int]
    maybe: frozenset[int] = frozenset()
    some: bool = False
    direct: bool = False

    def within(self, edges: frozenset[int]) -> Arrival:
        """What of it concerns these edges."""
        rest = self.maybe - edges
        return Arrival(self.sure & edges, self.maybe & edges, self.some and not rest, self.direct)

    def surely_takes(self, edges: frozenset[int]) -> bool:
        """Whether one of these edges is taken in any case."""
        return bool(self.sure & edges) or (self.some and self.maybe <= edges)


@dataclass(frozen=True)
class Certainty:
    """Asks whether what starts in a part leaves it by one of some edges, whatever is decided inside."""

    graph: FlowGraph
    regions: Regions
    back: frozenset[int]

    @property
    def elements(self) -> Elements:
        """The elements of the part that is asked about."""
        return self.regions.elements

    def exits(self, part: Bits) -> tuple[FlowEdge, ...]:
        """The edges out of a part: they or their source are in it, their target is not."""
        found: dict[int, FlowEdge] = {}
        for element in members(part):
            leaving = (
                (element,) if self.elements.names[element] is None else self.elements.successors[element]
            )
            for candidate in (self.elements.flow_edges[each] for each in leaving):
                if candidate is not None and not self._is_in(part, candidate):
                    found[candidate.index] = candidate
        return tuple(found.values())

    def _is_in(self, part: Bits, edge: FlowEdge) -> bool:
        target = self.elements.target(edge)
        return target is not None and bool(part >> target & 1)

    def leaves(self, part: Bits, arrivals: Iterable[Arrival], goals: frozenset[int]) -> bool:
        """Whether every arrival ends in at least one of the goal edges being taken."""
        known: dict[int, bool] = {}
        return all(self._arrival_leaves(part, arrival, goals, known) for arrival in arrivals)

    def _arrival_leaves(
        self, part: Bits, arrival: Arrival, goals: frozenset[int], known: dict[int, bool]
    ) -> bool:
        edges = self.graph.edges
        if any(self._edge_leads(part, edges[index], goals, known) for index in arrival.sure):
            return True
        return arrival.some and all(
            self._edge_leads(part, edges[index], goals, known) for index in arrival.maybe
        )

    def _edge_leads(self, part: Bits, edge: FlowEdge, goals: frozenset[int], known: dict[int, bool]) -> bool:
        if edge.index in goals:
            return True
        target = self.elements.target(edge)
        if target is None or not part >> target & 1:
            return False
        if target not in known:
            self._solve(part, target, goals, known)
        return known[target] and not self._may_be_refused(edge)

    def _may_be_refused(self, edge: FlowEdge) -> bool:
        node = self.graph.nodes[edge.target]
        forward = [into for into in self.graph.incoming[edge.target] if into.index not in self.back]
        return node.join == "all" and len(forward) > 1

    def _solve(self, part: Bits, start: int, goals: frozenset[int], known: dict[int, bool]) -> None:
        """Fills in all nodes of the part from `start` on, last ones first."""
        below = part & (self.elements.descendants[start] | 1 << start)
        for element in reversed(list(members(below))):
            name = self.elements.names[element]
            if name is None or element in known:
                continue
            loop = self.regions.loops.get(element)
            known[element] = (
                self._node_leads(part, name, goals, known)
                if loop is None
                else self._loop_leads(part, loop, goals, known)
            )

    def _node_leads(self, part: Bits, name: str, goals: frozenset[int], known: dict[int, bool]) -> bool:
        if isinstance(self.graph.nodes[name].lowering, Ending):
            return True
        return all(
            any(edge.when is None and self._edge_leads(part, edge, goals, known) for edge in edges)
            for _, edges in self.graph.ports_of(name)
        )

    def _loop_leads(self, part: Bits, loop: Regions, goals: frozenset[int], known: dict[int, bool]) -> bool:
        """Every iteration must be repeated, or leave by an edge that leads on."""
        assert loop.loop is not None
        inside = Certainty(self.graph, loop, self.back)
        every = loop.elements.everything
        again = {edge.index for edge in loop.loop.back}
        leaving = [edge for edge in inside.exits(every) if edge.index not in again]
        fine = {edge.index for edge in leaving if self._edge_leads(part, edge, goals, known)}
        start = loop.elements.nodes[loop.loop.header]
        found: dict[int, bool] = {}
        inside._solve(every, start, frozenset(again | fine), found)
        return found[start]


def edges_into(graph: FlowGraph, elements: Elements, part: Bits) -> frozenset[int]:
    """The edges that start something in a part: they are in it, or their target is."""
    found: set[int] = set()
    for element in members(part):
        edge, name = elements.flow_edges[element], elements.names[element]
        if edge is not None:
            found.add(edge.index)
        elif name is not None:
            inside = frozenset(elements.contents[element])
            found.update(into.index for into in graph.incoming[name] if into.source not in inside)
    return frozenset(found)


def holds_ending(graph: FlowGraph, regions: Regions, item: Item) -> bool:
    """Whether a node inside ends the whole run."""
    return any(isinstance(graph.nodes[name].lowering, Ending) for name in regions.nodes_of(item.bits))
