"""Events of Express executions as lines of a log, and the batches that they are written in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

LogLine = dict[str, Any]
"""`timestamp` in milliseconds and `message`, as PutLogEvents takes them."""

LARGEST_BYTES: Final = 248 * 1024
"""Of an input or output as it is escaped in the line (guide: CloudWatch Logs payloads)."""
_MOST_LINES: Final = 1000
_MOST_BYTES: Final = 1_000_000
_OVERHEAD: Final = 26
"""Bytes that each line counts beside its own (API: PutLogEvents); a batch may have 1 MiB and 10,000 lines."""
_DETAILS_OF: Final = {"input": "inputDetails", "output": "outputDetails", "parameters": "parametersDetails"}


def log_line(execution: str, event: Mapping[str, Any]) -> LogLine:
    """An event of the history (its timestamp in epoch seconds) as the service logs it: numbers are text."""
    milliseconds = round(event["timestamp"] * 1000)
    details: Any = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    line = {
        "id": str(event["id"]),
        "type": event["type"],
        "details": _cut(details),
        "previous_event_id": str(event["previousEventId"]),
        "event_timestamp": str(milliseconds),
        "execution_arn": execution,
        "redrive_count": "0",
    }
    return {"timestamp": milliseconds, "message": json.dumps(line, ensure_ascii=False)}


def batches(lines: Sequence[LogLine]) -> Iterator[list[LogLine]]:
    """The lines in the order of time, as many together as one PutLogEvents takes."""
    batch: list[LogLine] = []
    size = 0
    for line in sorted(lines, key=lambda one: int(one["timestamp"])):
        own = len(line["message"].encode()) + _OVERHEAD
        if batch and (len(batch) == _MOST_LINES or size + own > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += own
    if batch:
        yield batch


def _cut(details: Mapping[str, Any]) -> dict[str, Any]:
    cut = dict(details)
    for name, about in _DETAILS_OF.items():
        if _is_too_large(details.get(name)):
            cut[name] = _fitting(details[name])
            cut[about] = {"truncated": True}
    assigned = details.get("assignedVariables") or {}
    if any(_is_too_large(text) for text in assigned.values()):
        fitting = {name: _fitting(text) if _is_too_large(text) else text for name, text in assigned.items()}
        cut |= {"assignedVariables": fitting, "assignedVariablesDetails": {"truncated": True}}
    return cut


def _is_too_large(text: object) -> bool:
    return isinstance(text, str) and len(text) * 6 > LARGEST_BYTES and _escaped(text) > LARGEST_BYTES


def _fitting(text: str) -> str:
    """A beginning that fits."""
    keep = len(text)
    while _escaped(text[:keep]) > LARGEST_BYTES:
        keep = min(keep * LARGEST_BYTES // _escaped(text[:keep]), keep - 1)
    return text[:keep]


def _escaped(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2
