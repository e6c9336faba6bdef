"""Reads the runs of several nodes that one Task did in one invocation, by what the function tells of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from layers.runtime.history import Attempt, Visit
from layers.runtime.inside import assigned_output
from layers.runtime.json_value import JsonValue, NotJsonError, read_json

_IN_NODE: Final = re.compile(r" \(in node ([a-z][a-z0-9_]*)\)")
"""How node_task tells which node of a chain failed (translator/chain.py)."""


@dataclass(frozen=True, slots=True)
class ChainedRun:
    """One node's run; `begun_by` is the id of an event by which it is known."""

    node: str
    begun_by: int
    status: Literal["succeeded", "failed", "running", "cancelled"]
    started_at: datetime
    ended_at: datetime | None
    attempts: tuple[Attempt, ...] = ()
    output: JsonValue = None
    error: str | None = None
    cause: str | None = None


def chained_runs(
    visit: Visit, nodes: Sequence[str], answers: Mapping[str, Any] | None
) -> Iterator[ChainedRun]:
    """The runs that a visit of the Task stands for; `answers` is what the function gave, by node.

    A node without an answer calls nothing: it ran when the one before it had ended.
    """
    if visit.failure is None and answers is not None:
        yield from _succeeded(visit, nodes, answers)
    elif visit.failure is not None and visit.ended_at is not None:
        yield from _failed(visit, nodes, *visit.failure)
    else:
        status: Literal["cancelled", "running"] = "cancelled" if visit.cancelled else "running"
        yield ChainedRun(nodes[0], visit.entered_by, status, visit.entered_at, visit.ended_at)


def _succeeded(visit: Visit, nodes: Sequence[str], answers: Mapping[str, Any]) -> Iterator[ChainedRun]:
    base = ended = visit.attempts[-1].started_at if visit.attempts else visit.entered_at
    for place, node in enumerate(nodes):
        answer = answers.get(node)
        if answer is None:
            yield ChainedRun(node, visit.latest, "succeeded", ended, ended, (), _assigned(visit, node))
            continue
        started = base + timedelta(seconds=answer.get("began") or 0)
        ended = base + timedelta(seconds=answer.get("ended") or 0)
        tried = (
            Attempt(started, started, one["error"], one["cause"]) for one in answer.get("attempts") or ()
        )
        begun_by = visit.entered_by if place == 0 else visit.latest
        attempts = (*tried, Attempt(started, ended))
        yield ChainedRun(node, begun_by, "succeeded", started, ended, attempts, answer.get("output"))


def _assigned(visit: Visit, node: str) -> JsonValue:
    try:
        return read_json(assigned_output(visit.assigned, node) or "null")
    except NotJsonError:
        return None  # the service cuts long values off


def _failed(visit: Visit, nodes: Sequence[str], error: str | None, cause: str | None) -> Iterator[ChainedRun]:
    """Those before the node that failed have run; where no node is named the first one failed."""
    named = _IN_NODE.findall(cause or "")
    failed = named[-1] if named and named[-1] in nodes else nodes[0]
    told = None if cause is None else _IN_NODE.sub("", cause)
    for place, node in enumerate(nodes[: nodes.index(failed) + 1]):
        begun_by = visit.entered_by if place == 0 else visit.latest
        if node != failed:
            yield ChainedRun(node, begun_by, "succeeded", visit.entered_at, visit.ended_at)
            continue
        attempts = (Attempt(visit.entered_at, visit.ended_at, error, told),)
        yield ChainedRun(
            node, begun_by, "failed", visit.entered_at, visit.ended_at, attempts, None, error, told
        )
