"""Whether a value is one of those that a shape stands for: what soundness is judged by."""

from __future__ import annotations

from typing import Any

from translator.shapes import kinds
from translator.shapes.shape import Shape


def holds(shape: Shape, value: Any) -> bool:
    if value is None:
        return shape.may_be(kinds.NULL)
    if isinstance(value, bool):
        return shape.may_be(kinds.BOOLEAN)
    if isinstance(value, int | float):
        return shape.may_be(kinds.NUMBER)
    if isinstance(value, str):
        return shape.may_be(kinds.TEXT) and (shape.texts is None or value in shape.texts)
    if isinstance(value, list):
        return shape.may_be(kinds.ARRAY) and all(holds(shape.element, item) for item in value)
    if not shape.may_be(kinds.OBJECT):
        return False
    fields = shape.fields
    if fields is None:
        return True
    there = all(holds(fields.get(name), inner) for name, inner in value.items())
    return there and all(
        found.may_be(kinds.NOTHING) for name, found in fields.known.items() if name not in value
    )
