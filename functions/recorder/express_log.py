"""What a log tells of one Express execution: which of its events count, and how it began and ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from functions.recorder.log_batch import LogLine
from layers.runtime.history import Event

_ENDS: Final = MappingProxyType(
    {
        "ExecutionSucceeded": "SUCCEEDED",
        "ExecutionFailed": "FAILED",
        "ExecutionTimedOut": "TIMED_OUT",
        "ExecutionAborted": "ABORTED",
    }
)


@dataclass(frozen=True, slots=True)
class ExpressLog:
    """The lines of one execution's log in the order of their ids, each once."""

    lines: tuple[LogLine, ...]
    end: LogLine | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing: ids count up from 1 to the end's."""
        return self.end is not None and len(self.lines) == self.end.id

    @property
    def events(self) -> list[Event]:
        """Its history."""
        return [line.event() for line in self.lines]

    def execution(self) -> Mapping[str, Any]:
        """What DescribeExecution would tell of it."""
        first = self.lines[0]
        began = first if first.type == "ExecutionStarted" else None
        details = began.details if began is not None else {}
        arn = first.execution
        described: dict[str, Any] = {
            "executionArn": arn,
            "name": arn.split(":")[7],
            "startDate": first.at,
            "status": "RUNNING",
            "input": None if began is None or began.is_cut("input") else details.get("input"),
            "stateMachineVersionArn": details.get("stateMachineVersionArn"),
        }
        return described if self.end is None else {**described, **_ending(self.end)}

    def left_out(self) -> list[str]:
        """Which parts of the run's record the log does not hold."""
        first = self.lines[0]
        missing = {
            "input": first.type != "ExecutionStarted" or first.is_cut("input"),
            "output": self.end is not None and self.end.is_cut("output"),
            "log": not self.is_whole,
        }
        return [part for part, is_missing in missing.items() if is_missing]


def read_log(lines: Iterable[LogLine]) -> ExpressLog:
    """One execution's log, whatever order its lines come in and however often.

    An execution that the service has begun again (AWS: at-least-once) uses its ids again: of two lines with
    one id the later one counts, so what is shown is the last time that it ran.
    """
    latest: dict[int, LogLine] = {}
    for line in lines:
        known = latest.get(line.id)
        if known is None or line.milliseconds > known.milliseconds:
            latest[line.id] = line
    ends = [line for line in latest.values() if line.type in _ENDS]
    end = max(ends, key=lambda line: (line.milliseconds, line.id), default=None)
    last = end.id if end is not None else max(latest)
    return ExpressLog(tuple(latest[number] for number in sorted(latest) if number <= last), end)


def _ending(end: LogLine) -> dict[str, Any]:
    details = end.details
    return {
        "status": _ENDS[end.type],
        "stopDate": end.at,
        "output": None if end.is_cut("output") else details.get("output"),
        "error": details.get("error"),
        "cause": details.get("cause"),
    }
