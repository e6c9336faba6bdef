"""How deeply an evaluation nests for certain, counted as Step Functions counts it."""

from __future__ import annotations

from typing import Final

from translator.expressions.node import SyntaxNode

MOST_NESTED: Final = 100
"""Evaluations inside one another that the service allows: it adds 100 numbers in a row, and not 101.

It takes 99 brackets around a number, and 99 functions in a chain of `~>`. Measured on the service, of which
the documentation gives no figure: https://github.com/floci-io/floci/issues/2737.
"""

_ON_THEIR_STEP: Final = frozenset({"path", "filter", "group", "sort", "focus", "index"})
"""What JSONata makes one path of, with what stands left of it."""


def evaluated_depth(root: SyntaxNode) -> int:
    """How many evaluations are under way at once at least: what may be passed over does not count."""
    deepest = 0
    pending = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        inner = depth if node.kind in _ON_THEIR_STEP else depth + 1
        pending += ((child, inner) for child in _certain(node))
    return deepest


def _certain(node: SyntaxNode) -> tuple[SyntaxNode, ...]:
    """The parts that are evaluated whatever the others give."""
    if node.kind in {"lambda", "transform"}:
        return ()
    if node.kind == "bind":
        return node.children[1:]
    if node.kind in _ON_THEIR_STEP or node.kind in {"apply", "condition"} or node.value in {"and", "or"}:
        return node.children[:1]
    return node.children
