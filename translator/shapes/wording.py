"""Names shapes in the words of a person who reads a message."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from translator.shapes import kinds
from translator.shapes.shape import Shape

_MOST_TEXTS: Final = 5
_SCALARS: Final = (
    (kinds.NUMBER, "a number", "numbers"),
    (kinds.BOOLEAN, "a boolean", "booleans"),
    (kinds.OBJECT, "an object", "objects"),
    (kinds.FUNCTION, "a function", "functions"),
    (kinds.NULL, "null", "nulls"),
)


def named(shape: Shape) -> str:
    """`a number`, `a text or an array of numbers`; nothing itself is left out if there is anything else."""
    names = list(_names(shape))
    return _listed(names, "or") if names else "nothing"


def kind_named(shape: Shape) -> str:
    """The same without saying which texts: for where any would be wrong."""
    return named(Shape(shape.kinds, None, shape.items))


def quoted(names: Iterable[str], last: str = "and") -> str:
    """`"a", "b" and "c"`."""
    return _listed([json.dumps(name, ensure_ascii=False) for name in names], last)


def _names(shape: Shape) -> Iterable[str]:
    if shape.kinds & kinds.JSON == kinds.JSON:
        yield "any value"
        return
    if shape.kinds & kinds.TEXT:
        yield _text(shape)
    if shape.kinds & kinds.ARRAY:
        yield _array(shape)
    for kind, name, _ in _SCALARS:
        if shape.kinds & kind:
            yield name


def _text(shape: Shape) -> str:
    if shape.texts is None or len(shape.texts) > _MOST_TEXTS:
        return "a text"
    return f"the text {quoted(sorted(shape.texts), 'or')}"


def _array(shape: Shape) -> str:
    items = shape.element.without(kinds.NOTHING)
    if not items.kinds:
        return "an empty array"
    if items.kinds == kinds.TEXT:
        return "an array of texts"
    if items.kinds == kinds.ARRAY:
        return "an array of arrays"
    for kind, _, plural in _SCALARS:
        if items.kinds == kind:
            return f"an array of {plural}"
    return "an array"


def _listed(names: list[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
