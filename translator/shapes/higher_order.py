"""The shapes that functions give which are handed another function: $map, $filter, $reduce and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.arguments import Argument, Called, matched
from translator.shapes.frame import Closure, Place
from translator.shapes.inference import Inference
from translator.shapes.library import LIBRARY
from translator.shapes.library_shapes import all_optional, same_items
from translator.shapes.reading import any_field, elements, sequence
from translator.shapes.shape import (
    ANYTHING,
    FUNCTION,
    NEVER,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    Shape,
    array_of,
    join,
)
from translator.shapes.signature import parameters

Calling: TypeAlias = Callable[[tuple[Shape, ...]], Shape]
"""What the function that is handed over gives for some arguments."""
Result: TypeAlias = Callable[[Inference, Sequence[Shape], Calling], Shape]

_ROUNDS: Final = 3


def higher_order(walk: Inference, name: str, called: Called, arguments: Sequence[Argument]) -> Shape:
    """A call of one of HIGHER_ORDER; arguments that are functions come with the shape FUNCTION, unread."""
    given = matched(walk, called, arguments)
    if given is None:
        return ANYTHING
    handed = arguments[len(arguments) - len(given) + 1] if len(given) > 1 else None

    def calling(shapes: tuple[Shape, ...]) -> Shape:
        if handed is None or handed.shape is not FUNCTION:
            return ANYTHING
        return _handed(walk, handed.node, shapes, called.place.perhaps)

    return HIGHER_ORDER[name][1](walk, [*given[:1], *given[2:]], calling)


def _handed(walk: Inference, node: SyntaxNode, shapes: tuple[Shape, ...], place: Place) -> Shape:
    if node.kind == "lambda":
        return walk.body(node, shapes, place.frame, place)
    if node.kind == "variable":
        found = place.frame.find(node.name)
        if isinstance(found, Closure):
            return walk.call(found, shapes)
        if found is None and node.name not in walk.names and node.name in LIBRARY:
            return LIBRARY[node.name].returns
    return ANYTHING


def _map(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    del walk
    item = elements(given[0])
    return sequence(calling((item, NUMBER, array_of(item)))) if item.kinds else NOTHING


def _filter(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    del walk
    item = elements(given[0])
    if item.kinds:
        calling((item, NUMBER, array_of(item)))
    return sequence(item)


def _single(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    found = _filter(walk, given, calling)
    item = elements(given[0])
    return item.or_nothing if found.kinds else NEVER


def _each(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    del walk
    value = any_field(given[0]).without(kinds.NOTHING)
    return sequence(calling((value, TEXT, given[0]))) if value.kinds else NOTHING


def _sift(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    _each(walk, given, calling)
    fields = given[0].fields
    return (OBJECT if fields is None else all_optional(fields)).or_nothing


def _sort(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    del walk
    item = elements(given[0])
    if item.kinds:
        calling((item, item))
    # Of one value some evaluators give that value, of an empty array nothing.
    return join(same_items(given), item).or_nothing


def _reduce(walk: Inference, given: Sequence[Shape], calling: Calling) -> Shape:
    """Goes round until what is collected has a shape that one more round does not change."""
    item = elements(given[0])
    start = given[1] if len(given) > 1 else NOTHING
    collected = join(start.without(kinds.NOTHING), item) if start.kinds & kinds.NOTHING else start
    more = (item, NUMBER, array_of(item))
    for _ in range(_ROUNDS):
        reached = collected
        found = walk.silently(lambda reached=reached: calling((reached, *more)))  # type: ignore[misc]
        if join(collected, found) == collected:
            break
        collected = join(collected, found)
    else:
        collected = ANYTHING
    calling((collected, *more))
    is_sure = not (start.kinds | given[0].kinds) & kinds.NOTHING
    return collected if is_sure else collected.or_nothing


HIGHER_ORDER: Final[Mapping[str, tuple[str, Result]]] = {
    "map": ("<af>", _map),
    "filter": ("<af>", _filter),
    "single": ("<af?>", _single),
    "reduce": ("<afj?:j>", _reduce),
    "each": ("<o-f:a>", _each),
    "sift": ("<o-f?:o>", _sift),
    "sort": ("<af?:a>", _sort),
}
"""By name: the signature, and the shape of the result."""

SIGNATURES: Final = {name: parameters(signature) for name, (signature, _) in HIGHER_ORDER.items()}
