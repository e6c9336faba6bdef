"""The shapes of arrays and objects that an expression makes."""

from __future__ import annotations

from collections.abc import Iterator

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.excerpt import span
from translator.shapes.finding import WRONG_OPERAND, Finding
from translator.shapes.frame import Place
from translator.shapes.inference import Inference
from translator.shapes.operators import verdict
from translator.shapes.reading import elements, is_one_value, sequence
from translator.shapes.shape import NEVER, NOTHING, Shape, array_of, join, object_of
from translator.shapes.steps import has_stream, stream
from translator.shapes.variables import unknown
from translator.shapes.wording import kind_named


def array(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`[ …, … ]`: what is an array itself is poured out, unless it is written as one."""
    items = NEVER
    for child in node.children:
        shape = walk.shape(child, place)
        made = child
        while made.kind == "filter":
            made = made.children[0]
        if made.kind != "array" or child is not made:
            items = join(items, elements(shape))
        if made.kind == "array":
            items = join(items, shape)
    return array_of(items)


def object_(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`{ key: value, … }`: of a context that is an array, grouped."""
    context = place.context
    if not context.kinds & kinds.ARRAY:
        return _object(walk, node.children, (context, context), place)
    return _object(walk, node.children, _grouped(context), place.perhaps)


def group(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`values{ key: value, … }`: one field for each different key."""
    left, *pairs = node.children
    if left.kind == "group":
        return unknown(walk, node, place)
    if has_stream(walk, left):
        return stream(walk, node, place)
    shape = walk.shape(left, place)
    made = _object(walk, tuple(pairs), _grouped(shape), place.within(shape, is_certain=is_one_value(shape)))
    return made.or_nothing if shape.kinds & kinds.NOTHING else made


def _grouped(shape: Shape) -> tuple[Shape, Shape]:
    """What `$` is in the keys, and what in the values: one item, or the array of those of one key."""
    item = elements(shape)
    if shape.kinds & kinds.NOTHING:
        item = item.or_nothing
    return item, join(sequence(item), item)


def _object(
    walk: Inference, pairs: tuple[SyntaxNode, ...], contexts: tuple[Shape, Shape], place: Place
) -> Shape:
    of_key, of_value = contexts
    known: dict[str, Shape] = {}
    rest = NOTHING
    for key, value in _pairs(pairs):
        named_key = walk.shape(key, place.within(of_key, is_certain=True))
        shape = walk.shape(value, place.within(of_value, is_certain=key.kind == "literal"))
        shape = shape if key.kind == "literal" and of_key is of_value else shape.or_nothing
        _need_text(walk, key, named_key, place)
        if key.kind == "literal" and isinstance(key.value, str):
            known[key.value] = shape
        elif named_key.texts is not None:
            for text in named_key.texts:
                known[text] = join(known.get(text, NOTHING), shape).or_nothing
        else:
            rest = join(rest, shape)
    if rest.kinds != kinds.NOTHING:
        known = {name: join(shape, rest) for name, shape in known.items()}
    return object_of(known, rest)


def _pairs(parts: tuple[SyntaxNode, ...]) -> Iterator[tuple[SyntaxNode, SyntaxNode]]:
    return zip(parts[::2], parts[1::2], strict=True)


def _need_text(walk: Inference, key: SyntaxNode, shape: Shape, place: Place) -> None:
    found = verdict(shape, kinds.TEXT)
    if found == "fits":
        return
    real = shape.without(kinds.NOTHING)
    start, end = span(key, walk.source)
    always = found == "fails" and place.is_certain
    message = f"the key of a field is a text, but this one is {kind_named(real)}"
    walk.report(Finding(WRONG_OPERAND, message, "make a text of it with $string(…)", start, end, always))
