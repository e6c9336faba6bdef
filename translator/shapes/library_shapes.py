"""The shapes that functions give where they depend on the arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from translator.shapes import kinds
from translator.shapes.reading import any_field, elements, field, flattened, objects, sequence
from translator.shapes.shape import (
    ANYTHING,
    NEVER,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    Fields,
    Shape,
    array_of,
    join,
    join_all,
    object_of,
    text_of,
)

Arguments = Sequence[Shape]

TYPE_NAMES: Final = text_of("null", "boolean", "number", "string", "array", "object", "function")


def strict(result: Shape) -> Callable[[Arguments], Shape]:
    """A result of that shape; nothing if an argument is."""
    or_nothing = result.or_nothing

    def give(arguments: Arguments) -> Shape:
        for shape in arguments:
            if shape.kinds & kinds.NOTHING:
                return or_nothing
        return result

    return give


def always(result: Shape) -> Callable[[Arguments], Shape]:
    """A result of that shape whatever the arguments are."""
    return lambda _: result


def first(arguments: Arguments) -> Shape:
    """The first argument as it is."""
    return arguments[0] if arguments else NOTHING


def matches(arguments: Arguments) -> Shape:
    """$match: objects, whose fields a matcher of the user's own may choose."""
    del arguments
    return sequence(OBJECT)


def same_items(arguments: Arguments) -> Shape:
    """The items of an array in another order."""
    given = first(arguments)
    array = array_of(elements(given))
    return array.or_nothing if given.kinds & kinds.NOTHING else array


def distinct(arguments: Arguments) -> Shape:
    """$distinct: what is no array stays; a sequence may shrink to its only item."""
    given = first(arguments)
    if not given.kinds & kinds.ARRAY:
        return given
    return join(given, sequence(elements(given)))


def appended(arguments: Arguments) -> Shape:
    """$append: either is the result where the other is nothing."""
    one, other = arguments if len(arguments) == 2 else (ANYTHING, ANYTHING)
    found = NEVER
    if one.kinds & kinds.NOTHING:
        found = join(found, other)
    if other.kinds & kinds.NOTHING:
        found = join(found, one)
    items = join(elements(one), elements(other))
    return join(found, array_of(items))


def zipped(arguments: Arguments) -> Shape:
    """$zip: arrays of one item of each argument."""
    return array_of(array_of(join_all(elements(shape) for shape in arguments)))


def keys(arguments: Arguments) -> Shape:
    """$keys: texts."""
    del arguments
    return sequence(TEXT)


def looked_up(arguments: Arguments) -> Shape:
    """$lookup: one field, by a name that may be known."""
    if len(arguments) != 2:
        return ANYTHING
    given, name = arguments
    if name.kinds == kinds.TEXT and name.texts is not None:
        return join_all(field(given, text) for text in name.texts)
    found = any_field(objects(given))
    return join(found.or_nothing, sequence(elements(found)))


def spread(arguments: Arguments) -> Shape:
    """$spread: an object for each field; anything else stays."""
    given = first(arguments)
    item = flattened(given)
    if item.kinds & kinds.OBJECT:
        item = join(item.without(kinds.OBJECT), object_of({}, any_field(item)))
    return sequence(item)


def merged(arguments: Arguments) -> Shape:
    """$merge: one object with the fields of all."""
    given = first(arguments)
    found = objects(given)
    if found.fields is None:
        merged_object = OBJECT if found.kinds else object_of({})
    else:
        merged_object = all_optional(found.fields)
    return merged_object.or_nothing if given.kinds & kinds.NOTHING else merged_object


def all_optional(fields: Fields) -> Shape:
    """An object with some of these fields."""
    known = {name: shape.or_nothing for name, shape in fields.known.items()}
    return object_of(known, fields.rest, is_loose=fields.is_loose)


def partitioned(arguments: Arguments) -> Shape:
    """$partition: arrays of the items."""
    given = first(arguments)
    found = array_of(array_of(elements(given)))
    return found.or_nothing if given.kinds & kinds.NOTHING else found


def numbers(arguments: Arguments) -> Shape:
    """$range: numbers; of one it is the number."""
    del arguments
    return join(NUMBER, array_of(NUMBER))
