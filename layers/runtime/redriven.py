"""Finds the states that a redriven execution goes on with, which its history does not enter again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from layers.runtime.json_value import JsonValue, json_or_none
from layers.runtime.visit import Visit


def unfinished(visits: Sequence[Visit], execution: int) -> list[Visit]:
    """The Tasks of an execution that were under way, or failed it, when it ended."""
    return [
        visit
        for visit in visits
        if visit.kind == "Task"
        and visit.execution == execution
        and all(one.exited_by is None for one in (visit, *_around(visit)))
    ]


def taken_up(waiting: Sequence[Visit], scheduled: Mapping[str, Any]) -> Visit | None:
    """Which of the Tasks is called again: that of the same work, else the first one (AWS: Redriving)."""
    called = scheduled.get("parameters") or scheduled.get("input")
    work = _work(called)
    same = [visit for visit in waiting if visit.parameters == called]
    similar = [visit for visit in waiting if work is not None and _work(visit.parameters) == work]
    return next(iter([*same, *similar, *waiting]), None)


def reopen(visit: Visit) -> Iterator[Visit]:
    """Lets a state and those around it go on; gives those that had been ended."""
    for one in (visit, *_around(visit)):
        if one.ended_at is not None:
            one.ended_at, one.cancelled = None, False
            one.failure = one.failed_within = None
            yield one


def _around(visit: Visit) -> Iterator[Visit]:
    around = visit.container
    while around is not None:
        yield around
        around = around.container


def _work(parameters: str | None) -> JsonValue:
    """The key of the node's work, in a Task that calls one."""
    document = json_or_none(parameters)
    payload = document.get("Payload") if isinstance(document, Mapping) else None
    return payload.get("node_key") if isinstance(payload, Mapping) else None
