"""WF350: what runs before a `join: first` must lead there and nowhere else, so that it can be cut short."""

from __future__ import annotations

from collections.abc import Iterator

from translator.analyses.races import Elsewhere, elsewhere
from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic

CODE = "WF350"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every `join: first` that would cut short what leads elsewhere too, with the first such edge."""
    if not facts.is_structured:
        return
    for _, loops in facts.graphs:
        parts = [loops.root, *(loop.elements for loop in loops.all_loops())]
        for part in parts:
            if part is not None:
                yield from (_refused(found) for found in elsewhere(part))


def _refused(found: Elsewhere) -> Diagnostic:
    join, edge = found.join, found.edge
    return Diagnostic(
        CODE,
        f'"{join}" cannot wait for the first only: "{edge.source}", which runs before it, '
        f'also leads to "{edge.target}"',
        f'let "{edge.target}" come before "{join}" or start from it, or give "{join}" `join: any`',
        edge.position,
    )
