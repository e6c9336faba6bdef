"""Works out the shape of an expression's value, and what in it cannot be meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from translator.expressions.node import SyntaxNode
from translator.shapes.finding import Finding
from translator.shapes.frame import Closure, Frame, Place, frame_of
from translator.shapes.shape import ANYTHING, NOTHING, Shape

MOST_CALLS: Final = 24
"""So many calls of functions that an expression defines are followed; what more would give is unknown."""
DEEPEST_CALL: Final = 3

Rule: TypeAlias = "Callable[[Inference, SyntaxNode, Place], Shape]"
"""The shape of one kind of construct."""


@dataclass(slots=True)
class Inference:
    """One walk over one expression."""

    source: str
    names: Mapping[str, Shape]
    """What the expression takes from outside."""
    rules: Mapping[str, Rule]
    root: Shape
    """What `$$` is."""
    keeps_arrays: bool = False
    """Whether `[]` is written somewhere: then an array of one may be a sequence."""
    leaves_empty_arrays: bool = False
    """Whether a path begins with `[ … ]`: if it yields nothing, an empty array is left of it."""
    has_streams: bool = False
    """Whether `@`, `#` or `%` is written somewhere."""
    has_signatures: bool = False
    """Whether a function may have a signature, which changes its arguments."""
    findings: list[Finding] = field(default_factory=list)
    silenced: int = 0
    calls: int = 0
    depth: int = 0

    def shape(self, node: SyntaxNode, place: Place) -> Shape:
        """The shape of what a construct gives at a place."""
        return self.rules[node.kind](self, node, place)

    def report(self, finding: Finding) -> None:
        """Keeps a finding, once."""
        if not self.silenced and finding not in self.findings:
            self.findings.append(finding)

    def silently(self, work: Callable[[], Shape]) -> Shape:
        """The shape that `work` gives, without what it finds."""
        self.silenced += 1
        try:
            return work()
        finally:
            self.silenced -= 1

    def body(self, function: SyntaxNode, arguments: tuple[Shape, ...], frame: Frame, place: Place) -> Shape:
        """What a function that the expression defines gives for these arguments."""
        *parameters, body = function.children
        inner = frame_of((body,), frame)
        for index, parameter in enumerate(parameters):
            given = arguments[index] if index < len(arguments) else NOTHING
            inner.names[parameter.name] = ANYTHING if self.has_signatures else given
        return self.shape(body, Place(place.context, inner, place.is_certain))

    def call(self, closure: Closure, arguments: tuple[Shape, ...]) -> Shape:
        """What such a function gives where it is called by its name: no findings, they depend on the call."""
        if self.calls >= MOST_CALLS or self.depth >= DEEPEST_CALL:
            return ANYTHING
        self.calls += 1
        self.depth += 1
        try:
            place = Place(closure.context, closure.frame, is_certain=False)
            return self.silently(lambda: self.body(closure.node, arguments, closure.frame, place))
        finally:
            self.depth -= 1
