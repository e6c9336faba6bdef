"""Reads what CloudWatch Logs gives to a subscribed function (guide: Using subscription filters)."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from layers.runtime.history import Event
from layers.runtime.json_value import (
    JsonObject,
    JsonValue,
    NotJsonError,
    read_json,
    size_in_bytes,
    write_json,
)

_DATA: Final = "DATA_MESSAGE"
_CUT: Final = {"input": "inputDetails", "output": "outputDetails", "parameters": "parametersDetails"}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event of an Express execution's history, as its log group holds it."""

    text: str
    execution: str
    """The execution's ARN."""
    id: int
    previous: int
    type: str
    milliseconds: int
    details: JsonObject

    @property
    def at(self) -> datetime:
        """When it happened."""
        return datetime.fromtimestamp(self.milliseconds / 1000, UTC)

    def is_cut(self, field: str) -> bool:
        """Whether a field was cut off, as the service does above 248 KB (AWS: CloudWatch Logs payloads)."""
        about = self.details.get(_CUT[field])
        return isinstance(about, Mapping) and about.get("truncated") in (True, "true")

    def event(self) -> Event:
        """The event in the shape of GetExecutionHistory; for what was cut off stands how much there was."""
        kept: dict[str, Any] = {
            name: _sized(value) if name in _CUT and self.is_cut(name) else value
            for name, value in self.details.items()
        }
        assigned = self.details.get("assignedVariables")
        if isinstance(assigned, Mapping):
            kept["assignedVariables"] = {name: _whole(value) for name, value in assigned.items()}
        return {
            "id": self.id,
            "type": self.type,
            "previousEventId": self.previous,
            "timestamp": self.at,
            _details_of(self.type): kept,
        }


def read_batch(event: Mapping[str, Any]) -> tuple[LogLine, ...]:
    """The lines of one delivery (`{"awslogs": {"data": <base64 of gzip of JSON>}}`), in its order.

    What is no event of a history is left out: the service also writes a line to see whether it may.
    """
    content: Any = read_json(gzip.decompress(base64.b64decode(event["awslogs"]["data"])).decode())
    if content["messageType"] != _DATA:
        return ()
    return tuple(read_lines(str(entry["message"]) for entry in content["logEvents"]))


def read_lines(texts: Iterator[str] | Sequence[str]) -> Iterator[LogLine]:
    """The lines that are events of a history."""
    for text in texts:
        line = _line(text)
        if line is not None:
            yield line


def _line(text: str) -> LogLine | None:
    try:
        record: Any = read_json(text)
        return LogLine(
            text=text,
            execution=str(record["execution_arn"]),
            id=int(record["id"]),
            previous=int(record["previous_event_id"]),
            type=str(record["type"]),
            milliseconds=int(record["event_timestamp"]),
            details=record.get("details") or {},
        )
    except (NotJsonError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _details_of(kind: str) -> str:
    for move in ("StateEntered", "StateExited"):
        if kind.endswith(move):
            return f"s{move[1:]}EventDetails"
    return f"{kind[0].lower()}{kind[1:]}EventDetails"


def _whole(value: JsonValue) -> JsonValue:
    try:
        read_json(str(value))
    except NotJsonError:
        return _sized(value)
    return value


def _sized(value: JsonValue) -> str:
    """What run records write in the place of a value that is too large; here it is at least so large."""
    return write_json({"left_out_bytes": size_in_bytes(str(value))})
