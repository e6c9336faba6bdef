"""What is known of a value before there is one: a shape stands for a set of JSON values, or of none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

from translator.shapes import kinds

MOST_TEXTS: Final = 32
"""Of so many possible texts a shape still knows each; beyond it is any text."""
MOST_PARTS: Final = 2_000
"""Of an object whose shape would have more parts nothing is known but that it is one."""
DEEPEST: Final = 40
"""So many objects and arrays may stand inside one another; of what is further in nothing is known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A set of values. Each part but `kinds` describes only the values of one kind."""

    kinds: int
    texts: frozenset[str] | None = None
    """The only texts there may be; None: any."""
    items: Shape | None = None
    """What an array's items are; None: unknown."""
    fields: Fields | None = None
    """What an object's fields are; None: unknown."""

    def __hash__(self) -> int:
        # Shapes may be deep; equality looks further.
        return hash((self.kinds, self.texts, self.items is None, self.fields and len(self.fields.known)))

    @property
    def element(self) -> Shape:
        """What an item of the array is; only if the shape may be one."""
        return VALUE if self.items is None else self.items

    def may_be(self, some: int) -> bool:
        """Whether it may be of one of these kinds."""
        return bool(self.kinds & some)

    def only(self, some: int) -> Shape:
        """The part of the shape that is of these kinds."""
        left = self.kinds & some
        return self if left == self.kinds else _part(self, left)

    def without(self, some: int) -> Shape:
        """The part of the shape that is of none of these kinds."""
        return self.only(~some)

    @property
    def or_nothing(self) -> Shape:
        """The shape, or no value."""
        if self.kinds & kinds.NOTHING:
            return self
        return Shape(self.kinds | kinds.NOTHING, self.texts, self.items, self.fields)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object; one that may be missing has a shape that may be nothing."""

    known: Mapping[str, Shape]
    rest: Shape
    """Of every other field; NOTHING where there is no other."""
    is_loose: bool = False
    """Whether other fields are only not excluded: a name that is nearly a known one is then misspelt."""
    parts: int = 1
    """How many shapes it is made of."""
    depth: int = 1
    """How many objects and arrays stand inside one another."""

    @property
    def is_closed(self) -> bool:
        """Whether there are no other fields than the known ones."""
        return self.rest.kinds == kinds.NOTHING

    def get(self, name: str) -> Shape:
        """The shape of one field."""
        return self.known.get(name, self.rest)


def _part(shape: Shape, left: int) -> Shape:
    return Shape(
        left,
        shape.texts if left & kinds.TEXT else None,
        shape.items if left & kinds.ARRAY else None,
        shape.fields if left & kinds.OBJECT else None,
    )


NEVER: Final = Shape(0)
"""No value and not even nothing: what does not come to an end well."""
NOTHING: Final = Shape(kinds.NOTHING)
NULL: Final = Shape(kinds.NULL)
BOOLEAN: Final = Shape(kinds.BOOLEAN)
NUMBER: Final = Shape(kinds.NUMBER)
TEXT: Final = Shape(kinds.TEXT)
FUNCTION: Final = Shape(kinds.FUNCTION)
ARRAY: Final = Shape(kinds.ARRAY)
OBJECT: Final = Shape(kinds.OBJECT)
JSON: Final = Shape(kinds.JSON)
"""Any JSON value: what an undeclared output is."""
VALUE: Final = Shape(kinds.VALUE)
ANYTHING: Final = Shape(kinds.ALL)
"""Nothing is known, not even whether there is a value."""


def array_of(items: Shape) -> Shape:
    """An array, which may be empty, of such items."""
    is_too_deep = _measure(items)[1] >= DEEPEST
    return ARRAY if is_too_deep else Shape(kinds.ARRAY, None, items.without(kinds.NOTHING))


def object_of(known: Mapping[str, Shape], rest: Shape = NOTHING, *, is_loose: bool = False) -> Shape:
    """An object of these fields, and of others of the shape `rest`."""
    return Shape(kinds.OBJECT, None, None, fields_of(known, rest.or_nothing, is_loose=is_loose))


def fields_of(known: Mapping[str, Shape], rest: Shape, *, is_loose: bool) -> Fields | None:
    """The fields of an object, None (unknown) if they are too many or too deep to reckon with.

    Expressions can double a shape with every step, and what shares its parts is compared as if it did not.
    """
    parts, depth = _measure(rest)
    for shape in known.values():
        more, deeper = _measure(shape)
        parts += more
        depth = max(depth, deeper)
    is_too_large = parts > MOST_PARTS or depth >= DEEPEST
    return None if is_too_large else Fields(known, rest, is_loose, parts + 1, depth + 1)


def _measure(shape: Shape) -> tuple[int, int]:
    """How many parts a shape has, and how deep it is."""
    parts, depth = (1, 1) if shape.items is None else _measure(shape.items)
    fields = shape.fields
    if fields is None:
        return parts + 1, depth + (shape.items is not None)
    return parts + fields.parts, max(depth + 1, fields.depth)


def text_of(*texts: str) -> Shape:
    """One of these texts."""
    return Shape(kinds.TEXT, frozenset(texts))


def join(first: Shape, second: Shape) -> Shape:
    """What is of either shape: the least that holds both, but for the fields of different objects."""
    if first is second or not second.kinds:
        return first
    if not first.kinds:
        return second
    return Shape(
        first.kinds | second.kinds,
        _join_texts(first, second),
        _join_items(first, second),
        _join_fields(first, second),
    )


def join_all(shapes: Iterable[Shape]) -> Shape:
    """What is of one of the shapes; NEVER of none."""
    return reduce(join, shapes, NEVER)


def _join_texts(first: Shape, second: Shape) -> frozenset[str] | None:
    if not first.kinds & kinds.TEXT:
        return second.texts
    if not second.kinds & kinds.TEXT:
        return first.texts
    if first.texts is None or second.texts is None:
        return None
    texts = first.texts | second.texts
    return texts if len(texts) <= MOST_TEXTS else None


def _join_items(first: Shape, second: Shape) -> Shape | None:
    if not first.kinds & kinds.ARRAY:
        return second.items
    if not second.kinds & kinds.ARRAY:
        return first.items
    return None if first.items is None or second.items is None else join(first.items, second.items)


def _join_fields(first: Shape, second: Shape) -> Fields | None:
    one, other = first.fields, second.fields
    if not first.kinds & kinds.OBJECT or one is other:
        return other
    if not second.kinds & kinds.OBJECT:
        return one
    if one is None or other is None:
        return None
    names = dict.fromkeys([*one.known, *other.known])
    known = {name: join(one.get(name), other.get(name)) for name in names}
    are_expected = (one.is_closed or one.is_loose) and (other.is_closed or other.is_loose)
    rest = join(one.rest, other.rest)
    return fields_of(known, rest, is_loose=are_expected and rest.kinds != kinds.NOTHING)


def meet(first: Shape, second: Shape) -> Shape:
    """What is of both shapes, or a little more."""
    both = first.kinds & second.kinds
    texts, items, fields = first.texts, first.items, first.fields
    if second.texts is not None:
        texts = second.texts if texts is None else texts & second.texts
        if not texts:
            both &= ~kinds.TEXT
    if second.items is not None:
        items = second.items if items is None else meet(items, second.items)
    if second.fields is not None:
        fields = second.fields if fields is None else _meet_fields(fields, second.fields)
    return _part(Shape(both, texts, items, fields), both)


def _meet_fields(one: Fields, other: Fields) -> Fields | None:
    names = dict.fromkeys([*one.known, *other.known])
    known = {name: meet(one.get(name), other.get(name)) for name in names}
    rest = meet(one.rest, other.rest)
    return fields_of(known, rest, is_loose=one.is_loose and other.is_loose)
