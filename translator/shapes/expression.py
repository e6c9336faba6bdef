"""The shape of an expression, or of a template of expressions, over names whose shapes are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from translator.expressions.node import SyntaxNode
from translator.expressions.syntax import ExpressionTree, parse_expression
from translator.shapes import calls, constructors, operators, steps, variables
from translator.shapes.finding import Finding
from translator.shapes.frame import Place, frame_of
from translator.shapes.inference import Inference, Rule
from translator.shapes.shape import ANYTHING, NOTHING, Shape

RULES: Final[Mapping[str, Rule]] = {
    "literal": variables.literal,
    "regex": variables.function_value,
    "name": steps.name,
    "wildcard": steps.wildcard,
    "descendant": variables.unknown,
    "parent": variables.unknown,
    "variable": variables.variable,
    "placeholder": variables.unknown,
    "path": steps.path,
    "filter": steps.filter_,
    "group": constructors.group,
    "sort": steps.sort,
    "focus": steps.stream,
    "index": steps.stream,
    "bind": variables.bind,
    "apply": calls.apply,
    "operator": operators.operator,
    "negate": operators.negate,
    "array": constructors.array,
    "range": operators.number_range,
    "object": constructors.object_,
    "block": variables.block,
    "condition": variables.condition,
    "call": calls.call,
    "partial": variables.function_value,
    "lambda": variables.definition,
    "transform": variables.transform,
}

_SIGNATURE: Final = re.compile(r"\)\s*<")
_STREAM: Final = re.compile(r"[@#%]")


Naming: TypeAlias = Callable[[str], Shape]


class Inferred(NamedTuple):
    """What is known of an expression before it is evaluated."""

    shape: Shape
    findings: tuple[Finding, ...] = ()


def infer(source: str, names: Naming, context: Shape = NOTHING) -> Inferred:
    """The shape of the value, and what cannot be meant; `names` tells what a name without its `$` stands for.

    `context` is what `$` is at the top: for Step Functions nothing. An expression that has problems of its
    own is of unknown shape. Equal questions are answered once.
    """
    tree = parse_expression(source)
    if tree.root is None:
        return Inferred(ANYTHING)
    used = sorted(tree.free_names.union(late.name for late in tree.late))
    return _infer(source, tuple((name, names(name)) for name in used), context)


def unknown_name(name: str) -> Shape:
    """Knows nothing of any name."""
    del name
    return ANYTHING


@lru_cache(maxsize=65_536)
def _infer(source: str, names: tuple[tuple[str, Shape], ...], context: Shape) -> Inferred:
    tree = parse_expression(source)
    root = tree.root
    if root is None:
        return Inferred(ANYTHING)
    walk = _walk(tree, root, dict(names), context)
    place = Place(context, frame_of((root,), None))
    try:
        shape = walk.shape(root, place)
    except RecursionError:
        return Inferred(ANYTHING)
    return Inferred(shape, tuple(sorted(walk.findings, key=lambda finding: (finding.start, finding.code))))


def _walk(tree: ExpressionTree, root: SyntaxNode, names: Mapping[str, Shape], context: Shape) -> Inference:
    source = tree.source
    return Inference(
        source,
        names,
        RULES,
        context,
        keeps_arrays="[" in source and any(node.keeps_array for node in root.walk()),
        has_streams=_STREAM.search(source) is not None and any(map(steps.is_stream, root.walk())),
        has_signatures=_SIGNATURE.search(source) is not None,
    )
