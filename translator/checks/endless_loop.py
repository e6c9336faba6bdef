"""WF304: a loop that nothing can end."""

from __future__ import annotations

from collections.abc import Iterator

from translator.analyses.loops import Loop
from translator.checks.facts import Facts
from translator.checks.sure_node import is_taken
from translator.diagnostics import Diagnostic
from translator.graph import FlowGraph
from translator.node_type import Ending

CODE = "WF304"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every loop whose iterations are repeated whatever is decided in them."""
    if not facts.is_structured:
        return
    found = [(graph, loop) for graph, loops in facts.graphs for loop in loops.all_loops()]
    for graph, loop in found:
        if _always_repeats(facts, graph, loop):
            message = f'the loop that starts at "{loop.header}" never ends: every way through it leads back'
            hint = "leave it by a condition, or put a `when` on the edge that leads back"
            yield Diagnostic(CODE, message, hint, loop.back[0].position)


def _always_repeats(facts: Facts, graph: FlowGraph, loop: Loop) -> bool:
    """Greatest fixed point: take away each node that has a port whose edges may all lead nowhere."""
    back = {edge.index for edge in loop.back}
    sure = set(loop.nodes)
    changed = True
    while changed:
        gone = {node for node in sure if not _leads_back(facts, graph, node, back, sure)}
        sure -= gone
        changed = bool(gone)
    return loop.header in sure


def _leads_back(facts: Facts, graph: FlowGraph, node: str, back: set[int], sure: set[str]) -> bool:
    if isinstance(graph.nodes[node].lowering, Ending):
        return False
    return all(
        any(
            edge.when is None and (edge.index in back or _is_sure(graph, edge.target, sure)) for edge in edges
        )
        for _, edges in graph.ports_of(node)
        if not edges or any(is_taken(facts, graph.nodes[node], edge) for edge in edges)
    )


def _is_sure(graph: FlowGraph, node: str, sure: set[str]) -> bool:
    return node in sure and (graph.nodes[node].join == "any" or len(graph.incoming[node]) == 1)
