"""WF314: a node waits for all of its edges, of which never more than one can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity
from translator.graph import ENTRY, FlowNode

CODE = "WF314"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every `join: all` with two incoming edges that exclude each other."""
    if not facts.is_structured:
        return
    for node in facts.nodes.values():
        pair = _exclusive_pair(facts, node) if node.join == "all" else None
        if pair is not None:
            sources = f'"{pair[0]}" and "{pair[1]}"'
            message = f'node "{node.id}" can never run: of its edges from {sources} only one is taken'
            hint = "use `join: any`, which runs when at least one of them was taken"
            yield Diagnostic(CODE, message, hint, node.position, Severity.WARNING)


def _exclusive_pair(facts: Facts, node: FlowNode) -> tuple[str, str] | None:
    incoming = facts.forward(node.id)
    if any(edge.source == ENTRY for edge in incoming):
        return None
    for first, second in combinations(incoming, 2):
        if facts.exclude(first, second):
            return first.source, second.source
    return None
