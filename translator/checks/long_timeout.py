"""WF330: a node is given more time than the function that does its work can have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.node_type import Invoking

CODE = "WF330"
LONGEST_SECONDS: Final = 900
"""How long one call of a Lambda function may take (AWS: Lambda quotas)."""

_HINT: Final = (
    "write at most 900; start what takes longer by one node, and ask for its result by another behind a delay"
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every node whose `timeout_seconds` no function can use up."""
    for index, node in facts.numbered_nodes():
        seconds = node.definition.timeout_seconds or 0
        if isinstance(node.lowering, Invoking) and seconds > LONGEST_SECONDS:
            message = (
                f'"timeout_seconds" of node "{node.id}" is {seconds}, '
                f"but a Lambda function ends after {LONGEST_SECONDS}"
            )
            position = facts.resolved.positions.at(f"/nodes/{index}/timeout_seconds")
            yield Diagnostic(CODE, message, _HINT, position)
