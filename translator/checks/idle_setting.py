"""WF331: a node has a setting that does nothing, because no Lambda function does its work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Severity
from translator.graph import FlowNode
from translator.node_type import Branching, Choosing, Ending, Iterating, Passing, Repeating, Waiting

CODE = "WF331"
_BY_THE_MACHINE: Final = Passing | Choosing | Waiting | Ending | Iterating | Repeating | Branching
_HINTS: Final = {
    "retry_policy": "remove it: the same expressions would give the same again",
    "timeout_seconds": "remove it; `settings: {timeout_seconds: …}` limits the whole run",
    "effect": "remove it: nothing outside the run is changed",
    "resources": "remove it; of these types only a transform can be evaluated in a function",
}


def _is_read(node: FlowNode) -> bool:
    """Whether functions handle its items and results, which may be large."""
    return isinstance(node.lowering, Iterating) and node.lowering.children is not None


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such setting of a node that Step Functions does by itself."""
    for index, node in facts.numbered_nodes():
        if not isinstance(node.lowering, _BY_THE_MACHINE):
            continue
        for name, hint in _HINTS.items():
            if getattr(node.definition, name) is None or (name == "resources" and _is_read(node)):
                continue
            why = f"a {node.type.name} calls no Lambda function"
            message = f'"{name}" of node "{node.id}" does nothing: {why}'
            position = facts.resolved.positions.key_at(f"/nodes/{index}/{name}")
            yield Diagnostic(CODE, message, hint, position, Severity.WARNING)
