"""What JSONata's functions take, in the notation of its documentation: `<s-nn?:s>`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.shapes import kinds
from translator.shapes.operators import Verdict, verdict
from translator.shapes.reading import elements
from translator.shapes.shape import Shape

_KINDS: Final[Mapping[str, int]] = {
    "b": kinds.BOOLEAN,
    "n": kinds.NUMBER,
    "s": kinds.TEXT,
    "l": kinds.NULL,
    "a": kinds.VALUE,  # what is no array is taken for an array of one
    "o": kinds.OBJECT,
    "f": kinds.FUNCTION,
    "j": kinds.JSON,
    "x": kinds.VALUE,
}
_PARAMETER: Final = re.compile(r"(?:\((\w+)\)|(\w))(?:<([^>]*)>)?([-?+]*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `items` are the kinds that an array's items must be of, 0 if any."""

    accepted: int
    items: int = 0
    is_optional: bool = False
    takes_context: bool = False
    """Whether it is the value of `$` if the argument is left out."""
    repeats: bool = False

    def judge(self, shape: Shape) -> Verdict:
        """Whether a value of the shape can be the argument; nothing can always, but for a function."""
        if self.accepted == kinds.FUNCTION and shape.kinds and not shape.kinds & kinds.FUNCTION:
            return "fails"
        if not self.items:
            return verdict(shape, self.accepted)
        item = elements(shape)
        if item.kinds & self.items or not item.kinds:
            return "fits"
        if shape.kinds & (kinds.ARRAY | kinds.NOTHING):
            return "useless" if item.kinds & ~kinds.NULL else "fits"
        return "fails"


@lru_cache(maxsize=256)
def parameters(signature: str) -> tuple[Parameter, ...]:
    """The parameters of a signature; what stands behind its `:` is not read."""
    depth, inside = 0, ""
    for character in signature[1:-1]:
        depth += (character == "<") - (character == ">")
        if character == ":" and not depth:
            break
        inside += character
    return tuple(_parameter(match) for match in _PARAMETER.finditer(inside))


def _parameter(match: re.Match[str]) -> Parameter:
    letters = match[1] or match[2]
    accepted = 0
    for letter in letters:
        accepted |= _KINDS[letter]
    items = _KINDS[match[3]] if match[3] in _KINDS and letters == "a" else 0
    return Parameter(accepted, items, "?" in match[4], "-" in match[4], "+" in match[4])


def align(declared: Sequence[Parameter], count: int, *, has_context: bool) -> list[Sequence[Parameter]]:
    """The ways in which so many arguments may stand for the parameters: with `$` as the first, or without."""
    if declared and declared[-1].repeats:
        return [[declared[0]] * count]
    ways = [declared]
    if has_context and declared and declared[0].takes_context:
        ways.append(declared[1:])
    return [way[:count] for way in ways if least(way) <= count <= len(way)]


def least(declared: Sequence[Parameter]) -> int:
    """How many arguments there must be."""
    return sum(not one.is_optional for one in declared)
