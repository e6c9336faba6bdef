"""What is certain to come out of a part, known at compile time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import islice
from operator import and_

from translator.analyses.elements import Bits, Elements, members
from translator.graph import FlowEdge, FlowGraph
from translator.lower.arrival import Arrival, edges_into
from translator.node_type import Ending
from translator.regions import Regions

Goal = frozenset[int]
"""Edges by index of which one shall be taken."""


@dataclass(frozen=True)
class Certainty:
    """Asks whether what starts in a part leaves it by one of some edges, whatever is decided inside."""

    graph: FlowGraph
    regions: Regions
    back: frozenset[int]
    _exits: dict[Bits, tuple[FlowEdge, ...]] = field(default_factory=dict)
    _entering: dict[Bits, frozenset[int]] = field(default_factory=dict)

    @property
    def elements(self) -> Elements:
        """The elements of the part that is asked about."""
        return self.regions.elements

    def entering(self, part: Bits) -> frozenset[int]:
        """The edges that start something in a part, by index."""
        if part not in self._entering:
            entered_by = self._entered_by
            self._entering[part] = frozenset(
                index for element in members(part) for index in entered_by[element]
            )
        return self._entering[part]

    @cached_property
    def _entered_by(self) -> Sequence[Sequence[int]]:
        """By element the edges that start it, by index; an edge starts itself."""
        return [edges_into(self.graph, self.elements, element) for element in range(len(self.elements.names))]

    @cached_property
    def _targets(self) -> Sequence[int | None]:
        """By element, if it is an edge, where it leads to in this part."""
        edges, target = self.elements.flow_edges, self.elements.target
        return [None if edge is None else target(edge) for edge in edges]

    def exits(self, part: Bits) -> tuple[FlowEdge, ...]:
        """The edges out of a part: they or their source are in it, their target is not."""
        if part not in self._exits:
            self._exits[part] = self._find_exits(part)
        return self._exits[part]

    def _find_exits(self, part: Bits) -> tuple[FlowEdge, ...]:
        elements, targets = self.elements, self._targets
        inside = set(members(part))
        found: dict[int, FlowEdge] = {}
        for element in members(part):
            leaving = (element,) if elements.names[element] is None else elements.successors[element]
            for each in leaving:
                if targets[each] not in inside and (edge := elements.flow_edges[each]) is not None:
                    found[edge.index] = edge
        return tuple(found.values())

    def leaves(self, part: Bits, arrivals: Iterable[Arrival], goal: Goal) -> bool:
        """Whether every arrival ends in at least one of the goal's edges being taken."""
        return bool(self.reached(part, arrivals, [goal]))

    def reached(self, part: Bits, arrivals: Iterable[Arrival], goals: Sequence[Goal]) -> Bits:
        """The goals, by their places, that every arrival reaches, each asked for by itself."""
        return reduce(and_, self.reached_by_each(part, arrivals, goals), (1 << len(goals)) - 1)

    def reached_by_each(self, part: Bits, arrivals: Iterable[Arrival], goals: Sequence[Goal]) -> list[Bits]:
        """The same of each arrival alone."""
        search = _Search(self, part, goals)
        return [search.from_arrival(arrival) for arrival in arrivals]

    def may_be_refused(self, edge: FlowEdge) -> bool:
        """Whether the edge's target may not run although the edge is taken."""
        if self.graph.nodes[edge.target].join != "all":
            return False
        forward = (into for into in self.graph.incoming[edge.target] if into.index not in self.back)
        return len(list(islice(forward, 2))) > 1


class _Search:
    """Several goals in one part; each answer is the set of the goals that are certain to be reached."""

    def __init__(self, certainty: Certainty, part: Bits, goals: Sequence[Goal]) -> None:
        self.certainty, self.part = certainty, part
        self.all_goals = (1 << len(goals)) - 1
        self._goals_of: dict[int, Bits] = {}
        for place, goal in enumerate(goals):
            for index in goal:
                self._goals_of[index] = self._goals_of.get(index, 0) | 1 << place
        self._known: dict[int, Bits] = {}
        """By element."""

    def from_arrival(self, arrival: Arrival) -> Bits:
        edges = self.certainty.graph.edges
        found = 0
        for index in arrival.sure:
            found |= self.from_edge(edges[index])
        if arrival.some:
            found |= self._every(self.from_edge(edges[index]) for index in arrival.maybe)
        return found

    def from_edge(self, edge: FlowEdge) -> Bits:
        own = self._goals_of.get(edge.index, 0)
        target = self.certainty.elements.target(edge)
        if own == self.all_goals or target is None or not self.part >> target & 1:
            return own
        return own if self.certainty.may_be_refused(edge) else own | self.from_element(target)

    def from_element(self, start: int) -> Bits:
        """Fills in all nodes of the part from `start` on, last ones first."""
        if start not in self._known:
            elements = self.certainty.elements
            for element in self._unknown_from(start):
                name = elements.names[element]
                if name is not None:
                    loop = self.certainty.regions.loops.get(element)
                    self._known[element] = self._from_node(name) if loop is None else self._from_loop(loop)
        return self._known[start]

    def _unknown_from(self, start: int) -> list[int]:
        """What is reached from an element within the part, last ones first, without what is known."""
        successors = self.certainty.elements.successors
        found = {start}
        pending = [start]
        while pending:
            for after in successors[pending.pop()]:
                if after not in found and after not in self._known and self.part >> after & 1:
                    found.add(after)
                    pending.append(after)
        return sorted(found, reverse=True)

    def _from_node(self, name: str) -> Bits:
        graph = self.certainty.graph
        if isinstance(graph.nodes[name].lowering, Ending):
            return self.all_goals
        return self._every(self._from_port(edges) for _, edges in graph.ports_of(name))

    def _from_port(self, edges: Iterable[FlowEdge]) -> Bits:
        found = 0
        for edge in edges:
            if edge.when is None:
                found |= self.from_edge(edge)
        return found

    def _every(self, found: Iterable[Bits]) -> Bits:
        return reduce(and_, found, self.all_goals)

    def _from_loop(self, loop: Regions) -> Bits:
        """Every iteration must be repeated, or leave by an edge that leads on."""
        assert loop.loop is not None
        inside = Certainty(self.certainty.graph, loop, self.certainty.back)
        every = loop.elements.everything
        again = frozenset(edge.index for edge in loop.loop.back)
        fine = {edge.index: self.from_edge(edge) for edge in inside.exits(every) if edge.index not in again}
        goals = [
            again | {index for index, reached in fine.items() if reached >> place & 1}
            for place in range(self.all_goals.bit_length())
        ]
        search = _Search(inside, every, goals)
        entered = loop.loop.nodes if loop.loop.jumps else {loop.loop.header}
        return self._every(search.from_element(loop.elements.nodes[node]) for node in entered)
