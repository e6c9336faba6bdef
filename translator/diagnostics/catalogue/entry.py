"""What the catalogue tells of one diagnostic code."""

from __future__ import annotations

from dataclasses import dataclass


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

    def to_text(self) -> str:
        """What `steploom explain` prints."""
        parts = [f"{self.code}: {self.title}", self.explanation.strip(), "Wrong:", _indented(self.bad)]
        return "\n\n".join([*parts, "Right:", _indented(self.good)]) + "\n"


def _indented(text: str) -> str:
    """The text as an example; characters that a terminal would obey are shown as escapes."""
    lines = (
        line.encode("unicode_escape").decode() if not line.isprintable() else line
        for line in text.splitlines()
    )
    return "\n".join(f"    {line if len(line) <= 100 else line[:99] + '…'}" for line in lines)
