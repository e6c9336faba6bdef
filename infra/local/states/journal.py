"""The journal of a running execution: how it was started, then every event from the outside with its time.

The interpreter is deterministic, so after a crash the same lines give the same execution again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from infra.local.files import append_line, whole_lines
from infra.local.states.record import Started
from translator.interpreter import Outcome, TaskFailed, TaskSucceeded
from translator.json_value import JsonValue

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Completed:
    """A task has ended."""

    at: float
    request_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stopped:
    """StopExecution was called."""

    at: float
    error: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A task that ends later has been taken on."""

    at: float
    request_id: str
    output: JsonValue


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An activity has got its task, or there is none, which the refusal says."""

    at: float
    request_id: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A worker has taken an activity's task."""

    at: float
    request_id: str
    worker: str | None


@dataclass(frozen=True, slots=True)
class Beat:
    """A task's worker lives."""

    at: float
    request_id: str


@dataclass(frozen=True, slots=True)
class Limited:
    """UpdateMapRun was called; `changes` are fields of the interpreter's limits of Map Runs."""

    at: float
    map_run: str
    """Its ARN."""
    changes: Mapping[str, Any]


What: TypeAlias = Literal["woken", "resumed", "redriven"]
"""`woken`: something inside was due, a wait that was over or a task that was late. `resumed`: the local
cloud was started again, and since the line before nobody could be called. `redriven`: RedriveExecution
was called, after the execution had ended."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds nothing but its time."""

    at: float
    what: What


Entry = Completed | Stopped | Submitted | Scheduled | Begun | Beat | Limited | Moment


def is_redrive(entry: Entry) -> bool:
    """Whether the execution was redriven."""
    return isinstance(entry, Moment) and entry.what == "redriven"


class UnreadableJournalError(Exception):
    """A journal that cannot be replayed."""


class Journal:
    """One execution's file; a last line that a crash has cut counts as not written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, started: Started) -> None:
        """Write the first line."""
        append_line(self._path, _encode({"format": _FORMAT, "started": started.to_json()}))

    def add(self, entry: Entry) -> None:
        """Write what came from the outside."""
        append_line(self._path, _encode(_record(entry)))

    def remove(self) -> None:
        """The execution has ended and is archived."""
        self._path.unlink(missing_ok=True)

    def exists(self) -> bool:
        """Whether anything has been written."""
        return self._path.exists()

    def started(self) -> Started | None:
        """How the execution was started; None if that was not written whole, so nobody was told of it.

        Raises UnreadableJournalError.
        """
        lines = whole_lines(self._path)
        if not lines:
            return None
        try:
            head = json.loads(lines[0])
            if head["format"] != _FORMAT:
                raise UnreadableJournalError(f"format {head['format']} is not known")
            return Started.from_json(head["started"])
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableJournalError(str(error)) from error

    def entries(self) -> list[Entry]:
        """What came from the outside since. Raises UnreadableJournalError."""
        try:
            return [_entry(json.loads(line)) for line in whole_lines(self._path)[1:]]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableJournalError(str(error)) from error

    def redrives(self) -> int:
        """How often the execution has been redriven; of a journal that cannot be read, never."""
        try:
            return sum(is_redrive(entry) for entry in self.entries())
        except UnreadableJournalError:
            return 0

    def set_aside(self) -> Path:
        """Keep the file under another name, for a person to look at."""
        return self._path.replace(self._path.with_suffix(".unreadable"))


def _encode(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode()


def _record(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Stopped):
        return {"stopped": [entry.error, entry.cause], "at": entry.at}
    if isinstance(entry, Moment):
        return {entry.what: True, "at": entry.at}
    if isinstance(entry, Submitted):
        return {"submitted": entry.request_id, "at": entry.at, "output": entry.output}
    if isinstance(entry, Scheduled):
        return {"scheduled": entry.request_id, "at": entry.at, "refusal": entry.refusal}
    if isinstance(entry, Begun):
        return {"begun": entry.request_id, "at": entry.at, "worker": entry.worker}
    if isinstance(entry, Beat):
        return {"beat": entry.request_id, "at": entry.at}
    if isinstance(entry, Limited):
        return {"limited": entry.map_run, "at": entry.at, "changes": dict(entry.changes)}
    outcome = entry.outcome
    if isinstance(outcome, TaskFailed):
        result: dict[str, Any] = {"failed": [outcome.error, outcome.cause]}
    else:
        result = {"value": outcome.value}
    return {"completed": entry.request_id, "at": entry.at, **result}


def _entry(record: Mapping[str, Any]) -> Entry:
    at = float(record["at"])
    if "stopped" in record:
        error, cause = record["stopped"]
        return Stopped(at, error, cause)
    for what in get_args(What):
        if what in record:
            return Moment(at, what)
    if "submitted" in record:
        return Submitted(at, str(record["submitted"]), record["output"])
    if "scheduled" in record:
        return Scheduled(at, str(record["scheduled"]), record["refusal"])
    if "begun" in record:
        return Begun(at, str(record["begun"]), record["worker"])
    if "beat" in record:
        return Beat(at, str(record["beat"]))
    if "limited" in record:
        return Limited(at, str(record["limited"]), record["changes"])
    return Completed(at, str(record["completed"]), _outcome(record))


def _outcome(record: Mapping[str, Any]) -> Outcome:
    return TaskFailed(*record["failed"]) if "failed" in record else TaskSucceeded(record["value"])
