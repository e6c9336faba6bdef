"""WF349: an edge leads from what handles one body's failures to what handles another's."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic

CODE = "WF349"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such edge: each handling is a part of its own, and nothing leads out of it."""
    home: dict[str, str] = {}
    if facts.resolved.handling is not None:
        home.update(dict.fromkeys(facts.resolved.handling.graph.nodes, "the workflow"))
    for node, body in facts.resolved.bodies.items():
        if body.handling is not None:
            home.update(dict.fromkeys(body.handling.graph.nodes, f'"{node}"'))
    for index, edge in enumerate(facts.resolved.definition.edges):
        here, there = home.get(edge.from_), home.get(edge.to)
        if here is not None and there is not None and here != there:
            words = f'the edge "{edge.from_}" → "{edge.to}"'
            message = f"{words} leads from the handling of {here} to that of {there}"
            hint = "let each handle by nodes of its own"
            yield Diagnostic(CODE, message, hint, facts.resolved.positions.at(f"/edges/{index}"))
