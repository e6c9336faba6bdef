"""A measured figure beside the bar that it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the bench; `limit` None: measured for its own sake."""

    name: str
    value: float
    limit: float | None = None
    sense: Literal["at most", "at least", "below"] = "at most"
    digits: int = 3
    note: str = ""
    """What the figure is of, where its name cannot say it."""

    @property
    def passes(self) -> bool:
        """Whether the value keeps to its bar; without a bar it does."""
        if self.limit is None:
            return True
        if self.sense == "at least":
            return self.value >= self.limit
        return self.value < self.limit if self.sense == "below" else self.value <= self.limit

    def to_line(self) -> str:
        """The name, the value, the bar and whether it is kept."""
        told = f"{self.name}: {self.value:,.{self.digits}f}"
        note = f" ({self.note})" if self.note else ""
        if self.limit is None:
            return told + note
        verdict = "pass" if self.passes else "MISS"
        return f"{told} ({self.sense} {self.limit:,.{max(self.digits, 0)}f}) {verdict}{note}"


def shared(count: int, total: int) -> float:
    """A share in percent; of nothing it is 0."""
    return 100 * count / total if total else 0.0
