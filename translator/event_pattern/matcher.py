"""What a leaf of a pattern asks of one value of an event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, Literal, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Equals:
    """The same value; numbers by their value, so 300, 300.0 and 3.0e2 are one."""

    value: Scalar

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        return self.value == value and isinstance(self.value, bool) == isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class EqualsIgnoringCase:
    """The same text, whatever its case."""

    text: str

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        return isinstance(value, str) and value.lower() == self.text.lower()


@dataclass(frozen=True, slots=True)
class Affix:
    """A text that begins or ends with another."""

    text: str
    at_end: bool
    ignores_case: bool = False

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        if not isinstance(value, str):
            return False
        found, wanted = (value.lower(), self.text.lower()) if self.ignores_case else (value, self.text)
        return found.endswith(wanted) if self.at_end else found.startswith(wanted)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A text in which each `*` stands for any number of characters."""

    expression: re.Pattern[str]

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        return isinstance(value, str) and self.expression.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number that keeps to every comparison."""

    comparisons: tuple[tuple[Comparison, float], ...]

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return all(_compares(value, comparison, bound) for comparison, bound in self.comparisons)


@dataclass(frozen=True, slots=True)
class InNetwork:
    """An address of a network."""

    network: IPv4Network | IPv6Network

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        try:
            return isinstance(value, str) and ip_address(value) in self.network
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """A value that is there and passes none of the matchers."""

    excluded: tuple[ValueMatcher, ...]

    def holds(self, value: Scalar) -> bool:
        """Whether one value of the event passes."""
        return not any(matcher.holds(value) for matcher in self.excluded)


@dataclass(frozen=True, slots=True)
class Exists:
    """The field holds a value, or it holds none."""

    wanted: bool


ValueMatcher: TypeAlias = Equals | EqualsIgnoringCase | Affix | Wildcard | Numeric | InNetwork | AnythingBut
Matcher: TypeAlias = ValueMatcher | Exists

COMPARISONS: Final[tuple[Comparison, ...]] = ("=", "<", "<=", ">", ">=")


def _compares(value: float, comparison: Comparison, bound: float) -> bool:
    if comparison == "=":
        return value == bound
    if comparison in ("<", "<="):
        return value < bound or (comparison == "<=" and value == bound)
    return value > bound or (comparison == ">=" and value == bound)
