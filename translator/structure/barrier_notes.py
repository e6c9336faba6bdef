"""WF401: tells where nesting made one part wait for another that the graph did not ask for."""

from __future__ import annotations

from translator.diagnostics import Diagnostic, Position, Severity
from translator.regions import Regions

CODE = "WF401"
_NAMED = 4


def barrier_notes(regions: Regions) -> tuple[Diagnostic, ...]:
    """One note a barrier, with the nodes on both sides."""
    return tuple(
        Diagnostic(
            CODE,
            f"{_names(behind)} will wait until {_names(before)} "
            "have ended: Step Functions nests what runs side by side, and these edges cross",
            "fine as it is; to avoid the wait, let the parts share no node, or join them where they split",
            Position(0, 0, "/edges"),
            Severity.NOTE,
        )
        for before, behind in regions.barriers()
    )


def _names(nodes: tuple[str, ...]) -> str:
    names = [f'"{name}"' for name in nodes]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
