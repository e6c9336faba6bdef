"""The graph that is left when pinned nodes have ended, and what stands for their outputs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from translator.analyses.loops import LoopTree
from translator.definition.model import Pin
from translator.graph import ENTRY, OUT, FlowEdge, FlowGraph, FlowNode
from translator.json_value import JsonObject, JsonValue
from translator.lower.pinning import PINS, Pinning
from translator.pins.fates import Fate, Fates, fates_of
from translator.pins.loops import resumed
from translator.pins.start import sink_node, start_node

NEVER: Final = "{% false %}"
"""The condition of an edge that is dead."""


@dataclass(frozen=True)
class Cut:
    """What is left to run."""

    graph: FlowGraph
    fates: Fates
    pinning: Pinning
    asked: frozenset[int]
    """The edges of pinned nodes, by their index in the whole graph, whose `when` is still asked for."""


def cut_at(
    graph: FlowGraph,
    loops: LoopTree,
    pins: Mapping[str, Pin],
    trigger: str,
    readers_of_error: Collection[str] = (),
    wanted: Collection[str] = (),
) -> Cut:
    """The rest of a graph of which some nodes have ended in a run that `trigger` started.

    `readers_of_error` are the nodes that read `$error`: only for them it is kept apart who failed; `wanted`
    those that the run's output reads.
    """
    under_way = resumed(graph, loops, pins)
    outside = under_way.outside
    fates = fates_of(graph, loops, outside, trigger, under_way.headers, wanted)
    rest = _Rest(graph, loops.turning, outside, fates, trigger, frozenset(readers_of_error))
    left = under_way.marked(rest.graph(), pins)
    # Of a loop that is over but for what nobody needs any more the pins are all that is left.
    gone = {name: pin for name, pin in pins.items() if name not in left.nodes}
    texts = {name: f"{PINS}.{name}" for name, pin in gone.items() if pin.status == "succeeded"}
    leaves = (node for node in graph.nodes if all(edge.index in loops.back for edge in graph.outgoing[node]))
    return Cut(left, fates, Pinning(texts, tuple(leaves), under_way.rounds), rest.asked)


def pinned_input(pins: Mapping[str, Pin]) -> JsonObject:
    """The `pins` of the execution's input: by node its output, or its failure as `$error` shows it."""
    values: dict[str, JsonValue] = {}
    for node, pin in sorted(pins.items()):
        if pin.status == "succeeded":
            values[node] = pin.output
        elif pin.status == "failed":
            values[node] = {"error": pin.error, "cause": pin.cause, "node": node}
    return values


@dataclass(frozen=True)
class _Rest:
    """The nodes and edges that are left, with what is put in the place of the others."""

    whole: FlowGraph
    back: Collection[int]
    pins: Mapping[str, Pin]
    fates: Fates
    trigger: str
    readers_of_error: frozenset[str]

    @property
    def kept(self) -> Mapping[str, FlowNode]:
        return {name: node for name, node in self.whole.nodes.items() if self.fates.runs(name, self.pins)}

    @property
    def asked(self) -> frozenset[int]:
        frontier = (edge for node in self.kept for edge in self._frontier(node))
        return frozenset(edge.index for edge in frontier if edge.when not in (None, NEVER))

    def graph(self) -> FlowGraph:
        kept = self.kept
        inner, sinks = self._inner(kept)
        frontier = [edge for node in kept for edge in self._frontier(node)]
        starts = self._starts(frontier, inner)
        begun = [edge if edge.source in starts else replace(edge, source=ENTRY) for edge in frontier]
        entered = self.fates.entered & kept.keys() - {edge.target for edge in frontier}
        if not starts and not begun and not entered:
            starts = {node.id: node for node in [start_node(None)]}
        nodes = dict(sorted({**kept, **starts, **sinks}.items()))
        first = [*starts, *entered, *(edge.target for edge in begun if edge.source == ENTRY)]
        entries = [FlowEdge(0, ENTRY, self.trigger, name, nodes[name].position) for name in sorted(first)]
        edges = [*entries, *inner, *(edge for edge in begun if edge.source != ENTRY)]
        return FlowGraph.ordered(self.whole.workflow, nodes, edges, (self.trigger,))

    def _inner(self, kept: Mapping[str, FlowNode]) -> tuple[list[FlowEdge], dict[str, FlowNode]]:
        """The edges between nodes that are left; a failure that led elsewhere is still caught."""
        edges: list[FlowEdge] = []
        sinks: dict[str, FlowNode] = {}
        for edge in (edge for node in kept for edge in self.whole.outgoing[node]):
            if edge.target in kept and self._is_waited_for(edge):
                edges.append(edge)
            elif edge.is_error:
                sink = sink_node(edge.source, len(sinks))
                sinks[sink.id] = sink
                edges.append(replace(edge, target=sink.id))
        return edges, sinks

    def _is_waited_for(self, edge: FlowEdge) -> bool:
        begun = edge.target in self.fates.entered or edge.target in self.fates.won
        return edge.index in self.back or not begun

    def _frontier(self, node: str) -> Iterator[FlowEdge]:
        """What leads to a node from those that have ended; what is taken anyway counts once."""
        into = [edge for edge in self.whole.incoming[node] if edge.index not in self.back]
        if node in self.fates.entered:
            # Only the failure matters that the way to it carries.
            into = [edge for edge in into if self._is_taken(edge) and self._caught(edge)]
        by_fate = {fate: [edge for edge in into if self.fates.edges[edge.index] is fate] for fate in Fate}
        taken = sorted(by_fate[Fate.TAKEN], key=lambda edge: self._caught(edge) is None)[:1]
        asked = by_fate[Fate.ASKED]
        if self.whole.nodes[node].join == "all":
            is_needed = not asked and not by_fate[Fate.OPEN]
            found = asked + [edge for edge in taken if is_needed or self._caught(edge)]
            # It waits for the others in vain, and what follows it waits with it.
            found += [replace(edge, when=NEVER) for edge in by_fate[Fate.DEAD][:1]]
        else:
            found = taken or asked
        for edge in found:
            yield replace(edge, source=start_node(self._caught(edge)).id, port=OUT, errors=())

    def _is_taken(self, edge: FlowEdge) -> bool:
        return self.fates.edges[edge.index] is Fate.TAKEN

    def _caught(self, edge: FlowEdge) -> str | None:
        """The pinned failure that an edge carries, if somebody reads it."""
        return self.fates.carried.get(edge.source) if self._keeps_error else None

    @property
    def _keeps_error(self) -> bool:
        return any(self.fates.runs(node, self.pins) for node in self.readers_of_error)

    def _starts(self, frontier: list[FlowEdge], inner: list[FlowEdge]) -> dict[str, FlowNode]:
        """The states that are needed where the run goes on: a failure is told, a condition is asked for."""
        nodes = [start_node(None), *(start_node(node) for node in self.pins)]
        used = {edge.source for edge in frontier}
        targets = [edge.target for edge in (*frontier, *inner) if edge.index not in self.back]
        starts = {node.id: node for node in nodes if node.id in used}
        plain = [edge for edge in frontier if edge.source == nodes[0].id]
        if all(edge.when is None and targets.count(edge.target) == 1 for edge in plain):
            starts.pop(nodes[0].id, None)
        return starts
