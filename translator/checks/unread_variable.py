"""WF334: a variable is declared that no expression reads."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity

CODE = "WF334"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such variable, also one that is only set."""
    for index, variable in enumerate(facts.resolved.definition.variables):
        if variable.name in facts.resolved.names_read:
            continue
        message = f'no expression reads the variable "{variable.name}"'
        hint = f"read it as ${variable.name}, or remove it"
        position = facts.resolved.positions.at(f"/variables/{index}/name")
        yield Diagnostic(CODE, message, hint, position, Severity.WARNING)
