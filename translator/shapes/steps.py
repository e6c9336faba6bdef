"""The shapes that paths give: fields, predicates and sorting, mapped over arrays."""

from __future__ import annotations

from collections.abc import Iterator

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.fields import check_field
from translator.shapes.frame import Frame, Place
from translator.shapes.inference import Inference
from translator.shapes.reading import any_field, elements, field, flattened, is_one_value, sequence
from translator.shapes.shape import ANYTHING, NEVER, NOTHING, Shape, array_of, join
from translator.shapes.variables import unknown

_STREAMS = frozenset({"focus", "index", "parent"})


def path(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`first.second.third`, and a name that stands alone."""
    if has_stream(walk, node):
        return stream(walk, node, place)
    steps = list(_steps(node))
    if any(step.kind == "group" for step in steps):
        return unknown(walk, node, place)
    shape, left = _first(walk, steps[0], place)
    for number, step in enumerate(steps[1:], 2):
        left = _step(walk, step, left, place, is_last=number == len(steps))
    shape = left if len(steps) > 1 else shape
    return _kept(shape) if any(_innermost(step).keeps_array for step in steps) else shape


def name(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A field of the context."""
    shape = field(place.context, node.name)
    check_field(walk, node, place.context)
    return _kept(shape) if node.keeps_array else shape


def wildcard(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`*`: the values of all fields, arrays poured out."""
    del walk
    context = place.context
    found = flattened(any_field(context))
    if context.kinds & kinds.ARRAY:
        inner = elements(context)
        found = join(found, join(flattened(any_field(inner)), flattened(inner)))
    return _kept(sequence(found)) if node.keeps_array else sequence(found)


def has_stream(walk: Inference, node: SyntaxNode) -> bool:
    """Whether a construct holds `@`, `#` or `%`."""
    return walk.has_streams and any(map(is_stream, node.walk()))


def is_stream(node: SyntaxNode) -> bool:
    """Whether a construct is one of these signs."""
    return node.kind in _STREAMS


def stream(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A path with `@`, `#` or `%`: nothing is known of what it gives, nor of the names that it binds."""
    frame = Frame(place.frame)
    for part in node.walk():
        if part.kind in {"focus", "index"}:
            frame.names[part.children[1].name] = ANYTHING
    inner = Place(ANYTHING, frame, is_certain=False)
    pending = list(_spine(node))
    for part in pending:
        walk.shape(part, inner)
    return ANYTHING


def filter_(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`values[ predicate ]`."""
    left, predicate = node.children
    if has_stream(walk, left):
        return stream(walk, node, place)
    found = _filtered(walk, predicate, walk.shape(left, place), place)
    return _kept(found) if _innermost(left).keeps_array else found


def sort(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`values^( terms )`: the same items in another order."""
    left, *terms = node.children
    if has_stream(walk, left):
        return stream(walk, node, place)
    shape = walk.shape(left, place)
    for term in terms:
        walk.shape(term, place.within(elements(shape), is_certain=False))
    return join(sequence(elements(shape)), shape)


def _steps(node: SyntaxNode) -> Iterator[SyntaxNode]:
    right: list[SyntaxNode] = []
    while node.kind == "path":
        node, step = node.children
        right.append(step)
    yield node
    yield from reversed(right)


def _innermost(step: SyntaxNode) -> SyntaxNode:
    while step.kind in {"filter", "sort"}:
        step = step.children[0]
    return step


def _spine(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """The steps of a path with `@` and `#`, without these marks."""
    pending = [node]
    while pending:
        part = pending.pop()
        if part.kind in {"focus", "index"}:
            pending.append(part.children[0])
        elif part.kind in {"path", "filter", "sort", "group"}:
            pending.extend(reversed(part.children))
        elif part.kind != "parent":
            yield part


def _first(walk: Inference, step: SyntaxNode, place: Place) -> tuple[Shape, Shape]:
    """The first step on the context; one that is no variable is applied to each item of an array."""
    context = place.context
    on_whole = step.kind == "array" or _innermost(step).kind == "variable"
    if step.kind == "literal":
        shape = name(walk, step, place)
        return shape, shape
    if on_whole or not context.kinds & kinds.ARRAY:
        shape = walk.shape(step, place)
        return shape, shape
    shape = walk.shape(step, place.within(elements(context), is_certain=False))
    shape = join(shape, walk.silently(lambda: walk.shape(step, place)))
    return shape, join(sequence(elements(shape)), shape)


def _step(walk: Inference, step: SyntaxNode, left: Shape, place: Place, *, is_last: bool) -> Shape:
    """One more step on what those before it gave."""
    if left.kinds == kinds.NOTHING:
        return NOTHING
    if not left.kinds:
        return NEVER
    item = elements(left)
    is_field = step.kind == "literal" and isinstance(step.value, str)
    inner = place.within(item, is_certain=is_one_value(left))
    shape = name(walk, step, inner) if is_field else walk.shape(step, inner)
    made = _innermost(step).kind == "array" and step.kind == "array"
    flat = shape.without(kinds.NOTHING) if made else elements(shape)
    if left.kinds & kinds.ARRAY:
        # An array of one that stays as it is comes out of the last step only.
        return join(sequence(flat), shape) if made or is_last else sequence(flat)
    found = shape
    if shape.kinds & kinds.ARRAY and (walk.keeps_arrays or made or not is_last):
        found = join(found, sequence(flat))
    return found.or_nothing if left.kinds & kinds.NOTHING else found


def _filtered(walk: Inference, predicate: SyntaxNode, shape: Shape, place: Place) -> Shape:
    item = elements(shape)
    index = _literal_index(predicate)
    if index is None:
        walk.shape(predicate, place.within(item, is_certain=False))
    if not item.kinds:
        return NOTHING if shape.kinds else NEVER
    if index in {0, -1} and is_one_value(shape):
        return shape
    if index is not None or not shape.kinds & kinds.ARRAY:
        return item.or_nothing
    return sequence(item)


def _literal_index(node: SyntaxNode) -> float | None:
    is_minus = node.kind == "negate"
    number = node.children[0] if is_minus else node
    if number.kind != "literal" or isinstance(number.value, bool | str) or number.value is None:
        return None
    return -number.value if is_minus else number.value


def _kept(shape: Shape) -> Shape:
    """With `[]`: an array wherever there is a value."""
    items = elements(shape)
    if not items.kinds:
        return shape
    kept = array_of(items)
    return kept.or_nothing if shape.kinds & kinds.NOTHING else kept
