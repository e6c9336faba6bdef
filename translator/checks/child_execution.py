"""WF348: what an iteration that is an execution of its own cannot do."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.graph import FlowNode
from translator.node_type import Ending, Iterating, Starting

CODE = "WF348"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every node of a distributed body that ends the run, or waits where it may not."""
    for node in facts.nodes.values():
        for body in facts.resolved.nesting.around(node.id):
            lowering = facts.nodes[body].lowering if body in facts.nodes else None
            if not isinstance(lowering, Iterating) or lowering.children is None:
                continue
            reason = _why_not(node, lowering)
            if reason is not None:
                message = f'"{node.id}" {reason}, and each iteration of "{body}" is an execution of its own'
                yield Diagnostic(CODE, message, f'give "{body}" the parameter `mode: inline`', node.position)
                break


def _why_not(node: FlowNode, around: Iterating) -> str | None:
    if isinstance(node.lowering, Ending):
        return "ends the whole run"
    if node.join == "first":
        return "cancels what is beside it (`join: first`)"
    if around.children == "EXPRESS" and isinstance(node.lowering, Starting) and node.lowering.waits:
        return "waits for a run of another workflow"
    if around.children == "EXPRESS" and isinstance(node.lowering, Iterating) and node.lowering.children:
        return "starts executions itself"
    return None
