"""One run of one node, as run records and the REST API tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from layers.runtime.json_value import JsonObject, JsonValue, json_or_none
from layers.runtime.visit import Attempt

NodeStatus = Literal["succeeded", "failed", "running", "cancelled"]


@dataclass(frozen=True, slots=True)
class NodeIteration:
    """An iteration of a `for_each`: of which item, as far as that is known."""

    node: str
    index: int | None
    """From 0."""
    item: str | None
    """The item, or its id, name or key, if that is a text, a number or a truth value."""


@dataclass(frozen=True, slots=True)
class NodeRun:
    """One run of one node: a node in a loop has one per iteration, in order of start."""

    node: str
    name: str
    type: str
    state: str
    status: NodeStatus
    started_at: datetime
    ended_at: datetime | None
    attempts: tuple[Attempt, ...]
    """Only for nodes that call something; the last one is the one that decided."""
    input: JsonValue
    """The evaluated parameters of a node that calls something; else null."""
    output: JsonValue
    error: str | None
    cause: str | None
    iterations: tuple[NodeIteration, ...] = ()
    """The iterations of a `for_each` around it, outermost first."""

    @property
    def duration_seconds(self) -> float | None:
        """From start to end, retries and the waits between them included; None while it runs."""
        return None if self.ended_at is None else seconds_between(self.started_at, self.ended_at)

    def to_json(self) -> dict[str, JsonValue]:
        """The form of run records and of the REST API; times are ISO 8601 in UTC."""
        return {
            "node": self.node,
            "name": self.name,
            "type": self.type,
            "state": self.state,
            "status": self.status,
            "started_at": iso_time(self.started_at),
            "ended_at": None if self.ended_at is None else iso_time(self.ended_at),
            "duration_seconds": self.duration_seconds,
            "attempts": [_attempt_to_json(attempt) for attempt in self.attempts],
            "input": self.input,
            "output": self.output,
            "error": self.error,
            "cause": self.cause,
            "iterations": [
                {"node": one.node, "index": one.index, "item": one.item} for one in self.iterations
            ],
        }


def iso_time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: `2026-01-31T09:30:00.250Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_between(start: datetime, end: datetime) -> float:
    """The time between two moments in seconds, to the millisecond."""
    return round((end - start).total_seconds(), 3)


def readable_cause(cause: str | None) -> str | None:
    """The message in the JSON that Lambda makes of an exception; any other cause as it is."""
    if cause is None or not cause.startswith("{"):
        return cause
    document = json_or_none(cause)
    message = document.get("errorMessage") if isinstance(document, Mapping) else None
    return message if isinstance(message, str) else cause


def _attempt_to_json(attempt: Attempt) -> JsonObject:
    return {
        "started_at": iso_time(attempt.started_at),
        "ended_at": None if attempt.ended_at is None else iso_time(attempt.ended_at),
        "error": attempt.error,
        "cause": readable_cause(attempt.cause),
    }
