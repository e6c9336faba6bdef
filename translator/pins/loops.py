"""Pins inside loops: in which iteration a run goes on, and what of it has ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from translator.analyses.loops import Loop, LoopTree, in_loops
from translator.definition.model import Pin
from translator.graph import EndedBefore, FlowGraph
from translator.pins.ended import ended_edges, port_of

SKIPPED: Final = "pinned__skipped"
"""A port that no edge has: by it a node goes on that was skipped although an edge leads to it."""


@dataclass(frozen=True)
class Resumed:
    """What pins inside loops come to."""

    outside: Mapping[str, Pin]
    """The other pins, and those of loops that have ended."""
    inside: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """By node the loops around it by header, outermost first, with the iteration in which it ended."""
    headers: frozenset[str] = frozenset()
    """Of the outermost loops that are under way: there the run goes on."""

    @property
    def rounds(self) -> Mapping[str, int]:
        """By header the iteration that is under way."""
        return {header: count for rounds in self.inside.values() for header, count in rounds}

    def marked(self, graph: FlowGraph, pins: Mapping[str, Pin]) -> FlowGraph:
        """The graph whose nodes know how they have ended in the iteration that is under way."""
        nodes = dict(graph.nodes)
        for name, rounds in self.inside.items():
            node, pin = nodes[name], pins[name]
            port = _port(graph, name, pin)
            ports = (*node.ports, SKIPPED) if port is None else node.ports
            nodes[name] = replace(node, ended=EndedBefore(rounds, pin.status, port), ports=ports)
        return FlowGraph(graph.workflow, nodes, graph.edges, graph.triggers)


def resumed(graph: FlowGraph, loops: LoopTree, pins: Mapping[str, Pin]) -> Resumed:
    """Tells pins of loops that are under way from all others."""
    under_way = [loop for loop in loops.outermost if _is_under_way(graph, loops, loop, pins)]
    inside = {
        name: _rounds(loops, name, pin)
        for name, pin in pins.items()
        if any(name in loop.nodes for loop in under_way)
    }
    outside = {name: pin for name, pin in pins.items() if name not in inside}
    return Resumed(outside, inside, frozenset(loop.header for loop in under_way))


def _is_under_way(graph: FlowGraph, loops: LoopTree, loop: Loop, pins: Mapping[str, Pin]) -> bool:
    """Whether the loop has begun, and not certainly ended: each of its nodes has, and none leads back."""
    if not loop.nodes & pins.keys():
        return False
    taken = (edge for node in loop.nodes & pins.keys() for edge in ended_edges(graph, node, pins[node]))
    return not loop.nodes <= pins.keys() or any(edge.index in loops.back for edge in taken)


def _rounds(loops: LoopTree, name: str, pin: Pin) -> tuple[tuple[str, int], ...]:
    headers = [loop.header for loop in in_loops(loops, name)]
    return tuple(zip(headers, pin.iteration or (0,) * len(headers), strict=False))


def _port(graph: FlowGraph, name: str, pin: Pin) -> str | None:
    if pin.status == "failed":
        return next((edge.port for edge in ended_edges(graph, name, pin)), None)
    return None if pin.status == "skipped" else port_of(graph, name, pin)


def unclear(graph: FlowGraph, loops: LoopTree, pins: Mapping[str, Pin]) -> Iterator[tuple[str, str, str]]:
    """Pins that do not say where a loop stands: the node, what is wrong, and what to do."""
    counted: dict[tuple[str, ...], tuple[int, ...]] = {}
    for name, rounds in resumed(graph, loops, pins).inside.items():
        around = in_loops(loops, name)
        iteration = pins[name].iteration
        if iteration is None or len(iteration) != len(around):
            listed = ", ".join(f'"{loop.header}"' for loop in around)
            wrong = "it is part of a loop: in which iteration has it ended?"
            yield name, wrong, f"give its `iteration`: a number for each loop around it ({listed})"
            continue
        for depth in range(1, len(around) + 1):
            headers = tuple(header for header, _ in rounds[:depth])
            if counted.setdefault(headers, iteration[:depth]) != iteration[:depth]:
                wrong = f'another pin says that the loop of "{headers[-1]}" is in another iteration'
                yield name, wrong, "pin only what has ended in the iteration that is under way"
        if graph.nodes[name].type.has_body:
            wrong = "it has a body and is part of a loop: where it stood cannot be told"
            yield name, wrong, "let it run again"
        yield from _not_closed(graph, loops, pins, name, around)


def _not_closed(
    graph: FlowGraph, loops: LoopTree, pins: Mapping[str, Pin], name: str, around: tuple[Loop, ...]
) -> Iterator[tuple[str, str, str]]:
    for edge in graph.incoming[name]:
        is_inside = any(edge.source in loop.nodes for loop in around[:1])
        if is_inside and edge.index not in loops.back and edge.source not in pins:
            wrong = f'"{edge.source}", which comes before it in the loop, is not'
            yield name, wrong, f'pin "{edge.source}" too'
