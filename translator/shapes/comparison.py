"""Comparisons that come out the same whatever the data is."""

from __future__ import annotations

from translator.diagnostics.nearest import nearest
from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.excerpt import excerpt, span
from translator.shapes.finding import IMPOSSIBLE_COMPARISON, Finding
from translator.shapes.frame import Place
from translator.shapes.inference import Inference
from translator.shapes.reading import elements
from translator.shapes.shape import Shape
from translator.shapes.wording import kind_named, named, quoted

_ORDERED = kinds.NUMBER | kinds.TEXT
Pair = tuple[Shape, Shape]


def check_equality(walk: Inference, node: SyntaxNode, shapes: Pair) -> None:
    """Reports `=` and `!=` of values that cannot be equal; one that may be null or nothing says nothing."""
    first, second = _real(shapes[0]), _real(shapes[1])
    if not first.kinds or not second.kinds or _may_be_equal(shapes):
        return
    outcome = "never equal" if node.name == "=" else "always different"
    message = f"{_side(node, 0, first)} and {_side(node, 1, second)} are {outcome}"
    _report(walk, node, message, _equality_hint((first, second)))


def check_membership(walk: Inference, node: SyntaxNode, shapes: Pair) -> None:
    """Reports `in` of a plain value that no item can be."""
    first, items = _real(shapes[0]), _real(elements(shapes[1]))
    # Two objects are the same item only if they are one and the same: nothing that a shape could tell.
    if first.kinds & (kinds.OBJECT | kinds.ARRAY | kinds.FUNCTION) or not first.kinds or not items.kinds:
        return
    if _may_be_equal((shapes[0], elements(shapes[1]))):
        return
    message = (
        f"{_side(node, 0, first)} and the items of {_name(node, 1)} are never equal: each is {named(items)}"
    )
    _report(walk, node, message, _kind_hint((first, items)) or _text_hint((first, items)))


def check_order(walk: Inference, node: SyntaxNode, shapes: Pair, place: Place) -> None:
    """Reports `<`, `<=`, `>` and `>=` of anything but two numbers or two texts."""
    fails = any(not shape.kinds & (_ORDERED | kinds.NOTHING) and shape.kinds for shape in shapes)
    first, second = _real(shapes[0]), _real(shapes[1])
    if not fails:
        if not first.kinds or not second.kinds or first.kinds & second.kinds & _ORDERED:
            return
        fails = not (shapes[0].kinds | shapes[1].kinds) & kinds.NOTHING
    first, second = first if first.kinds else shapes[0], second if second.kinds else shapes[1]
    message = f'"{node.name}" compares two numbers or two texts, but {_sides(node, (first, second))}'
    hint = _kind_hint((first, second)) or "compare two numbers or two texts"
    _report(walk, node, message, hint, fails and place.is_certain)


def _real(shape: Shape) -> Shape:
    return shape.without(kinds.ABSENT)


def _may_be_equal(shapes: Pair) -> bool:
    first, second = shapes
    both = first.kinds & second.kinds & ~kinds.NOTHING
    if both != kinds.TEXT or first.texts is None or second.texts is None:
        return bool(both)
    return bool(first.texts & second.texts)


def _name(node: SyntaxNode, side: int) -> str:
    return excerpt(node.children[side]) or ("the left side", "the right side")[side]


def _side(node: SyntaxNode, side: int, shape: Shape) -> str:
    """`$x.total (a number)`; a literal speaks for itself."""
    if node.children[side].kind == "literal" and shape.kinds != kinds.TEXT:
        return str(excerpt(node.children[side]))
    if node.children[side].kind == "literal":
        return f"the text {excerpt(node.children[side]) or ''}".strip()
    return f"{_name(node, side)} ({named(shape)})"


def _sides(node: SyntaxNode, shapes: Pair) -> str:
    first, second = (kind_named(shape) for shape in shapes)
    return f"{_name(node, 0)} is {first} and {_name(node, 1)} is {second}"


def _equality_hint(shapes: Pair) -> str:
    array, other = sorted(shapes, key=lambda shape: shape.kinds != kinds.ARRAY)
    if array.kinds == kinds.ARRAY and not other.kinds & kinds.ARRAY:
        return "ask whether an array holds a value with `in`"
    return _kind_hint(shapes) or _text_hint(shapes)


def _kind_hint(shapes: Pair) -> str | None:
    pair = {shape.kinds for shape in shapes}
    if pair == {kinds.NUMBER, kinds.TEXT}:
        return "write the number without quotes, or read it from the text with $number(…)"
    if pair == {kinds.BOOLEAN, kinds.TEXT}:
        return "write true or false without quotes"
    return None


def _text_hint(shapes: Pair) -> str:
    """Of two sets of texts the smaller one is the one that was written."""
    if not shapes[0].texts or not shapes[1].texts:
        return "compare values of one kind"
    written, known = sorted((shapes[1].texts, shapes[0].texts), key=len)
    near = next((found for text in sorted(written) if (found := nearest(text, known))), None)
    return f"did you mean {quoted([near])}?" if near else f"it may be {quoted(sorted(known), 'or')}"


def _report(walk: Inference, node: SyntaxNode, message: str, hint: str, always: bool = False) -> None:
    start, end = span(node, walk.source)
    walk.report(Finding(IMPOSSIBLE_COMPARISON, message, hint, start, end, always))
