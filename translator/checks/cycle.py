"""WF302: the edges lead round in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic

CODE = "WF302"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One finding a definition: the first cycle, every node on it named."""
    if not facts.cycle:
        return
    path = " → ".join(f'"{node}"' for node in (*facts.cycle, facts.cycle[0]))
    last = facts.cycle[-1]
    back = next(edge for edge in facts.resolved.graph.outgoing[last] if edge.target == facts.cycle[0])
    yield Diagnostic(
        CODE,
        f"the edges lead round: {path}",
        "loops are not compiled by this version: remove one of these edges, or retry by a retry_policy",
        back.position,
    )
