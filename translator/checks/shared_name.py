"""WF332: two nodes are shown by one name."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity

CODE = "WF332"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every node whose name an earlier one has; states need names of their own, so both carry their ids."""
    first: dict[str, str] = {}
    for index, node in facts.numbered_nodes():
        name = " ".join(node.name.split())
        earlier = first.setdefault(name, node.id)
        if earlier == node.id:
            continue
        message = (
            f'nodes "{earlier}" and "{node.id}" share the name "{name}": their states carry their ids too'
        )
        hint = "fine as it is; to tell them apart at a glance, give one of them another `name`"
        position = facts.resolved.positions.at(f"/nodes/{index}/name")
        yield Diagnostic(CODE, message, hint, position, Severity.NOTE)
