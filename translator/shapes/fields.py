"""Fields that are read and are not there."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from translator.diagnostics.nearest import nearest
from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.excerpt import joined
from translator.shapes.finding import UNKNOWN_FIELD, Finding
from translator.shapes.inference import Inference
from translator.shapes.reading import flattened
from translator.shapes.shape import Fields, Shape
from translator.shapes.wording import kind_named, quoted

MOST_LISTED: Final = 12
"""A hint names so many fields at most."""
NEARLY: Final = 0.8
"""How like a known name one must be to be taken for misspelt where other fields are not excluded."""

_SIZE_NAMES: Final = frozenset({"length", "size", "count"})


class FieldRead(NamedTuple):
    """One reading of a field; `of` are the steps of the path before it, if it stands in one."""

    node: SyntaxNode
    of: Sequence[SyntaxNode] = ()

    def place(self, otherwise: str) -> str:
        """What the field is read from, by its own text if that is short."""
        return joined(self.of) or otherwise


def check_field(walk: Inference, read: FieldRead, context: Shape) -> None:
    """Reports a field that no value of this shape has, or that is nearly the name of one it has."""
    if walk.silenced:
        return
    values = flattened(context).without(kinds.ABSENT)
    if not values.kinds or values.kinds & kinds.FUNCTION:
        return
    if not values.kinds & kinds.OBJECT:
        _report_no_object(walk, read, context.without(kinds.ABSENT), values)
    elif values.fields is not None:
        _check_known(walk, read, values.fields)


def _report_no_object(walk: Inference, read: FieldRead, whole: Shape, values: Shape) -> None:
    node = read.node
    place = read.place("what it is read from")
    message = f'"{node.name}" is no field: {place} is {kind_named(whole)}'
    size = "$count(…)" if whole.kinds & kinds.ARRAY else "$length(…)" if whole.kinds & kinds.TEXT else None
    has_size = size is not None and node.name in _SIZE_NAMES
    hint = f"how long it is tells {size}" if has_size else f"it is {kind_named(values)}: use it as it is"
    walk.report(Finding(UNKNOWN_FIELD, message, hint, node.start, node.end))


def _check_known(walk: Inference, read: FieldRead, fields: Fields) -> None:
    node = read.node
    shape = fields.get(node.name)
    known = sorted(name for name, found in fields.known.items() if found.kinds != kinds.NOTHING)
    if node.name in known:
        return
    near = nearest(node.name, known)
    if shape.kinds != kinds.NOTHING and not (fields.is_loose and near and _is_nearly(node.name, near)):
        return
    hint = f'did you mean "{near}"?' if near else _listing(known)
    message = f'"{node.name}" is no field of {read.place("this object")}'
    walk.report(Finding(UNKNOWN_FIELD, message, hint, node.start, node.end))


def _is_nearly(written: str, known: str) -> bool:
    return SequenceMatcher(None, written.casefold(), known.casefold()).ratio() >= NEARLY


def _listing(known: list[str]) -> str:
    if not known:
        return "it has no fields at all"
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return f"it has {quoted(known[:MOST_LISTED])}{more}"
