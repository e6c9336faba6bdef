"""What is told of a Map Run and its child executions, the same while they run and from the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from infra.local.states.status_change import redrive_fields
from translator.interpreter import Child, MapRun

_COUNTED: Final = {
    "pending": "PENDING",
    "running": "RUNNING",
    "succeeded": "SUCCEEDED",
    "failed": "FAILED",
    "timedOut": "TIMED_OUT",
    "aborted": "ABORTED",
}


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """A child execution; `input` and `output` are JSON text, times epoch seconds, `items` how many it got."""

    arn: str
    name: str
    machine_arn: str
    status: str
    input: str
    output: str | None
    error: str | None
    cause: str | None
    started_at: float
    stopped_at: float | None
    items: int

    @staticmethod
    def of(child: Child) -> ChildRecord:
        """The record of an interpreter's child."""
        return ChildRecord(
            child.arn,
            child.name,
            child.machine_arn,
            child.status,
            child.input,
            child.output,
            child.error,
            child.cause,
            child.started_at,
            child.stopped_at,
            child.size,
        )


@dataclass(frozen=True, slots=True)
class MapRunRecord:
    """A Map Run; counts are by the API's own names."""

    arn: str
    execution_arn: str
    machine_arn: str
    express: bool
    status: str
    started_at: float
    stopped_at: float | None
    maximum_concurrency: int
    tolerated_count: int
    tolerated_percentage: float
    item_counts: Mapping[str, int]
    execution_counts: Mapping[str, int]
    redrives: int
    redriven_at: float | None
    children: tuple[ChildRecord, ...]

    @staticmethod
    def of(run: MapRun, machine_arn: str) -> MapRunRecord:
        """The record of an interpreter's Map Run."""
        limits = run.limits
        return MapRunRecord(
            arn=run.arn,
            execution_arn=run.execution_arn,
            machine_arn=machine_arn,
            express=run.distribution.express,
            status=run.status,
            started_at=run.started_at,
            stopped_at=run.stopped_at,
            maximum_concurrency=limits.wanted_concurrency,
            tolerated_count=limits.tolerated_count or 0,
            tolerated_percentage=limits.tolerated_percentage or 0.0,
            item_counts=_counts(run, items=True),
            execution_counts=_counts(run, items=False),
            redrives=run.redrives,
            redriven_at=run.redriven_at,
            children=tuple(map(ChildRecord.of, run.children)),
        )

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> MapRunRecord:
        """The Map Run in a record."""
        children = tuple(ChildRecord(**child) for child in record["children"])
        return MapRunRecord(**{**record, "children": children})

    def listed(self) -> dict[str, Any]:
        """Its entry in ListMapRuns."""
        entry = {
            "executionArn": self.execution_arn,
            "mapRunArn": self.arn,
            "stateMachineArn": self.machine_arn,
            "startDate": self.started_at,
        }
        return entry if self.stopped_at is None else {**entry, "stopDate": self.stopped_at}

    def described(self) -> dict[str, Any]:
        """The answer of DescribeMapRun."""
        answer = {
            "mapRunArn": self.arn,
            "executionArn": self.execution_arn,
            "status": self.status,
            "startDate": self.started_at,
            "maxConcurrency": self.maximum_concurrency,
            "toleratedFailurePercentage": self.tolerated_percentage,
            "toleratedFailureCount": self.tolerated_count,
            "itemCounts": dict(self.item_counts),
            "executionCounts": dict(self.execution_counts),
            "redriveCount": self.redrives,
        }
        times = {"stopDate": self.stopped_at, "redriveDate": self.redriven_at}
        return {**answer, **{name: at for name, at in times.items() if at is not None}}

    def listed_child(self, child: ChildRecord) -> dict[str, Any]:
        """A child's entry in ListExecutions."""
        entry = {
            "executionArn": child.arn,
            "stateMachineArn": child.machine_arn,
            "name": child.name,
            "status": child.status,
            "startDate": child.started_at,
            "mapRunArn": self.arn,
            "itemCount": child.items,
            "redriveCount": 0,
        }
        return entry if child.stopped_at is None else {**entry, "stopDate": child.stopped_at}

    def described_child(self, child: ChildRecord) -> dict[str, Any]:
        """A child's DescribeExecution."""
        answer: dict[str, Any] = {
            "executionArn": child.arn,
            "stateMachineArn": child.machine_arn,
            "name": child.name,
            "status": child.status,
            "startDate": child.started_at,
            "input": child.input,
            "inputDetails": {"included": True},
            "mapRunArn": self.arn,
            **redrive_fields(child.status),
        }
        if answer["redriveStatus"] == "REDRIVABLE":
            answer["redriveStatus"] = "REDRIVABLE_BY_MAP_RUN"
        optional = {
            "stopDate": child.stopped_at,
            "output": child.output,
            "outputDetails": None if child.output is None else {"included": True},
            "error": child.error,
            "cause": child.cause,
        }
        return {**answer, **{name: value for name, value in optional.items() if value is not None}}


def _counts(run: MapRun, *, items: bool) -> dict[str, int]:
    counts = run.counts(items=items)
    named = {name: counts.get(status, 0) for name, status in _COUNTED.items()}
    written = sum(counts.values()) if run.status == "SUCCEEDED" and run.exports else 0
    return {
        **named,
        "total": sum(counts.values()),
        "resultsWritten": written,
        "failuresNotRedrivable": 0,
        "pendingRedrive": 0,
    }
