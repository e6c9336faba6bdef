"""WF338: an error handler that never runs, because those before it take all of its errors."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.dead_error_edge import service_names
from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity

CODE = "WF338"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such handler: the first in the list that takes a failure runs, and no other."""
    taken_of: dict[str | None, set[str]] = {}
    for index, handler in enumerate(facts.resolved.definition.error_handlers):
        names, taken = service_names(handler.errors), taken_of.setdefault(handler.of, set())
        if names <= taken or "*" in taken:
            message = f'the error handler "{handler.node}" never runs: those before it take all of its errors'
            hint = "move it before them, or remove it"
            position = facts.resolved.positions.at(f"/error_handlers/{index}")
            yield Diagnostic(CODE, message, hint, position, Severity.WARNING)
        taken |= names
