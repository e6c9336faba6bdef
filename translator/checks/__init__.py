"""Phase 3: rules about what a graph means, one file each."""

from __future__ import annotations

from translator.checks import (
    data_types,
    error_reader,
    impossible_join,
    loop,
    unfinished_value,
    variable_writers,
)
from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic

RULES = (loop, unfinished_value, error_reader, variable_writers, impossible_join, data_types)


def check(facts: Facts) -> tuple[Diagnostic, ...]:
    """What all rules find, in the order of the definition."""
    found = [diagnostic for rule in RULES for diagnostic in rule.check(facts)]
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.position, diagnostic.code)))
