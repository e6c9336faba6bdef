"""Calls whose value one function's answer alone decides: where that is large, the function works them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from translator.expressions.node import SyntaxNode
from translator.expressions.syntax import ExpressionTree, parse_expression
from translator.projection.want import RESERVED

_TAKING_MUCH: Final = frozenset(
    {"append", "average", "contains", "count", "distinct", "each", "filter", "join", "keys", "map", "match"}
    | {"max", "merge", "min", "partition", "reduce", "reverse", "sift", "single", "sort", "split", "spread"}
    | {"sum", "zip"}
)
"""Functions that look at all of what they are given, which may be much more than they give."""
_CHANGING: Final = frozenset({"now", "millis", "random", "uuid", "shuffle"})
_TRANSPARENT: Final = frozenset({"operator", "condition", "object", "array", "negate", "block", "call"})
"""Constructs whose parts are evaluated where the construct is, on no other context."""


class View(NamedTuple):
    """One call: the node whose output it reads, its own text, and where that stands."""

    node: str
    source: str
    start: int
    end: int


def find_views(tree: ExpressionTree, nodes: frozenset[str]) -> tuple[View, ...]:
    """The outermost such calls of an expression, in the order of the text; `nodes` are the functions'."""
    named = tree.free_names & nodes
    is_shadowed = any(local.name in nodes for local in tree.locals)
    return () if is_shadowed or not named else _find_views(tree.source, frozenset(named))


@lru_cache(maxsize=8192)
def _find_views(source: str, nodes: frozenset[str]) -> tuple[View, ...]:
    tree = parse_expression(source)
    if tree.root is None:
        return ()
    return tuple(sorted(_views_in(tree.root, source, nodes), key=lambda view: view.start))


def _views_in(node: SyntaxNode, source: str, nodes: frozenset[str]) -> Iterator[View]:
    view = _view(node, source, nodes) if node.kind == "call" else None
    if view is not None:
        yield view
    elif node.kind in {"path", "filter", "sort"}:
        yield from _views_in(node.children[0], source, nodes)
    elif node.kind in _TRANSPARENT:
        for child in node.children:
            yield from _views_in(child, source, nodes)


def _view(node: SyntaxNode, source: str, nodes: frozenset[str]) -> View | None:
    procedure = node.children[0]
    if procedure.kind != "variable" or procedure.name not in _TAKING_MUCH or len(node.children) < 2:
        return None
    end = _behind_call(source, node.end)
    text = source[procedure.start : end]
    inner = parse_expression(text)
    if inner.root is None or inner.problems or _CHANGING & {use.name for use in inner.functions}:
        return None
    [name, *more] = inner.free_names or [""]
    return None if more or name not in nodes else View(name, text, procedure.start, end)


_PIECE: Final = re.compile(r"""(?:"(?:[^"\\]|\\.)*")|(?:'(?:[^'\\]|\\.)*')|`[^`]*`|/\*.*?\*/|.""", re.DOTALL)


def _behind_call(source: str, at: int) -> int:
    """The offset behind the bracket that closes a call whose arguments begin at `at`.

    A regular expression with a bracket of its own may hide it; the text is then no call by itself.
    """
    depth = 1
    for match in _PIECE.finditer(source, at):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(source)


def text_of_view(view: View, number: str) -> str:
    """An expression for a call's value: worked out already if the output is large, else the call itself."""
    reference = f"${view.node}.{RESERVED}"
    return f"({reference} ? $parse({reference}.{number})[0] : {view.source})"
