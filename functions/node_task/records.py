"""What a `once` node has done, by node key: in memory, or in the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a node's work ended: `output` is JSON text; `error`, if any, why it could not be passed on."""

    output: str = "null"
    error: str | None = None


class Records(Protocol):
    """Where outcomes are kept; the first one kept under a key stays."""

    def find(self, node_key: str, run: str = "") -> Outcome | None:
        """What was kept under the key; raises PAUSED where there is nothing and the run is to be paused."""

    def keep(self, node_key: str, outcome: Outcome, now: float) -> Outcome:
        """Keeps the outcome unless there is one already; gives the one that counts. `now`: epoch seconds."""

    def respond(self, node_key: str, answer: str, now: float) -> bool:
        """Answers who waits for the run, in JSON text; False if it was answered under another key."""


@dataclass(slots=True)
class MemoryRecords:
    """Records of one process, for runs without a table."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    responders: dict[str, str] = field(default_factory=dict)

    def find(self, node_key: str, run: str = "") -> Outcome | None:
        """What was kept under the key."""
        del run
        return self.outcomes.get(node_key)

    def keep(self, node_key: str, outcome: Outcome, now: float) -> Outcome:
        """Keeps the outcome unless there is one already."""
        del now
        return self.outcomes.setdefault(node_key, outcome)

    def respond(self, node_key: str, answer: str, now: float) -> bool:
        """Remembers which node answers; nobody waits for a run of one process."""
        del answer, now
        return self.responders.setdefault(node_key.partition("/")[0], node_key) == node_key
