"""The syntax tree of a JSONata expression, as the rest of the translator sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "literal",  # value: the text, number, boolean or null
    "regex",
    "name",  # value: the field
    "wildcard",
    "descendant",
    "parent",
    "variable",  # value: the name without its `$`; "" is `$`, "$" is `$$`
    "placeholder",  # `?` among the arguments of a partial application
    "path",  # left . right
    "filter",  # left [ right ]
    "group",  # left { key: value, … }
    "sort",  # left ^( terms )
    "focus",  # left @ variable
    "index",  # left # variable
    "bind",  # variable := right
    "apply",  # left ~> right
    "operator",  # value: the operator; two operands
    "negate",
    "array",
    "range",
    "object",  # keys and values in turn
    "block",
    "condition",  # value: "?", or one of the operators that the service does not have
    "call",  # procedure, then arguments
    "partial",
    "lambda",  # parameters, then the body
    "transform",  # pattern, update and perhaps delete
]


class SyntaxNode(NamedTuple):
    """One construct; `start` and `end` are the offsets of the token that makes it what it is."""

    kind: Kind
    start: int
    end: int
    value: str | float | bool | None = None
    children: tuple[SyntaxNode, ...] = ()
    keeps_array: bool = False
    """Whether `[]` follows."""

    @property
    def name(self) -> str:
        """The value of a name, a variable or an operator."""
        return str(self.value)

    def walk(self) -> Iterator[SyntaxNode]:
        """This node and all below it, in the order of the text."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))
