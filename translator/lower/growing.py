"""Variables that a loop makes larger with every iteration: refused in time, where it can be caught."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from translator.expressions.node import SyntaxNode
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.lower.context import Context
from translator.lower.draft import expression
from translator.node_type import Passing, Repeating
from translator.projection.limits import SMALL_RESULTS

MOST_BYTES: Final = 240_000
"""Of a variable's JSON: the service holds 262,144 bytes, and nothing catches that it cannot (AWS: quotas)."""
_ASKED_FROM: Final = 80_000
"""Characters, each of which has three bytes at most."""


def within_limits(context: Context, node: FlowNode, name: str, value: JsonValue) -> JsonValue:
    """A variable's new value, with an error where it has grown too large if it may grow in a loop."""
    source = source_of(value)
    lowering = node.lowering
    if source is None or not isinstance(lowering, Passing) or not _is_repeated(context, node):
        return value
    if not _grows(lowering.assign[name], name, context.nodes, frozenset()):
        return value
    said = (
        f'variable "{name}" has grown to more than {MOST_BYTES:,} bytes, and a state machine can hold no '
        "more: let a transform with `resources: small` make its value, and set the variable to that output"
    )
    text = '$length($text__) + 2 * $length($replace($text__, /[ -~]+/, ""))'
    return expression(
        f"($grown__ := ({source}); $text__ := $string($grown__); "
        f"$length($text__) > {_ASKED_FROM} and {text} > {MOST_BYTES} ? $error({json.dumps(said)}) : $grown__)"
    )


def _is_repeated(context: Context, node: FlowNode) -> bool:
    """Whether it stands in a loop or in a `while`; iterations of a `for_each` begin anew."""
    around = context.nodes.get(node.definition.parent or "")
    if node.id in context.loops_around or (around is not None and isinstance(around.lowering, Repeating)):
        return True
    return around is not None and _is_repeated(context, around)


def _grows(template: JsonValue, name: str, nodes: Mapping[str, FlowNode], seen: frozenset[str]) -> bool:
    """Whether the variable's value is a part of what the template gives, and more may come to it."""
    roots = list(_roots(template))
    is_itself = isinstance(template, str) and [root.value for root in roots] == [name]
    return not is_itself and any(_is_within(root, name, nodes, seen) for root in roots)


def _is_within(root: SyntaxNode, name: str, nodes: Mapping[str, FlowNode], seen: frozenset[str]) -> bool:
    if _is_small(root):
        return False
    if root.kind == "variable":
        return root.name == name or _is_made(root.name, name, nodes, seen)
    return any(_is_within(child, name, nodes, seen) for child in root.children)


def _is_made(node: str, name: str, nodes: Mapping[str, FlowNode], seen: frozenset[str]) -> bool:
    """Whether a node that only makes data makes it of the variable."""
    lowering = nodes[node].lowering if node in nodes else None
    if node in seen or not isinstance(lowering, Passing):
        return False
    return any(_is_within(root, name, nodes, seen | {node}) for root in _roots(lowering.output))


def _is_small(root: SyntaxNode) -> bool:
    if root.kind == "operator":
        return root.value != "&"
    return root.kind == "call" and root.children[0].value in SMALL_RESULTS


def _roots(template: JsonValue) -> Iterator[SyntaxNode]:
    if isinstance(template, str):
        for part in parse_template(template).expressions:
            root = parse_expression(part.source).root
            if root is not None:
                yield root
    elif isinstance(template, Mapping):
        for inner in template.values():
            yield from _roots(inner)
    elif isinstance(template, (list, tuple)):
        for inner in template:
            yield from _roots(inner)
