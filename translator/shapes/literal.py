"""The shape of a JSON value that is known already."""

from __future__ import annotations

from collections.abc import Mapping

from translator.json_value import JsonValue
from translator.shapes.shape import (
    BOOLEAN,
    DEEPEST,
    JSON,
    NULL,
    NUMBER,
    Shape,
    array_of,
    join_all,
    object_of,
    text_of,
)


def shape_of(value: JsonValue, depth: int = DEEPEST) -> Shape:
    """The narrowest shape that holds the value; of an array's items what they have in common.

    Of what is nested deeper than `depth` nothing is known.
    """
    if depth == 0:
        return JSON
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, Mapping):
        return object_of({name: shape_of(inner, depth - 1) for name, inner in value.items()})
    return array_of(join_all(shape_of(inner, depth - 1) for inner in value))
