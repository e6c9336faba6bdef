"""Names parts of an expression in a message, and says where they begin."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from translator.expressions.node import SyntaxNode

_PLAIN: Final = re.compile(r"[A-Za-z_]\w*")
_LONGEST: Final = 60
_DIGITS: Final = frozenset("0123456789.eE")


def excerpt(node: SyntaxNode) -> str | None:
    """The text of a path of plain names, or of a literal; None for what takes more than a few words."""
    text = _text(node)
    return text if text is not None and len(text) <= _LONGEST else None


def joined(steps: Sequence[SyntaxNode]) -> str | None:
    """The text of the steps of a path; None if it is long, or if there are none."""
    texts = [_text(step) for step in steps]
    text = ".".join(text for text in texts if text is not None)
    return text if text and None not in texts and len(text) <= _LONGEST else None


def _text(node: SyntaxNode) -> str | None:
    match node.kind:
        case "variable":
            return f"${node.name}"
        case "name":
            return node.name if _PLAIN.fullmatch(node.name) else f"`{node.name}`"
        case "literal":
            return json.dumps(node.value, ensure_ascii=False)
        case "path":
            left, right = (_text(child) for child in node.children)
            return None if left is None or right is None else f"{left}.{right}"
        case "filter":
            left = _text(node.children[0])
            return None if left is None else f"{left}[{_text(node.children[1]) or '…'}]"
        case "block" if len(node.children) == 1:
            return _text(node.children[0])
        case "call" if node.children[0].kind == "variable":
            return f"${node.children[0].name}(…)"
    return None


def span(node: SyntaxNode, source: str) -> tuple[int, int]:
    """Where a construct begins, and where the token that makes it what it is ends."""
    first = node
    while first.children and first.kind not in {"array", "object", "block", "lambda", "transform", "negate"}:
        first = first.children[0]
    if first.kind != "literal":
        return first.start, max(node.end, first.end)
    return _literal_start(first, source), max(node.end, first.end)


def _literal_start(node: SyntaxNode, source: str) -> int:
    """The library tells where a literal ends; a text with escapes keeps that."""
    if isinstance(node.value, str):
        start = node.end - len(node.value) - 2
        return start if start >= 0 and source[start] in "\"'" else node.start
    if isinstance(node.value, bool) or node.value is None:
        return max(node.end - len(json.dumps(node.value)), 0)
    start = node.end
    while start > 0 and source[start - 1] in _DIGITS:
        start -= 1
    return start
