"""WF310: an expression reads a node that can never have finished by then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.node_type import Repeating
from translator.resolve.nesting import RESULT_OF
from translator.resolve.uses import OUTPUT, Use

CODE = "WF310"
INSIDE = "WF343"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such reading; a node may read what can come before it, an edge its own source too."""
    if not facts.is_structured:
        return
    names = {node.id for node in facts.resolved.definition.nodes}
    for use in facts.resolved.uses:
        if use.name not in names:
            continue
        hidden = _hidden_in(facts, use)
        if hidden is not None:
            message = f'{_reader(use)} reads "${use.name}", which is inside the body of "{hidden}"'
            hint = f'read "${hidden}": its output holds what its body gives'
            yield Diagnostic(INSIDE, message, hint, use.position)
        elif not _may_have_finished(facts, use):
            yield Diagnostic(CODE, _message(use), _hint(facts, use), use.position)


def _hidden_in(facts: Facts, use: Use) -> str | None:
    """The outermost body that holds what is read and not who reads it."""
    nesting = facts.resolved.nesting
    reader = set(nesting.around(use.reader))
    hidden = [body for body in nesting.around(use.name) if body not in reader]
    return hidden[-1] if hidden else None


def _may_have_finished(facts: Facts, use: Use) -> bool:
    if use.reader == OUTPUT:
        return use.name in facts.nodes
    if use.reader.startswith(RESULT_OF):
        body = use.reader.removeprefix(RESULT_OF)
        inside = facts.resolved.nesting.parent(use.name) == body
        return (inside and use.name in facts.nodes) or _may_have_finished(facts, replace(use, reader=body))
    if use.reader == use.name and isinstance(facts.nodes[use.name].lowering, Repeating):
        return True
    if use.is_edge and use.reader == use.name:
        return True
    return facts.can_precede(use.name, use.reader)


def _reader(use: Use) -> str:
    if use.reader == OUTPUT:
        return "the output"
    return f'node "{use.reader.removeprefix(RESULT_OF)}"'


def _message(use: Use) -> str:
    if use.reader == OUTPUT:
        return f'the output reads "${use.name}", a node that never runs'
    if use.name == use.reader.removeprefix(RESULT_OF):
        return f"{_reader(use)} reads its own output"
    return f'{_reader(use)} reads "${use.name}", which can never have finished by then'


def _hint(facts: Facts, use: Use) -> str:
    both_run = use.name in facts.nodes and use.reader in facts.nodes
    if both_run and use.name != use.reader and facts.can_overlap(use.name, use.reader):
        return f'the two run side by side: lead an edge from "{use.name}" to "{use.reader}"'
    return "read a node that comes before it, or change the edges"
