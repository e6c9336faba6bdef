"""WF302, WF303: loops that have no meaning."""

from __future__ import annotations

from collections.abc import Iterator

from translator.analyses.jumps import ways_in
from translator.analyses.loops import Entangled, Irreducible, SharedExit, TooDeep
from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.graph import ENTRY, FlowGraph

IRREDUCIBLE = "WF302"
SHARED_EXIT = "WF303"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """At most one finding a part: the first loop that is refused."""
    for graph, loops in facts.graphs:
        yield from _refused(graph, loops.refused)


def _refused(
    graph: FlowGraph, refused: Irreducible | SharedExit | Entangled | TooDeep | None
) -> Iterator[Diagnostic]:
    if isinstance(refused, Irreducible):
        yield _irreducible(graph, refused)
    elif isinstance(refused, SharedExit):
        yield _shared_exit(refused)
    elif isinstance(refused, Entangled):
        yield Diagnostic(
            SHARED_EXIT,
            f'the loop that starts at "{refused.header}" and another one each hold a part of the other',
            "let one of the two begin and end inside the other, or after it",
            graph.nodes[refused.header].position,
        )


def _irreducible(graph: FlowGraph, refused: Irreducible) -> Diagnostic:
    path = " → ".join(f'"{node}"' for node in (*refused.cycle, refused.cycle[0]))
    entries = ways_in(graph, refused.nodes)
    ways = " and ".join(dict.fromkeys(f'"{edge.target}" (from {_source(edge.source)})' for edge in entries))
    first = refused.cycle[0]
    return Diagnostic(
        IRREDUCIBLE,
        f"the loop {path} can be entered at more than one node ({ways}), and {_why(refused)}",
        f'let all ways into the loop lead to one of its nodes, say "{first}"',
        graph.nodes[first].position,
    )


def _why(refused: Irreducible) -> str:
    if refused.both is None:
        return f'"{refused.waiting}" in it waits for several edges'
    one, other = refused.both
    return (
        f'{_source(one.source)} → "{one.target}" and {_source(other.source)} → "{other.target}" '
        "can be taken together"
    )


def _shared_exit(refused: SharedExit) -> Diagnostic:
    way, other = refused.exit, refused.other
    return Diagnostic(
        SHARED_EXIT,
        f'the edge "{way.source}" → "{way.target}" leaves the loop of "{refused.header}" in every iteration, '
        f'and what it leads to is also reached from outside, by {_source(other.source)} → "{other.target}"',
        f'take "{way.source}" → "{way.target}" only when the loop ends (by a port of its own), '
        f'or remove {_source(other.source)} → "{other.target}"',
        way.position,
    )


def _source(node: str) -> str:
    return "a trigger" if node == ENTRY else f'"{node}"'
