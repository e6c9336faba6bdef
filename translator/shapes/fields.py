"""Fields that are read and are not there."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.finding import UNKNOWN_FIELD, Finding
from translator.shapes.inference import Inference
from translator.shapes.reading import flattened
from translator.shapes.shape import Fields, Shape
from translator.shapes.wording import named, quoted

MOST_LISTED: Final = 12
"""A hint names so many fields at most."""
NEARLY: Final = 0.8
"""How like a known name one must be to be taken for misspelt where other fields are not excluded."""

_SIZES: Final[Mapping[int, str]] = {kinds.TEXT: "$length(…)", kinds.ARRAY: "$count(…)"}
_SIZE_NAMES: Final = frozenset({"length", "size", "count"})


def check_field(walk: Inference, node: SyntaxNode, context: Shape) -> None:
    """Reports a field that no value of this shape has, or that is nearly the name of one it has."""
    if walk.silenced:
        return
    values = flattened(context).without(kinds.ABSENT)
    if not values.kinds or (values.kinds & kinds.OBJECT and values.fields is None):
        return
    if not values.kinds & kinds.OBJECT:
        if not values.kinds & kinds.FUNCTION:
            _report_no_object(walk, node, context, values)
        return
    if values.fields is not None:
        _check_known(walk, node, values.fields)


def _report_no_object(walk: Inference, node: SyntaxNode, context: Shape, values: Shape) -> None:
    message = (
        f'"{node.name}" is read as a field of {named(context.without(kinds.ABSENT))}, which has no fields'
    )
    size = _SIZES.get(context.without(kinds.ABSENT).kinds)
    has_size = size is not None and node.name in _SIZE_NAMES
    hint = f"how long it is tells {size}" if has_size else f"it is {named(values)}: use it as it is"
    walk.report(Finding(UNKNOWN_FIELD, message, hint, node.start, node.end))


def _check_known(walk: Inference, node: SyntaxNode, fields: Fields) -> None:
    shape = fields.get(node.name)
    known = sorted(name for name, found in fields.known.items() if found.kinds != kinds.NOTHING)
    if node.name in known:
        return
    cutoff = 0.6 if shape.kinds == kinds.NOTHING else NEARLY
    near = get_close_matches(node.name, known, n=1, cutoff=cutoff)
    if shape.kinds != kinds.NOTHING and not (fields.is_loose and near):
        return
    hint = f'did you mean "{near[0]}"?' if near else _listing(known)
    message = (
        f'"{node.name}" is no field of this object' if known else f'"{node.name}" is read of an empty object'
    )
    walk.report(Finding(UNKNOWN_FIELD, message, hint, node.start, node.end))


def _listing(known: list[str]) -> str:
    if not known:
        return "it has no fields at all"
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return f"it has {quoted(known[:MOST_LISTED])}{more}"
