"""What pins decide before a run starts: how each edge and each node ends, as far as they tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

from translator.analyses.loops import LoopTree
from translator.analyses.order import forward_order
from translator.definition.model import Pin
from translator.graph import ENTRY, FlowEdge, FlowGraph
from translator.pins.ended import ended_edges


class Fate(Enum):
    """How an edge ends, as known before the run."""

    TAKEN = "taken"
    DEAD = "dead"
    ASKED = "asked"
    """Its source has ended, so its own condition is asked for at once."""
    OPEN = "open"


@dataclass(frozen=True)
class Fates:
    """By edge index its fate; the nodes that are certainly skipped; those that start at once."""

    edges: Mapping[int, Fate]
    skipped: frozenset[str]
    idle: frozenset[str]
    """Nodes that lead only to pinned ones: their work would be for nothing, so they do not run."""
    entered: frozenset[str]
    """Entries of the trigger that are not pinned, and headers of loops that are under way."""
    won: frozenset[str]
    """Those headers, and nodes with `join: first` that a pinned node has won: what leads there is late."""
    cancelled: frozenset[str] = frozenset()
    """Of the idle nodes those that lost a race: nobody can miss what they would have given."""
    carried: Mapping[str, str | None] = field(default_factory=dict)
    """By pinned node the failed one whose error is `$error` behind it."""

    def runs(self, node: str, pins: Collection[str]) -> bool:
        """Whether the node is still to be decided about."""
        return node not in pins and node not in self.skipped and node not in self.idle


def fates_of(
    graph: FlowGraph,
    loops: LoopTree,
    pins: Mapping[str, Pin],
    trigger: str,
    begun: Collection[str] = (),
    wanted: Collection[str] = (),
) -> Fates:
    """Follows the edges from the start as far as the pins decide about them.

    `begun` are the headers of loops that are under way, `wanted` the nodes that the run's output reads.
    """
    back = loops.turning
    edges = {edge.index: _entry_fate(edge, pins, trigger) for edge in graph.outgoing[ENTRY]}
    skipped: set[str] = set()
    entered: set[str] = set()
    carried: dict[str, str | None] = {}
    for node in forward_order(graph, back):
        into = [edge for edge in graph.incoming[node] if edge.index not in back]
        if node in pins:
            carried[node] = _carried(node, pins, into, edges, carried)
            edges |= _pinned_fates(graph, node, pins[node])
            continue
        if node in begun or any(edge.source == ENTRY and edges[edge.index] is Fate.TAKEN for edge in into):
            entered.add(node)
        elif _is_skipped(graph.nodes[node].join, [edges[edge.index] for edge in into]):
            skipped.add(node)
        fate = Fate.DEAD if node in skipped else Fate.OPEN
        edges |= {edge.index: fate for edge in graph.outgoing[node]}
    won = frozenset(
        node
        for node in graph.nodes
        if node in begun
        or (
            graph.nodes[node].join == "first"
            and any(edges[x.index] is Fate.TAKEN for x in graph.incoming[node])
        )
    )
    over = {name for name in won | pins.keys() if graph.nodes[name].join == "first"}
    cancelled = _idle(graph, loops, pins, won, ()) & _leading_to(graph, over, pins)
    idle = _idle(graph, loops, pins, won, wanted) | cancelled
    return Fates(
        edges, frozenset(skipped), frozenset(idle), frozenset(entered), won, frozenset(cancelled), carried
    )


def _idle(
    graph: FlowGraph,
    loops: LoopTree,
    pins: Mapping[str, Pin],
    won: Collection[str],
    wanted: Collection[str],
) -> set[str]:
    """The nodes that lead only to what has ended; of a loop all, or none."""
    idle = graph.nodes.keys() - pins.keys() - _leading_on(graph, loops.turning, pins, won, wanted)
    return idle - {node for loop in loops.outermost if not loop.nodes <= idle for node in loop.nodes}


def _entry_fate(edge: FlowEdge, pins: Mapping[str, Pin], trigger: str) -> Fate:
    return Fate.TAKEN if edge.port == trigger and edge.target not in pins else Fate.DEAD


def _is_skipped(join: str, into: list[Fate]) -> bool:
    """Whether it is decided at the start; what follows a node waits for its decision."""
    if join == "all":
        return Fate.DEAD in into and Fate.OPEN not in into
    return all(fate is Fate.DEAD for fate in into)


def _pinned_fates(graph: FlowGraph, node: str, pin: Pin) -> dict[int, Fate]:
    """The edges of a node that has ended; a `when` of an edge that it may take is still asked for."""
    found = dict.fromkeys((edge.index for edge in graph.outgoing[node]), Fate.DEAD)
    taken = ended_edges(graph, node, pin)
    return found | {edge.index: Fate.TAKEN if edge.when is None else Fate.ASKED for edge in taken}


def _carried(
    node: str,
    pins: Mapping[str, Pin],
    into: list[FlowEdge],
    edges: Mapping[int, Fate],
    carried: Mapping[str, str | None],
) -> str | None:
    if pins[node].status == "failed":
        return node
    taken = (edge for edge in into if edges[edge.index] in (Fate.TAKEN, Fate.ASKED))
    return next((carried[edge.source] for edge in taken if carried.get(edge.source)), None)


def _leading_to(graph: FlowGraph, goals: Collection[str], pins: Collection[str]) -> set[str]:
    """The nodes from which a way past no pin leads to one of the goals."""
    found: set[str] = set()
    pending = list(goals)
    while pending:
        for edge in graph.incoming[pending.pop()]:
            if edge.source != ENTRY and edge.source not in pins and edge.source not in found:
                found.add(edge.source)
                pending.append(edge.source)
    return found


def _leading_on(
    graph: FlowGraph,
    back: Collection[int],
    pins: Collection[str],
    won: Collection[str],
    wanted: Collection[str],
) -> set[str]:
    """The nodes from which a way past no pin leads to an end or to what is wanted."""
    found = {
        node
        for node in graph.nodes
        if node not in pins and (node in wanted or all(edge.index in back for edge in graph.outgoing[node]))
    }
    pending = list(found)
    while pending:
        node = pending.pop()
        for edge in () if node in won else graph.incoming[node]:
            if edge.source != ENTRY and edge.source not in pins and edge.source not in found:
                found.add(edge.source)
                pending.append(edge.source)
    return found
