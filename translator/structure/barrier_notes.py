"""WF401: tells where nesting made one part wait for another that the graph did not ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from translator.diagnostics import Diagnostic, Position, Severity
from translator.graph import FlowGraph
from translator.regions import Barrier, Regions
from translator.structure.waits import Wait, waits_at

CODE = "WF401"
_NAMED = 4


def barrier_notes(regions: Regions, graph: FlowGraph) -> tuple[Diagnostic, ...]:
    """One note for each barrier that holds something up, with what waits for what."""
    return tuple(
        Diagnostic(
            CODE,
            f"{told(waits, _quoted)}, though no edge says so: "
            "Step Functions nests what runs side by side, and these edges cross",
            "fine as it is; to avoid the wait, let the parts share no node, or join them where they split",
            _place(part, barrier, graph),
            Severity.NOTE,
        )
        for part, barrier in regions.barriers()
        if (waits := waits_at(barrier, part, graph))
    )


def told(waits: Sequence[Wait], title: Callable[[str], str]) -> str:
    """`a waits until b has ended, c until d and e have`; with many nodes not all of them."""
    by_others: dict[tuple[str, ...], list[str]] = {}
    for wait in waits:
        by_others.setdefault(wait.others, []).append(wait.node)
    return ", ".join(_clauses(by_others.items(), title))


def _clauses(
    groups: Iterable[tuple[tuple[str, ...], list[str]]], title: Callable[[str], str]
) -> Iterator[str]:
    for number, (others, nodes) in enumerate(groups):
        if number == _NAMED:
            yield "and so on"
            return
        verb = "" if number else " wait" if len(nodes) > 1 else " waits"
        have = "have" if len(others) > 1 else "has"
        yield f"{_names(nodes, title)}{verb} until {_names(others, title)} {have}{'' if number else ' ended'}"


def _place(regions: Regions, barrier: Barrier, graph: FlowGraph) -> Position:
    """The first edge that leads over the barrier; the first node behind it where there is none."""
    before, behind = regions.nodes_of(barrier.first.bits), regions.nodes_of(barrier.second.bits)
    over = (edge for node in behind for edge in graph.incoming[node] if edge.source in before)
    return min((edge.position for edge in over), default=graph.nodes[behind[0]].position)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _names(nodes: Sequence[str], title: Callable[[str], str]) -> str:
    names = [title(name) for name in nodes[:_NAMED]]
    if len(nodes) > _NAMED:
        return f"{', '.join(names)} and {len(nodes) - _NAMED} more"
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)
