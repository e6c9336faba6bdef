"""What one recorded case says about us, and what many of them say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """`final` and `events` are the first differences found in the end and on the way, or None."""

    name: str
    family: str
    final: str | None
    events: str | None = None


@dataclass(frozen=True)
class Part:
    """Cases, and what share of them must be repeated; `events` is None where only ends are compared."""

    title: str
    verdicts: Sequence[Verdict]
    final: float
    events: float | None = None

    @property
    def measures(self) -> Iterator[tuple[str, int, float]]:
        """Each figure: its name, how many cases are repeated, and the bar as a share."""
        events = self.events
        yield ("" if events is None else " final"), _passed(self.verdicts, "final"), self.final
        if events is not None:
            yield " events", _passed(self.verdicts, "events"), events

    @property
    def holds(self) -> bool:
        """Whether every figure is at its bar."""
        return all(passed >= bar * len(self.verdicts) for _, passed, bar in self.measures)

    def lines(self) -> Iterator[str]:
        """The figures beside their bars, then by family, then each miss with its reason."""
        total = len(self.verdicts)
        for name, passed, bar in self.measures:
            yield f"{self.title}{name}: {passed}/{total} (bar {bar:.0%})"
        for family in sorted({verdict.family for verdict in self.verdicts}):
            found = [verdict for verdict in self.verdicts if verdict.family == family]
            shares = (f"{_passed(found, name)}/{len(found)}" for name in self._compared)
            yield f"  {family}: {', '.join(shares)}"
        for verdict in self.verdicts:
            reason = verdict.final or verdict.events
            if reason:
                yield f"  miss {verdict.family} {verdict.name}: {reason}"

    @property
    def _compared(self) -> tuple[str, ...]:
        return ("final",) if self.events is None else ("final", "events")


def _passed(verdicts: Sequence[Verdict], name: str) -> int:
    return sum(getattr(verdict, name) is None for verdict in verdicts)
