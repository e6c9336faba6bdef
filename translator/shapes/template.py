"""The shape of what a JSON template with expressions in it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from translator.expressions.template import parse_template
from translator.json_value import JsonValue
from translator.shapes import kinds
from translator.shapes.literal import shape_of
from translator.shapes.shape import NOTHING, NULL, TEXT, Shape, array_of, join, join_all, object_of

Inferring: TypeAlias = Callable[[str], Shape]
"""The shape of an expression."""


def template_shape(template: JsonValue, infer: Inferring) -> Shape:
    """A whole parameter: where its expression yields nothing it is null, a key of an object is left out."""
    found = _shape(template, infer)
    return join(found.without(kinds.NOTHING), NULL) if found.kinds & kinds.NOTHING else found


def _shape(template: JsonValue, infer: Inferring) -> Shape:
    if isinstance(template, str):
        return _text(template, infer)
    if isinstance(template, Mapping):
        return object_of({name: _shape(inner, infer) for name, inner in template.items()})
    if isinstance(template, list | tuple):
        return array_of(join_all(_shape(inner, infer) for inner in template))
    return shape_of(template)


def _text(text: str, infer: Inferring) -> Shape:
    parsed = parse_template(text)
    if not parsed.expressions:
        return shape_of(text)
    if parsed.whole is None:
        return TEXT
    # A function is no value that a state could hand on.
    found = infer(parsed.whole.source).without(kinds.FUNCTION)
    return found if found.kinds else NOTHING
