"""The shapes that paths give: fields, predicates and sorting, mapped over arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.fields import FieldRead, check_field
from translator.shapes.frame import Frame, Place
from translator.shapes.inference import Inference
from translator.shapes.reading import any_field, elements, field, flattened, is_one_value, sequence
from translator.shapes.shape import ANYTHING, NEVER, NOTHING, NUMBER, Shape, array_of, join, join_all
from translator.shapes.variables import unknown

_STREAMS = frozenset({"focus", "index", "parent"})


def path(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`first.second.third`, and a name that stands alone."""
    if has_stream(walk, node):
        return stream(walk, node, place)
    steps = [_as_field(step) for step in _steps(node)]
    if any(step.kind == "group" for step in steps):
        return unknown(walk, node, place)
    shape, left = _first(walk, steps[0], place)
    for number in range(1, len(steps)):
        left = _step(walk, steps[: number + 1], left, place, is_last=number + 1 == len(steps))
    shape = left if len(steps) > 1 else shape
    if steps[0].kind == "array":
        walk.leaves_empty_arrays = True
        shape = join(shape, array_of(NEVER))
    return _kept(shape) if any(_innermost(step).keeps_array for step in steps) else shape


def name(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A field of the context."""
    check_field(walk, FieldRead(node), place.context)
    return _field(node, place.context)


def _field(node: SyntaxNode, context: Shape) -> Shape:
    shape = field(context, node.name)
    return _kept(shape) if node.keeps_array else shape


def wildcard(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`*`: the values of all fields, arrays poured out."""
    del walk
    values = any_field(place.context)
    if place.context.kinds & kinds.ARRAY:
        item = elements(place.context)
        values = join_all([values, any_field(item), item])
    found = flattened(values)
    shape = _kept(sequence(found)) if node.keeps_array else sequence(found)
    return join(shape, array_of(found)) if values.kinds & kinds.ARRAY else shape


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


def _as_field(step: SyntaxNode) -> SyntaxNode:
    """In a path a text is the name of a field."""
    if step.kind == "filter":
        left, predicate = step.children
        return step._replace(children=(_as_field(left), predicate))
    if step.kind != "literal" or not isinstance(step.value, str):
        return step
    return step._replace(kind="name", start=max(step.end - len(step.value) - 2, 0))


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
    if on_whole or not context.kinds & kinds.ARRAY:
        shape = walk.shape(step, place)
        return shape, shape
    shape = walk.shape(step, place.within(elements(context), is_certain=False))
    shape = join(shape, walk.silently(lambda: walk.shape(step, place)))
    return shape, join(sequence(elements(shape)), shape)


def _step(walk: Inference, steps: Sequence[SyntaxNode], left: Shape, place: Place, *, is_last: bool) -> Shape:
    """The last of these steps, on what those before it gave."""
    *before, step = steps
    if left.kinds == kinds.NOTHING:
        return NOTHING
    if not left.kinds:
        return NEVER
    item = elements(left)
    if step.kind == "name":
        check_field(walk, FieldRead(step, before), left)
        shape = _field(step, item)
    else:
        shape = walk.shape(step, place.within(item, is_certain=is_one_value(left)))
    made = _innermost(step).kind == "array" and step.kind == "array"
    flat = shape.without(kinds.NOTHING) if made else elements(shape)
    if walk.leaves_empty_arrays and shape.kinds & kinds.ARRAY:
        flat = join(flat, array_of(NEVER))
    if left.kinds & kinds.ARRAY:
        # An array of one that stays as it is comes out of the last step only.
        found = join(sequence(flat), shape) if made or is_last else sequence(flat)
        return join(found, array_of(NEVER))
    found = shape
    if shape.kinds & kinds.ARRAY and (walk.keeps_arrays or made or not is_last):
        found = join(found, sequence(flat))
    return found.or_nothing if left.kinds & kinds.NOTHING else found


def _filtered(walk: Inference, predicate: SyntaxNode, shape: Shape, place: Place) -> Shape:
    item = elements(shape)
    index = _literal_index(predicate)
    chosen = NUMBER if index is not None else walk.shape(predicate, place.within(item, is_certain=False))
    found = _chosen(walk, index, shape, item)
    # Of several indexes none may be there.
    return join(found, array_of(NEVER)) if chosen.kinds & kinds.ARRAY else found


def _chosen(walk: Inference, index: float | None, shape: Shape, item: Shape) -> Shape:
    if not item.kinds:
        return NOTHING if shape.kinds else NEVER
    if index in {0, -1} and is_one_value(shape):
        return shape
    if walk.keeps_arrays:
        return join(sequence(item), array_of(item))
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
