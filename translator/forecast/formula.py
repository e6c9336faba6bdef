"""Whole-number polynomials in counts: how often a loop is repeated, how many items there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Final, TypeAlias

Product: TypeAlias = tuple[str, ...]
"""The counts that a term multiplies, sorted; () is the term without any."""


@dataclass(frozen=True)
class Formula:
    """A sum of products of counts, each with a factor; all factors are at least 0."""

    factors: Mapping[Product, int] = field(default_factory=dict)

    @cached_property
    def fixed(self) -> int:
        """The part that no count changes."""
        return self.factors.get((), 0)

    @property
    def counts(self) -> frozenset[str]:
        """The counts that it depends on."""
        return frozenset(count for product in self.factors for count in product)

    def __add__(self, other: Formula) -> Formula:
        """The sum."""
        factors = dict(self.factors)
        for product, factor in other.factors.items():
            factors[product] = factors.get(product, 0) + factor
        return Formula(factors)

    def times(self, count: str) -> Formula:
        """The same, `count` times."""
        return Formula({tuple(sorted((*product, count))): factor for product, factor in self.factors.items()})

    def shared(self, by: int) -> Formula:
        """The same divided, each factor rounded down."""
        return Formula({product: factor // by for product, factor in self.factors.items()})

    def at(self, counts: Mapping[str, int]) -> int:
        """The value; raises KeyError for a count that is not given."""
        return sum(factor * prod(counts[count] for count in product) for product, factor in self._terms())

    def is_at_most(self, other: Formula) -> bool:
        """Whether it is no larger than another one whatever the counts are."""
        return all(factor <= other.factors.get(product, 0) for product, factor in self._terms())

    def to_text(self) -> str:
        """`12 + 5·review + 2·review·lines`."""
        terms = sorted(self._terms(), key=lambda term: (len(term[0]), term[0]))
        return " + ".join(_term(product, factor) for product, factor in terms) or "0"

    def _terms(self) -> Iterator[tuple[Product, int]]:
        return ((product, factor) for product, factor in self.factors.items() if factor)


def _term(product: Product, factor: int) -> str:
    return "·".join((f"{factor:,}", *product) if factor > 1 or not product else product)


def constant(value: int) -> Formula:
    """A number."""
    return Formula({(): value}) if value else Formula()


NOTHING: Final = Formula()
_MOST_KEPT: Final = 6


@dataclass(frozen=True)
class Extreme:
    """The largest (`is_most`) or the smallest of some formulas: which one, the counts decide.

    Where there are too many to keep, one that is beyond all of them stands for them, so the most is never
    too small and the least never too large.
    """

    is_most: bool
    formulas: tuple[Formula, ...]

    def __add__(self, other: Extreme) -> Extreme:
        """What two parts that follow one another take."""
        return _extreme(self.is_most, [one + two for one in self.formulas for two in other.formulas])

    def either(self, other: Extreme) -> Extreme:
        """What one of two ways takes."""
        return _extreme(self.is_most, [*self.formulas, *other.formulas])

    def times(self, count: str) -> Extreme:
        """What a part takes that runs so often."""
        return Extreme(self.is_most, tuple(formula.times(count) for formula in self.formulas))

    def shared(self, by: int) -> Extreme:
        """What a part takes that runs beside `by - 1` of its kind."""
        return Extreme(self.is_most, tuple(formula.shared(by) for formula in self.formulas))

    def at(self, counts: Mapping[str, int]) -> int:
        """The value; raises KeyError for a count that is not given."""
        values = [formula.at(counts) for formula in self.formulas]
        return max(values) if self.is_most else min(values)

    @property
    def counts(self) -> frozenset[str]:
        """The counts that it depends on."""
        return frozenset(count for formula in self.formulas for count in formula.counts)

    def to_text(self) -> str:
        """The formula; of several all, as arguments of `max` or `min`."""
        texts = [formula.to_text() for formula in self.formulas]
        if len(texts) == 1:
            return texts[0]
        return f"{'max' if self.is_most else 'min'}({', '.join(texts)})"


def only(formula: Formula, *, is_most: bool) -> Extreme:
    """The extreme of one formula."""
    return Extreme(is_most, (formula,))


def _extreme(is_most: bool, formulas: Iterable[Formula]) -> Extreme:
    kept: list[Formula] = []
    for formula in formulas:
        if any(_covers(is_most, other, formula) for other in kept):
            continue
        kept = [other for other in kept if not _covers(is_most, formula, other)]
        kept.append(formula)
    if len(kept) > _MOST_KEPT:
        kept = [_beyond(is_most, kept)]
    return Extreme(is_most, tuple(kept))


def _covers(is_most: bool, one: Formula, other: Formula) -> bool:
    return other.is_at_most(one) if is_most else one.is_at_most(other)


def _beyond(is_most: bool, formulas: list[Formula]) -> Formula:
    products = {product for formula in formulas for product in formula.factors}
    choose = max if is_most else min
    return Formula({one: choose(formula.factors.get(one, 0) for formula in formulas) for one in products})
