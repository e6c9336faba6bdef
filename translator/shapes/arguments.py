"""Holds the arguments of a call against what its function takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from translator.expressions.node import SyntaxNode
from translator.shapes import kinds
from translator.shapes.excerpt import excerpt, span
from translator.shapes.finding import WRONG_ARGUMENT, Finding
from translator.shapes.frame import Place
from translator.shapes.inference import Inference
from translator.shapes.shape import Shape
from translator.shapes.signature import Parameter, align, least
from translator.shapes.wording import kind_named, named

_ORDINALS: Final = ("first", "second", "third", "fourth")
_PLURALS: Final = {kinds.NUMBER: "numbers", kinds.TEXT: "texts", kinds.OBJECT: "objects"}


class Argument(NamedTuple):
    """One argument as it is written, with its shape."""

    node: SyntaxNode
    shape: Shape


class Called(NamedTuple):
    """A function of the library where it is called."""

    name: str
    node: SyntaxNode
    """The function's name in the text."""
    declared: Sequence[Parameter]
    place: Place


def matched(walk: Inference, called: Called, arguments: Sequence[Argument]) -> Sequence[Shape] | None:
    """The shapes of what the function is given, `$` included where it stands in; None for a wrong count."""
    has_context = called.place.context.kinds != kinds.NOTHING
    ways = align(called.declared, len(arguments), has_context=has_context)
    if not ways:
        _report_count(walk, called, len(arguments), has_context=has_context)
        return None
    judged = [_worst(way, arguments) for way in ways]
    if "fits" not in judged:
        # A function that is given nothing may give nothing before it looks at the rest.
        has_all = not any(argument.shape.kinds & kinds.NOTHING for argument in arguments)
        always = all(one == "fails" for one in judged) and called.place.is_certain and has_all
        _report_first(walk, called, ways[0], arguments, always=always)
    way = ways[judged.index("fits")] if "fits" in judged else ways[0]
    shapes = [argument.shape for argument in arguments]
    takes_context = bool(called.declared) and called.declared[0].takes_context
    if takes_context and (not way or way[0] is not called.declared[0]):
        return [called.place.context, *shapes]
    return shapes


def _worst(way: Sequence[Parameter], arguments: Sequence[Argument]) -> str:
    found = {parameter.judge(argument.shape) for parameter, argument in zip(way, arguments, strict=True)}
    return "fails" if "fails" in found else "useless" if "useless" in found else "fits"


def _report_first(
    walk: Inference, called: Called, way: Sequence[Parameter], arguments: Sequence[Argument], *, always: bool
) -> None:
    for number, (parameter, argument) in enumerate(zip(way, arguments, strict=True)):
        if parameter.judge(argument.shape) != "fits":
            real = argument.shape.without(kinds.NOTHING)
            what = excerpt(argument.node) or f"its {_ORDINALS[min(number, 3)]} argument"
            message = f"${called.name} takes {_needs(parameter)}, but {what} is {kind_named(real)}"
            start, end = span(argument.node, walk.source)
            hint = _hint(parameter, real)
            walk.report(Finding(WRONG_ARGUMENT, message, hint, start, end, always))
            return


def _report_count(walk: Inference, called: Called, count: int, *, has_context: bool) -> None:
    takes_context = has_context and bool(called.declared) and called.declared[0].takes_context
    fewest = least(called.declared) - takes_context
    most = len(called.declared)
    if not most:
        takes = "no argument"
    elif fewest == most:
        takes = f"{most} argument{'s' if most > 1 else ''}"
    else:
        takes = f"{fewest} to {most} arguments"
    message = f"${called.name} takes {takes}, and is given {count or 'none'}"
    hint = "leave out what is too many" if count > most else "add what is missing"
    start, end = called.node.start, called.node.end
    always = count > most and called.place.is_certain
    walk.report(Finding(WRONG_ARGUMENT, message, hint, start, end, always))


def _needs(parameter: Parameter) -> str:
    if parameter.items:
        return f"an array of {_PLURALS[parameter.items]}"
    return named(Shape(parameter.accepted))


def _hint(parameter: Parameter, given: Shape) -> str:
    wanted = parameter.items or parameter.accepted
    if wanted & kinds.NUMBER and given.kinds == kinds.TEXT:
        return "read a number from a text with $number(…)"
    if wanted & kinds.TEXT and not given.kinds & ~(kinds.NUMBER | kinds.BOOLEAN):
        return "make a text of it with $string(…)"
    if wanted & kinds.TEXT and given.kinds == kinds.ARRAY:
        return "join an array of texts with $join(…), or choose one with [0]"
    if wanted == kinds.FUNCTION:
        return "give the name of a function, or write function($value){ … }"
    return f"give it {_needs(parameter)}"
