"""The variables of an expression while its shapes are worked out, bound in the order of evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from translator.expressions.node import SyntaxNode
from translator.shapes.shape import ANYTHING, Shape


class Place(NamedTuple):
    """Where in the evaluation a construct stands."""

    context: Shape
    """What `$` is there."""
    frame: Frame
    is_certain: bool = True
    """Whether it is evaluated, once or more, whenever the expression is."""

    def within(self, context: Shape, *, is_certain: bool) -> Place:
        """Where what is applied to a value stands."""
        return Place(context, self.frame, self.is_certain and is_certain)

    @property
    def perhaps(self) -> Place:
        """The same place, if it is ever come to."""
        return Place(self.context, self.frame, is_certain=False) if self.is_certain else self


@dataclass(frozen=True, slots=True)
class Closure:
    """A function that the expression defines, with the variables around it."""

    node: SyntaxNode
    frame: Frame
    context: Shape


@dataclass(slots=True, eq=False)
class Frame:
    """One scope: of a block, of a function's body, or of the whole expression."""

    outer: Frame | None = None
    names: dict[str, Shape | Closure] = field(default_factory=dict)
    declared: Counter[str] = field(default_factory=Counter)
    """How often each name is bound in this scope."""
    unsure: frozenset[str] = frozenset()
    """Names that are bound under some condition: what they hold cannot be told from the text."""
    is_called_later: bool = False
    """Whether it is of a function's body that is looked at where it is defined."""

    def find(self, name: str) -> Shape | Closure | None:
        """What a name stands for here; None if the expression has not bound it."""
        frame: Frame | None = self
        is_later = False
        while frame is not None:
            if name in frame.unsure or (is_later and frame.may_change(name)):
                return ANYTHING
            if name in frame.names:
                return frame.names[name]
            is_later = is_later or frame.is_called_later
            frame = frame.outer
        return None

    def may_change(self, name: str) -> bool:
        """Whether the name may stand for something else later than it does now."""
        times = self.declared[name]
        return times > 1 or (times == 1 and name not in self.names)


def frame_of(roots: tuple[SyntaxNode, ...], outer: Frame | None) -> Frame:
    """The scope of these constructs, which are evaluated in order; nothing is bound in it yet."""
    declared: Counter[str] = Counter()
    unsure: set[str] = set()
    for root in roots:
        for node, is_sure in _binds(root):
            declared[node.children[0].name] += 1
            if not is_sure:
                unsure.add(node.children[0].name)
    return Frame(outer, {}, declared, frozenset(unsure))


def _binds(root: SyntaxNode) -> Iterator[tuple[SyntaxNode, bool]]:
    """Every binding of the scope that a construct stands in, and whether it surely happens."""
    pending = [(root, True)]
    while pending:
        node, is_sure = pending.pop()
        if node.kind == "bind":
            yield node, is_sure
            pending.append((node.children[1], is_sure))
        elif node.kind not in {"block", "lambda"}:
            pending.extend((child, False) for child in node.children)
