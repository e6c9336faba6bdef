"""Numbers for variables, so that a set of them is one integer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from translator.analyses.bits import Bits, members


@dataclass
class Numbering:
    """Gives every variable that it is asked about the next number."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)

    def number(self, variable: str) -> int:
        """The number of one variable."""
        number = self._numbers.setdefault(variable, len(self._names))
        if number == len(self._names):
            self._names.append(variable)
        return number

    def bits(self, variables: Iterable[str]) -> Bits:
        """The set of some variables."""
        bits = 0
        for variable in variables:
            bits |= 1 << self.number(variable)
        return bits

    def known(self, variables: Iterable[str]) -> Bits:
        """Those of some variables that have a number: to take off a set, or where no other is asked for."""
        bits = 0
        for variable in variables:
            number = self._numbers.get(variable)
            if number is not None:
                bits |= 1 << number
        return bits

    def names(self, bits: Bits) -> frozenset[str]:
        """The variables of a set."""
        return frozenset(self._names[number] for number in members(bits))
