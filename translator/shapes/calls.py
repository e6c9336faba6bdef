"""The shapes of calls: of the library's functions, of those that an expression defines, and by `~>`."""

from __future__ import annotations

from collections.abc import Sequence

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.arguments import Argument, Called, matched
from translator.shapes.excerpt import excerpt, span
from translator.shapes.finding import WRONG_OPERAND, Finding
from translator.shapes.frame import Closure, Place
from translator.shapes.higher_order import HIGHER_ORDER, SIGNATURES, higher_order
from translator.shapes.inference import Inference
from translator.shapes.library import LIBRARY
from translator.shapes.operators import verdict
from translator.shapes.shape import ANYTHING, FUNCTION, Fields, Shape, join, object_of
from translator.shapes.wording import named


def call(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`$function(arguments)`."""
    return _call(walk, node.children[0], _read(walk, node, place), place)


def apply(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`value ~> function`: the value becomes the first argument."""
    left, right = node.children
    shape = walk.shape(left, place)
    first = Argument(left, shape)
    if right.kind == "call":
        return _call(walk, right.children[0], [first, *_read(walk, right, place)], place)
    if right.kind == "transform":
        return _transformed(walk, right, first, place)
    if right.kind != "lambda":
        _need_function(walk, right, walk.shape(right, place), place)
    if shape.kinds & kinds.FUNCTION or right.kind not in {"variable", "lambda"}:
        # Two functions make one that applies both.
        return ANYTHING
    return _call(walk, right, [first], place)


def _read(walk: Inference, node: SyntaxNode, place: Place) -> list[Argument]:
    """The arguments; a function that is handed to one that calls it at once is looked at by that one."""
    procedure, *arguments = node.children
    is_known = procedure.kind == "variable" and place.frame.find(procedure.name) is None
    calls_at_once = is_known and procedure.name in HIGHER_ORDER
    return [
        Argument(
            argument,
            FUNCTION if calls_at_once and _is_function(argument, place) else walk.shape(argument, place),
        )
        for argument in arguments
    ]


def _is_function(node: SyntaxNode, place: Place) -> bool:
    if node.kind == "lambda":
        return True
    if node.kind != "variable" or node.keeps_array:
        return False
    found = place.frame.find(node.name)
    return isinstance(found, Closure)


def _call(walk: Inference, procedure: SyntaxNode, arguments: Sequence[Argument], place: Place) -> Shape:
    shapes = tuple(argument.shape for argument in arguments)
    if procedure.kind == "lambda":
        return walk.body(procedure, shapes, place.frame, place)
    if procedure.kind != "variable":
        walk.shape(procedure, place)
        return ANYTHING
    name = procedure.name
    found = place.frame.find(name)
    if isinstance(found, Closure):
        return walk.call(found, shapes)
    if found is not None or name in walk.names:
        return ANYTHING
    if name in HIGHER_ORDER:
        return higher_order(walk, name, Called(name, procedure, SIGNATURES[name], place.perhaps), arguments)
    function = LIBRARY.get(name)
    if function is None:
        return ANYTHING
    given = matched(walk, Called(name, procedure, function.parameters, place), arguments)
    return ANYTHING if given is None else function.result(given)


def _need_function(walk: Inference, node: SyntaxNode, shape: Shape, place: Place) -> None:
    if verdict(shape, kinds.FUNCTION) == "fits":
        return
    what = excerpt(node) or "what follows"
    message = f'"~>" hands a value to a function, but {what} is {named(shape)}'
    start, end = span(node, walk.source)
    always = not shape.kinds & kinds.NOTHING and place.is_certain
    hint = "write a call such as `~> $sum()`, or a path with `.`"
    walk.report(Finding(WRONG_OPERAND, message, hint, start, end, always))


def _transformed(walk: Inference, node: SyntaxNode, given: Argument, place: Place) -> Shape:
    """`value ~> | pattern | update, delete |`: a copy with fields changed."""
    pattern, update, *delete = node.children
    shape = given.shape
    of_all = pattern.kind == "variable" and pattern.value == ""
    if shape.kinds & kinds.FUNCTION:
        walk.shape(node, place)
        return ANYTHING
    inner = place.within(shape if of_all else ANYTHING, is_certain=False)
    if not of_all:
        walk.shape(pattern, place.within(shape, is_certain=False))
    changed = walk.shape(update, inner)
    for part in delete:
        walk.shape(part, inner)
    fields = shape.fields
    is_plain = of_all and not shape.kinds & kinds.ARRAY and not delete
    if is_plain and fields is not None and changed.kinds == kinds.OBJECT and changed.fields is not None:
        updated = _overlaid(fields, changed.fields)
        return join(updated, shape.without(kinds.OBJECT))
    return Shape(shape.kinds).or_nothing if shape.kinds & kinds.ARRAY else Shape(shape.kinds)


def _overlaid(fields: Fields, changed: Fields) -> Shape:
    known = dict(fields.known)
    for name, shape in changed.known.items():
        is_sure = not shape.kinds & kinds.NOTHING
        known[name] = shape if is_sure else join(fields.get(name), shape.without(kinds.NOTHING))
    if not changed.is_closed:
        more = changed.rest.without(kinds.NOTHING)
        known = {name: join(shape, more) for name, shape in known.items()}
        return object_of(known, join(fields.rest, more))
    return object_of(known, fields.rest, is_loose=fields.is_loose)
