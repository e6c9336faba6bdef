"""What one function's answer alone decides the value of: where it is large, the function works that out."""

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
_STEPS: Final = frozenset({"path", "filter", "sort", "group"})


class View(NamedTuple):
    """One part of an expression: the node whose output it reads, its own text, and where that stands."""

    node: str
    source: str
    start: int
    end: int


class Answering(NamedTuple):
    """The nodes whose outputs functions answer, and those among them whose outputs are lists.

    A list has no place for a reference, so of lists all that is read is worked out where they are.
    """

    nodes: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


NOBODY: Final = Answering()


def find_views(tree: ExpressionTree, answering: Answering) -> tuple[View, ...]:
    """The outermost such parts of an expression, in the order of the text."""
    named = tree.free_names & answering.nodes
    is_shadowed = any(local.name in answering.nodes for local in tree.locals)
    if is_shadowed or not named:
        return ()
    return _find_views(tree.source, Answering(named, named & answering.lists))


@lru_cache(maxsize=8192)
def _find_views(source: str, answering: Answering) -> tuple[View, ...]:
    tree = parse_expression(source)
    if tree.root is None:
        return ()
    return tuple(sorted(_views_in(tree.root, source, answering), key=lambda view: view.start))


def _views_in(node: SyntaxNode, source: str, answering: Answering) -> Iterator[View]:
    view = None
    if node.kind == "call":
        view = _call(node, source, answering.nodes)
    elif node.kind in _STEPS:
        view = _path(node, source, answering.lists)
    if view is not None:
        yield view
    elif node.kind in _STEPS:
        yield from _views_in(node.children[0], source, answering)
    elif node.kind in _TRANSPARENT:
        for child in node.children:
            yield from _views_in(child, source, answering)


def _call(node: SyntaxNode, source: str, nodes: frozenset[str]) -> View | None:
    procedure = node.children[0]
    if procedure.kind != "variable" or procedure.name not in _TAKING_MUCH or len(node.children) < 2:
        return None
    return _closed(source, procedure.start, _behind_bracket(source, node.end), nodes)


def _path(node: SyntaxNode, source: str, nodes: frozenset[str]) -> View | None:
    base = first_step(node)
    if base.kind != "variable" or base.name not in nodes:
        return None
    view = _closed(source, base.start, behind_steps(source, base.end), nodes)
    # What the scan of the text takes for the path must be what the parser takes for it.
    is_same = view is not None and _shape(parse_expression(view.source).root) == _shape(node)
    return view if is_same else None


def first_step(node: SyntaxNode) -> SyntaxNode:
    """What a path, with all its predicates and orders, begins with."""
    while node.kind in _STEPS:
        node = node.children[0]
    return node


def _shape(node: SyntaxNode | None) -> object:
    if node is None:
        return None
    return node.kind, node.value, node.keeps_array, [_shape(child) for child in node.children]


def _closed(source: str, start: int, end: int, nodes: frozenset[str]) -> View | None:
    """The part of the source, if one node's output alone decides what it gives."""
    text = source[start:end]
    inner = parse_expression(text)
    if inner.root is None or inner.problems or _CHANGING & {use.name for use in inner.functions}:
        return None
    [name, *more] = inner.free_names or [""]
    return None if more or name not in nodes else View(name, text, start, end)


_TEXT: Final = r"""(?:"(?:[^"\\]|\\.)*")|(?:'(?:[^'\\]|\\.)*')|`[^`]*`"""
_PIECE: Final = re.compile(rf"{_TEXT}|/\*.*?\*/|.", re.DOTALL)
_STEP: Final = re.compile(rf"\s*\.\s*(?:[A-Za-z_]\w*|{_TEXT}|\*\*?|(?=[({{\[]))", re.DOTALL)
_OPENING: Final = re.compile(r"\s*(?:\^\s*\(|[\[{])")
_GROUP: Final = re.compile(r"[({\[]")


def _behind_bracket(source: str, at: int) -> int:
    """The offset behind the bracket that closes one opened before it.

    A regular expression with a bracket of its own may hide it; the text is then no expression by itself.
    """
    depth = 1
    for match in _PIECE.finditer(source, at):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(source)


def behind_steps(source: str, at: int) -> int:
    """The offset behind all steps, predicates, orders and groups that follow one another from there."""
    while True:
        step = _STEP.match(source, at)
        if step is not None:
            group = _GROUP.match(source, step.end())
            at = step.end() if group is None else _behind_bracket(source, group.end())
            continue
        opening = _OPENING.match(source, at)
        if opening is None:
            return at
        at = _behind_bracket(source, opening.end())


def text_of_view(view: View, number: str) -> str:
    """An expression for a call's value: worked out already if the output is large, else the call itself."""
    reference = f"${view.node}.{RESERVED}"
    return f"({reference} ? $parse({reference}.{number})[0] : {view.source})"
