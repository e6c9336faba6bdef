"""What is known of an execution: how it was started, how it ended, and the little that lists need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from infra.local.states.arn import machine_arn

RUNNING: Final = "RUNNING"


@dataclass(frozen=True, slots=True)
class Started:
    """All that decides an execution's course from the outside before it begins."""

    arn: str
    name: str
    machine: str
    version: int | None
    alias: str | None
    digest: str
    """Of the definition."""
    role_arn: str
    input: str
    seed: int
    started_at: float
    """Epoch seconds."""
    trace_header: str | None = None
    parent: str | None = None
    """The task that started it: its execution's ARN, `#` and its id."""
    express: bool = False

    @property
    def key(self) -> str:
        """What its files are named after; names of Express executions need not be unique."""
        return self.arn.partition(f":express:{self.machine}:")[2] if self.express else self.name

    @property
    def qualifiers(self) -> dict[str, str]:
        """The version's and the alias's ARN, where the execution was started by them."""
        named = {"stateMachineVersionArn": self.version, "stateMachineAliasArn": self.alias}
        return {key: machine_arn(self.machine, value) for key, value in named.items() if value is not None}

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> Started:
        """The start in a record."""
        return Started(**record)


@dataclass(frozen=True, slots=True)
class Ended:
    """How an execution ended; `output` is JSON text."""

    status: str
    stopped_at: float
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    redrives: int = 0
    redriven_at: float | None = None

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> Ended:
        """The end in a record."""
        return Ended(**record)


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists show and what makes StartExecution idempotent."""

    arn: str
    name: str
    machine: str
    version: int | None
    alias: str | None
    input_digest: str
    started_at: float
    status: str = RUNNING
    stopped_at: float | None = None
    redrives: int = 0
    redriven_at: float | None = None

    @staticmethod
    def of(started: Started) -> Summary:
        """The summary of an execution that begins."""
        return Summary(
            started.arn,
            started.name,
            started.machine,
            started.version,
            started.alias,
            hashlib.sha256(started.input.encode()).hexdigest(),
            started.started_at,
        )

    def ended(self, ended: Ended) -> Summary:
        """The summary of the same execution, ended."""
        return replace(
            self,
            status=ended.status,
            stopped_at=ended.stopped_at,
            redrives=ended.redrives,
            redriven_at=ended.redriven_at,
        )

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> Summary:
        """The summary in a record."""
        return Summary(**record)
