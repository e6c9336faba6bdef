"""One replay of an archive's events, as it is kept and as the service tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

RUNNING: Final = "RUNNING"
COMPLETED: Final = "COMPLETED"
CANCELLED: Final = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Replay:
    """Times in epoch seconds; `replayed` is how many of the events in its range are done with."""

    name: str
    arn: str
    archive: str
    """The archive's ARN."""
    destination: Mapping[str, Any]
    start: float
    end: float
    started_at: float
    description: str | None = None
    replayed: int = 0
    last_at: float | None = None
    """The time of the last event that was replayed."""
    state: str = RUNNING
    ended_at: float | None = None

    @property
    def bus(self) -> str:
        """The name of the bus that it goes to."""
        return str(self.destination["Arn"]).rpartition("/")[2]

    @property
    def rules(self) -> frozenset[str] | None:
        """The ARNs of the rules that its events are for; None for all."""
        named = self.destination.get("FilterArns")
        return frozenset(named) if named else None

    def listed(self) -> dict[str, Any]:
        """As ListReplays tells it."""
        told = {
            "ReplayName": self.name,
            "EventSourceArn": self.archive,
            "State": self.state,
            "EventStartTime": self.start,
            "EventEndTime": self.end,
            "EventLastReplayedTime": self.last_at,
            "ReplayStartTime": self.started_at,
            "ReplayEndTime": self.ended_at,
        }
        return {name: value for name, value in told.items() if value is not None}

    def described(self) -> dict[str, Any]:
        """As DescribeReplay tells it."""
        own = {"ReplayArn": self.arn, "Destination": dict(self.destination)}
        description = {"Description": self.description} if self.description is not None else {}
        return {**own, **description, **self.listed()}
