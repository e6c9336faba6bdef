"""WF337: an error edge that is never taken, because another one of its node takes all of its errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity
from translator.error_classes import NAMES_OF_CLASS
from translator.graph import FlowEdge

CODE = "WF337"
ANY: Final = "*"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such edge: what names errors is asked before what takes all, else by the alphabet."""
    for graph, node in ((each, node) for each, _ in facts.graphs for node in each.nodes):
        earlier: list[FlowEdge] = []
        for edge in graph.outgoing[node]:
            if edge.is_error:
                if _takes(edge) <= frozenset[str]().union(*map(_takes, earlier)):
                    yield _never_taken(edge, [one for one in earlier if _takes(one) & _takes(edge)])
                earlier.append(edge)


def service_names(errors: Sequence[str]) -> frozenset[str]:
    """The service's names of some errors, `*` for all."""
    if ANY in (errors or (ANY,)):
        return frozenset({ANY})
    return frozenset(name for error in errors for name in NAMES_OF_CLASS.get(error, (error,)))


def _takes(edge: FlowEdge) -> frozenset[str]:
    return service_names(edge.errors)


def _never_taken(edge: FlowEdge, takers: Sequence[FlowEdge]) -> Diagnostic:
    listed = " and ".join(f'"{taker.target}"' for taker in takers)
    verb = "takes" if len(takers) == 1 else "take"
    errors = ", ".join(f'"{error}"' for error in edge.errors) if ANY not in _takes(edge) else "every error"
    words = f'the error edge "{edge.source}" → "{edge.target}" is never taken'
    hint = "list other errors; to start both, lead one error edge to a node that leads to both"
    message = f"{words}: what leads to {listed} {verb} {errors}"
    return Diagnostic(CODE, message, hint, edge.position, Severity.WARNING)
