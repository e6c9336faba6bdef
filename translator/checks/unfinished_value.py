"""WF310: an expression reads a node that can never have finished by then."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.resolve.uses import OUTPUT, Use

CODE = "WF310"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such reading; a node may read what can come before it, an edge its own source too."""
    if not facts.is_structured:
        return
    names = {node.id for node in facts.resolved.definition.nodes}
    for use in facts.resolved.uses:
        if use.name in names and not _may_have_finished(facts, use):
            yield Diagnostic(CODE, _message(use), _hint(facts, use), use.position)


def _may_have_finished(facts: Facts, use: Use) -> bool:
    if use.reader == OUTPUT:
        return use.name in facts.nodes
    if use.is_edge and use.reader == use.name:
        return True
    return facts.can_precede(use.name, use.reader)


def _message(use: Use) -> str:
    if use.reader == OUTPUT:
        return f'the output reads "${use.name}", a node that never runs'
    if use.name == use.reader:
        return f'node "{use.reader}" reads its own output'
    return f'node "{use.reader}" reads "${use.name}", which can never have finished by then'


def _hint(facts: Facts, use: Use) -> str:
    both_run = use.name in facts.nodes and use.reader in facts.nodes
    if both_run and use.name != use.reader and facts.can_overlap(use.name, use.reader):
        return f'the two run side by side: lead an edge from "{use.name}" to "{use.reader}"'
    return "read a node that comes before it, or change the edges"
