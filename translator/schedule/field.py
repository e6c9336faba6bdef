"""One field of a cron expression as the set of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from translator.schedule.error import ScheduleSyntaxError

_NO_NAMES: Final[Mapping[str, int]] = MappingProxyType({})
MONTHS: Final = (
    ("JAN", 1),
    ("FEB", 2),
    ("MAR", 3),
    ("APR", 4),
    ("MAY", 5),
    ("JUN", 6),
    ("JUL", 7),
    ("AUG", 8),
    ("SEP", 9),
    ("OCT", 10),
    ("NOV", 11),
    ("DEC", 12),
)
WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True)
class Field:
    """What one field may hold; `wraps`: a range may pass the end, as FRI-MON does."""

    title: str
    least: int
    most: int
    names: Mapping[str, int] = field(default_factory=lambda: _NO_NAMES)
    wraps: bool = True

    def values(self, text: str) -> frozenset[int]:
        """The values of a field's text: lists, ranges, steps and `*`.

        Raises ScheduleSyntaxError.
        """
        found: set[int] = set()
        for term in text.split(","):
            found.update(self._term(term))
        return frozenset(found)

    def number(self, text: str) -> int:
        """One value, by number or name; raises ScheduleSyntaxError."""
        named = self.names.get(text.upper())
        if named is not None:
            return named
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            known = f" or {next(iter(self.names))} to {list(self.names)[-1]}" if self.names else ""
            raise ScheduleSyntaxError(
                f"'{text}' is no {self.title}", f"Write {self.least} to {self.most}{known}"
            )
        return int(text)

    def _term(self, term: str) -> range | list[int]:
        base, slash, step_text = term.partition("/")
        step = self._step(step_text, term) if slash else 1
        if base == "*":
            return range(self.least, self.most + 1, step)
        first_text, dash, last_text = base.partition("-")
        first = self.number(first_text)
        if not dash:
            return range(first, self.most + 1, step) if slash else [first]
        last = self.number(last_text)
        if first <= last:
            return range(first, last + 1, step)
        return self._wrapped(first, last, step, term)

    def _wrapped(self, first: int, last: int, step: int, term: str) -> list[int]:
        if not self.wraps:
            raise ScheduleSyntaxError(
                f"the range '{term}' ends before it begins", "Write the lesser value first"
            )
        size = self.most - self.least + 1
        return [self.least + (value - self.least) % size for value in range(first, last + size + 1, step)]

    def _step(self, text: str, term: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= self.most):
            raise ScheduleSyntaxError(
                f"'{term}' has no step that moves on", f"Write a step of 1 to {self.most} after the slash"
            )
        return int(text)


MINUTE: Final = Field("minute", 0, 59)
HOUR: Final = Field("hour", 0, 23)
DAY_OF_MONTH: Final = Field("day of the month", 1, 31)
MONTH: Final = Field("month", 1, 12, MappingProxyType(dict(MONTHS)))
YEAR: Final = Field("year", 1970, 2199, wraps=False)
DAY_OF_WEEK: Final = Field(
    "day of the week", 1, 7, MappingProxyType({name: index for index, name in enumerate(WEEKDAYS, 1)})
)
"""As AWS counts: Sunday is 1."""
