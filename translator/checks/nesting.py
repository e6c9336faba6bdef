"""WF590: more loops and bodies stand inside each other than the translator follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from translator.analyses.deepest import MOST_NESTED, TOO_DEEP, why_too_deep
from translator.analyses.loops import LoopTree, TooDeep
from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.graph import FlowGraph


def check(facts: Facts) -> Iterator[Diagnostic]:
    """The first node that stands in too many."""
    for graph, loops in facts.graphs:
        if isinstance(loops.refused, TooDeep):
            yield _too_deep(graph, loops.refused.node)
            return
    if not facts.is_structured:
        return
    depths = _depths(facts)
    deepest = next((node for node in facts.nodes if depths.get(node, 0) > MOST_NESTED), None)
    if deepest is not None:
        graph = next(graph for graph, _ in facts.graphs if deepest in graph.nodes)
        yield _too_deep(graph, deepest)


def _too_deep(graph: FlowGraph, node: str) -> Diagnostic:
    return Diagnostic(TOO_DEEP, *why_too_deep(node), graph.nodes[node].position)


def _depths(facts: Facts) -> Mapping[str, int]:
    """By node how many loops and bodies are around it."""
    found: dict[str, int] = {}
    _fill(found, facts.resolved.graph, facts.loops, 0)
    if facts.resolved.handling is not None and facts.handling_loops is not None:
        _fill(found, facts.resolved.handling.graph, facts.handling_loops, 0)
    for body, parts in facts.body_graphs.items():
        for graph, loops in parts:
            _fill(found, graph, loops, found.get(body, 0) + 1)
    return found


def _fill(found: dict[str, int], graph: FlowGraph, loops: LoopTree, around: int) -> None:
    found.update(dict.fromkeys(graph.nodes, around))
    for loop in loops.all_loops():
        for node in loop.nodes:
            found[node] += 1
