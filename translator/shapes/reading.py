"""What JSONata's own moves make of a shape: reading a field, taking a sequence for its only item."""

from __future__ import annotations

from translator.shapes import kinds
from translator.shapes.shape import ANYTHING, NEVER, NOTHING, VALUE, Shape, join, join_all


def elements(shape: Shape) -> Shape:
    """The values that a path, a predicate or a function on arrays works on, one by one; NEVER if none."""
    found = shape.without(kinds.ARRAY | kinds.NOTHING)
    return join(found, shape.element) if shape.kinds & kinds.ARRAY else found


def sequence(item: Shape) -> Shape:
    """What any number of such items give: nothing, the only one, or an array of them."""
    item = item.without(kinds.NOTHING)
    if not item.kinds:
        return NOTHING
    inner = join(item, item.element) if item.kinds & kinds.ARRAY else item
    some = item.kinds | kinds.NOTHING | kinds.ARRAY
    return Shape(some, item.texts, inner, item.fields)


def field(shape: Shape, name: str) -> Shape:
    """What `value.name` gives; of an array the fields of its items."""
    if not shape.kinds & (kinds.OBJECT | kinds.ARRAY):
        return NOTHING if shape.kinds else NEVER
    found = NOTHING if shape.kinds & ~(kinds.OBJECT | kinds.ARRAY) else NEVER
    if shape.kinds & kinds.OBJECT:
        found = join(found, ANYTHING if shape.fields is None else shape.fields.get(name))
    if shape.kinds & kinds.ARRAY:
        found = join(found, _field_of_items(shape, name))
    return found


def _field_of_items(shape: Shape, name: str) -> Shape:
    return ANYTHING if shape.items is None else sequence(elements(field(shape.items, name)))


def any_field(shape: Shape) -> Shape:
    """What one of the fields of an object may be; nothing where it has none."""
    if not shape.kinds & kinds.OBJECT:
        return NOTHING
    if shape.fields is None:
        return ANYTHING
    return join_all([*shape.fields.known.values(), shape.fields.rest]).or_nothing


def flattened(shape: Shape) -> Shape:
    """The values that are left when arrays are poured out, however deep."""
    found = shape.without(kinds.ARRAY | kinds.NOTHING)
    if not shape.kinds & kinds.ARRAY:
        return found
    return VALUE if shape.items is None else join(found, flattened(shape.items))


def is_one_value(shape: Shape) -> bool:
    """Whether there is a value for sure, and it is no array: what follows happens exactly once."""
    return bool(shape.kinds) and not shape.kinds & (kinds.NOTHING | kinds.ARRAY)


def objects(shape: Shape) -> Shape:
    """The objects whose fields a path would read, at any depth of arrays; NEVER if there are none."""
    return flattened(shape).only(kinds.OBJECT)
