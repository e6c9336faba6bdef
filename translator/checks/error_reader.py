"""WF311: `$error` is read where no failure can have led."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity
from translator.resolve.nesting import RESULT_OF
from translator.resolve.uses import OUTPUT, Use

CODE = "WF311"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such reading: the value is always null there."""
    if not facts.is_structured:
        return
    for use in facts.resolved.uses:
        if use.name == "error" and not _is_behind_an_error_edge(facts, use):
            reader = use.reader.removeprefix(RESULT_OF)
            where = "the output" if use.reader == OUTPUT else f'node "{reader}"'
            message = f"{where} reads $error, but no error edge leads there: it is always null"
            yield Diagnostic(CODE, message, "lead an error edge to it", use.position, Severity.WARNING)


def _is_behind_an_error_edge(facts: Facts, use: Use) -> bool:
    targets = [edge.target for graph, _ in facts.graphs for edge in graph.edges if edge.is_error]
    handling = facts.resolved.handling
    if handling is not None:
        targets += [handler.node for handler in handling.handlers]
    for body in facts.resolved.bodies.values():
        targets += [handler.node for handler in body.handling.handlers] if body.handling else []
    if use.reader == OUTPUT:
        return bool(targets)
    reader = use.reader.removeprefix(RESULT_OF)
    if reader != use.reader and facts.resolved.nesting.inside(reader).intersection(targets):
        return True
    return any(target == reader or facts.can_precede(target, reader) for target in targets)
