"""Parts of a topology that functions and routes are configured with: queues, sources, limits, origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue, deployed as `<project>-<name>`; one that ends in `.fifo` is first-in, first-out."""

    name: str
    visibility_seconds: int = 180
    """How long a received message is hidden; at least as long as the function that it goes to may run."""
    retention_seconds: int = 14 * 86_400
    dead_letter: str | None = None
    """The name of the queue that takes what has been received `most_receives` times."""
    most_receives: int = 5


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine that belongs to the deployment itself; it may read and write the objects of runs."""

    name: str
    definition: Mapping[str, Any]
    """In ASL; `{function:<name>}` stands for that function's ARN."""
    functions: tuple[str, ...]
    """What it may invoke."""

    def named(self, project: str) -> str:
        """What it is called: no workflow's machine is, since no id begins with a hyphen."""
        return f"{project}--{self.name}"


@dataclass(frozen=True, slots=True)
class Source:
    """A queue whose messages a function is given in batches (AWS: an event source mapping)."""

    queue: str
    batch_size: int = 10
    window_seconds: int = 0
    """How long a batch may wait to become full; more than ten messages need at least 1."""
    most_batches: int | None = None
    """How many batches may be under way at once, at least 2; None leaves that to the service."""
    reports_failures: bool = True
    """Whether the function answers which messages of a batch it has failed on (`batchItemFailures`)."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """So many requests a second, and so many at once; more are answered 429."""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class Cors:
    """Which pages in browsers may call the HTTP API; `*` stands for any origin, method or header."""

    origins: tuple[str, ...]
    methods: tuple[str, ...] = ("*",)
    headers: tuple[str, ...] = ("*",)
    exposed_headers: tuple[str, ...] = ()
    max_age_seconds: int = 300
    credentials: bool = False


@dataclass(frozen=True, slots=True)
class Firing:
    """Where schedules and rules of workflows, which are made by activation, send what they fire."""

    schedule_group: str
    """Of EventBridge Scheduler."""
    queue: str
    dead_letter: str
    """The queue of what could not be sent to it."""
    polls: str
    """The queue of what is to be asked by the function `poller`."""
    archive: str
    """Of the events of the platform's bus, for replays."""
    archive_days: int = 90
