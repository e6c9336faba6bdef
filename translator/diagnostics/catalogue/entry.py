"""What the catalogue tells of one diagnostic code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: `bad` is a definition that gives exactly this code, `good` the same one repaired."""

    code: str
    title: str
    explanation: str
    bad: str
    good: str
    file_name: str = "workflow.yaml"
    """What the examples are called: their ending says whether they are YAML or JSON."""
    also: tuple[str, ...] = ()
    """Codes that the examples may have besides, because they show something that is not compiled yet."""

    @staticmethod
    def shown(text: str) -> Iterator[str]:
        """An example's lines: cut where they are long, and nothing in them that a terminal would obey."""
        for line in text.splitlines():
            legible = line if line.isprintable() else line.encode("unicode_escape").decode()
            yield legible if len(legible) <= _WIDTH else f"{legible[: _WIDTH - 1]}…"

    def to_text(self) -> str:
        """What `steploom explain` prints."""
        parts = [f"{self.code}: {self.title}", self.explanation.strip(), "Wrong:", _indented(self.bad)]
        return "\n\n".join([*parts, "Right:", _indented(self.good)]) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in Entry.shown(text))
