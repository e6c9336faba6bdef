"""The shapes that operators give, and operands that they cannot take."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.comparison import check_equality, check_membership, check_order
from translator.shapes.excerpt import excerpt, span
from translator.shapes.finding import WRONG_OPERAND, Finding
from translator.shapes.frame import Place
from translator.shapes.inference import Inference
from translator.shapes.reading import sequence
from translator.shapes.shape import BOOLEAN, NEVER, NOTHING, NUMBER, TEXT, Shape, array_of, join
from translator.shapes.wording import kind_named

_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%"})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})

Verdict: TypeAlias = Literal["fits", "useless", "fails"]


def verdict(shape: Shape, accepted: int) -> Verdict:
    """Whether a value may be of an accepted kind; `useless` if at best there is no value.

    What is null or nothing at times is not the expression's fault: a node may have been skipped.
    """
    if shape.kinds & accepted or not shape.kinds:
        return "fits"
    if not shape.kinds & kinds.NOTHING:
        return "fails"
    return "useless" if shape.kinds & ~kinds.ABSENT else "fits"


def operator(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """Two operands."""
    left, right = node.children
    sign = node.name
    first = walk.shape(left, place)
    second = walk.shape(right, place.perhaps if sign in {"and", "or"} else place)
    if sign in _ARITHMETIC:
        return _arithmetic(walk, node, (first, second), place)
    if sign == "&":
        return TEXT
    if sign in _ORDER:
        check_order(walk, node, (first, second), place)
        return BOOLEAN.or_nothing if (first.kinds | second.kinds) & kinds.NOTHING else BOOLEAN
    if sign in {"=", "!="}:
        check_equality(walk, node, (first, second))
    elif sign == "in":
        check_membership(walk, node, (first, second))
    return BOOLEAN


def negate(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A minus before one operand."""
    given = walk.shape(node.children[0], place)
    may_be_array = bool(given.kinds & kinds.ARRAY)
    _need_number(walk, "-", node.children[0], given, place.perhaps if may_be_array else place)
    # Some evaluators let an empty array pass.
    return join(_number_from(given), array_of(NEVER)) if may_be_array else _number_from(given)


def number_range(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`first .. last`, which stands in an array."""
    shapes = [walk.shape(child, place) for child in node.children]
    for child, shape in zip(node.children, shapes, strict=True):
        _need_number(walk, "..", child, shape, place)
    return sequence(NUMBER) if all(shape.kinds != kinds.NOTHING for shape in shapes) else NOTHING


def _arithmetic(walk: Inference, node: SyntaxNode, shapes: tuple[Shape, Shape], place: Place) -> Shape:
    for child, shape in zip(node.children, shapes, strict=True):
        _need_number(walk, node.name, child, shape, place)
    first, second = (_number_from(shape) for shape in shapes)
    if NOTHING in (first, second):
        return NOTHING
    return join(first, second)


def _number_from(shape: Shape) -> Shape:
    """What a calculation gives for this operand, if it does not fail."""
    if not shape.kinds:
        return NEVER
    if shape.kinds & kinds.NOTHING:
        return NUMBER.or_nothing if shape.kinds & kinds.NUMBER else NOTHING
    return NUMBER


def _need_number(walk: Inference, sign: str, child: SyntaxNode, shape: Shape, place: Place) -> None:
    found = verdict(shape, kinds.NUMBER)
    if found == "fits":
        return
    real = shape.without(kinds.NOTHING)
    what = excerpt(child) or "what stands there"
    message = f'"{sign}" calculates with numbers, but {what} is {kind_named(real)}'
    start, end = span(child, walk.source)
    always = found == "fails" and place.is_certain
    walk.report(Finding(WRONG_OPERAND, message, _number_hint(sign, real), start, end, always))


def _number_hint(sign: str, shape: Shape) -> str:
    if shape.kinds == kinds.TEXT:
        joining = "join texts with `&`, or " if sign == "+" else ""
        return f"{joining}read a number from a text with $number(…)"
    if shape.kinds == kinds.ARRAY:
        return "add up an array with $sum(…), count its items with $count(…), or choose one with [0]"
    if shape.kinds == kinds.OBJECT:
        return "read one of its fields"
    return "calculate with a number"
