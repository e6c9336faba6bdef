"""Tells the expressions that always give a value from those that may fail or yield nothing."""

from __future__ import annotations

from typing import Final

from translator.expressions.functions import MAY_NOT_FAIL
from translator.expressions.node import SyntaxNode
from translator.expressions.restrictions import RESERVED_LOCAL
from translator.expressions.syntax import ExpressionTree, parse_expression

_SAFE_OPERATORS: Final = frozenset({"=", "!=", "and", "or", "in", "&"})
"""Operators that compare or join values of any type."""

_BOOLEAN_OPERATORS: Final = frozenset({"=", "!=", "and", "or", "in"})
"""Operators that give true or false even where an operand is nothing (JSONata 2.0.6)."""

_SAFE_KINDS: Final = frozenset(
    {"literal", "name", "variable", "path", "filter", "array", "block", "condition", "bind"}
)


def may_fail(tree: ExpressionTree) -> bool:
    """Whether evaluating may raise an error; False only where no value of any reference can make it.

    An expression that yields nothing has not failed.
    """
    # The names that the compiler keeps for itself are what it writes itself.
    if tree.root is None or any(problem.code != RESERVED_LOCAL for problem in tree.problems):
        return True
    local = {name.name for name in tree.locals}
    return any(not _is_safe(node, local) for node in tree.root.walk() if node.kind != "object") or any(
        not _has_safe_keys(node) for node in tree.root.walk() if node.kind == "object"
    )


def _is_safe(node: SyntaxNode, local: set[str]) -> bool:
    if node.kind == "operator":
        return node.value in _SAFE_OPERATORS
    if node.kind == "call":
        function = node.children[0]
        known = function.kind == "variable" and function.name in MAY_NOT_FAIL and function.name not in local
        return known and len(node.children) == 2
    return node.kind in _SAFE_KINDS


def _has_safe_keys(node: SyntaxNode) -> bool:
    """Keys must be texts, and each must be there once."""
    keys = [key.value for key in node.children[::2] if key.kind == "literal" and isinstance(key.value, str)]
    return len(keys) == len(set(keys)) == len(node.children) // 2


def source_may_fail(source: str) -> bool:
    """The same of an expression that has not been read yet."""
    return may_fail(parse_expression(source))


def may_yield_nothing(tree: ExpressionTree) -> bool:
    """Whether the value may be nothing at all; a bare reference has a value, if only null."""
    return tree.root is None or _may_yield_nothing(tree.root, {name.name for name in tree.locals})


def _may_yield_nothing(node: SyntaxNode, local: set[str]) -> bool:
    if node.kind in {"literal", "array", "object"}:
        return False
    if node.kind == "variable":
        return node.value in {"", "$"} or node.value in local
    if node.kind == "operator":
        return node.value not in _SAFE_OPERATORS
    if node.kind == "condition":
        return len(node.children) < 3 or any(_may_yield_nothing(child, local) for child in node.children[1:])
    if node.kind == "block":
        return not node.children or _may_yield_nothing(node.children[-1], local)
    return not (node.kind == "call" and node.children[0].value == "exists" and "exists" not in local)


def is_boolean(tree: ExpressionTree) -> bool:
    """Whether the value is true or false whenever there is one, and there always is one unless it fails."""
    if tree.root is None or tree.problems:
        return False
    node, local = tree.root, {name.name for name in tree.locals}
    while node.kind == "block" and len(node.children) == 1:
        node = node.children[0]
    if node.kind == "operator":
        return node.value in _BOOLEAN_OPERATORS
    return node.kind == "call" and node.children[0].value == "exists" and "exists" not in local


def may_be_array(tree: ExpressionTree) -> bool:
    """Whether the value may be an array; False only for what is seen to be a text, a number and the like."""
    root = tree.root
    return root is None or root.kind not in {"literal", "object", "operator", "negate", "regex"}
