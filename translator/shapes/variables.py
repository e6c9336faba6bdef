"""The shapes of literals, variables and functions, and of blocks and conditions around them."""

from __future__ import annotations

from translator.expressions.functions import KNOWN
from translator.expressions.node import SyntaxNode
from translator.shapes.frame import Closure, Frame, Place, frame_of
from translator.shapes.inference import Inference
from translator.shapes.literal import shape_of
from translator.shapes.reading import elements
from translator.shapes.shape import ANYTHING, FUNCTION, NOTHING, Shape, array_of, join


def literal(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A text, number, boolean or null."""
    del walk, place
    return shape_of(node.value)


def function_value(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A regular expression, or a function that is applied in part."""
    for child in node.children:
        walk.shape(child, place)
    return FUNCTION


def transform(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`| … | … |`, a function on objects; what it works on is known only where it is applied."""
    for child in node.children:
        walk.shape(child, place.within(ANYTHING, is_certain=False))
    return FUNCTION


def unknown(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """What no rule tells the shape of; what is inside is looked at with no more knowledge."""
    for child in node.children:
        walk.shape(child, place.within(ANYTHING, is_certain=False))
    return ANYTHING


def variable(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`$`, `$$`, what the expression has bound, what comes from outside, or one of JSONata's functions."""
    found = _variable(walk, node.name, place)
    if node.keeps_array:
        return join(found, array_of(elements(found)))
    return found


def _variable(walk: Inference, name: str, place: Place) -> Shape:
    if name == "":
        return place.context
    if name == "$":
        return walk.root
    found = place.frame.find(name)
    if isinstance(found, Closure):
        return FUNCTION
    if found is not None:
        return found
    if name in walk.names:
        return walk.names[name]
    return FUNCTION if name in KNOWN else NOTHING


def bind(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`$name := value`."""
    name, value = node.children
    shape = walk.shape(value, place)
    is_function = value.kind == "lambda"
    place.frame.names[name.name] = Closure(value, place.frame, place.context) if is_function else shape
    return shape


def block(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`( …; … )`: the last value."""
    inner = Place(place.context, frame_of(node.children, place.frame), place.is_certain)
    shape = NOTHING
    for child in node.children:
        shape = walk.shape(child, inner)
    if node.keeps_array:
        return join(shape, array_of(elements(shape)))
    return shape


def condition(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """`test ? then : else`, and the operators that the service refuses."""
    test, *others = node.children
    first = walk.shape(test, place)
    shapes = [walk.shape(other, place.perhaps) for other in others]
    if node.value != "?":
        return join(first, shapes[0]) if shapes else first
    return join(shapes[0], shapes[1] if len(shapes) > 1 else NOTHING)


def definition(walk: Inference, node: SyntaxNode, place: Place) -> Shape:
    """A function that is not called where it stands: looked at once, for any arguments."""
    if walk.silenced:
        return FUNCTION
    frame = Frame(place.frame, is_called_later=True)
    arguments = (ANYTHING,) * len(node.children)
    walk.body(node, arguments, frame, Place(place.context, frame, is_certain=False))
    return FUNCTION
