"""What can be seen of a run from outside: the nodes' runs, read from an execution's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

FAILURES: Final = frozenset({"TaskFailed", "TaskTimedOut", "LambdaFunctionFailed", "EvaluationFailed"})


@dataclass(frozen=True, slots=True)
class Span:
    """A node's run as the history tells it; times in seconds since the run began."""

    node: str
    started_at: float
    ended_at: float | None
    status: Literal["succeeded", "failed", "open"]
    """`open`: its state was never left."""


@dataclass(frozen=True)
class MachineRun:
    """How the compiled machine's execution ended."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    spans: tuple[Span, ...]
    seen: frozenset[str]
    """The nodes that have a state of their own, and so show in a history."""


def spans(history: Sequence[Mapping[str, Any]], own: Mapping[str, str], begin: float) -> tuple[Span, ...]:
    """The runs of the nodes whose state names `own` holds, in the order in which they began.

    `begin` is the time of the run's beginning in epoch seconds.
    """
    by_id = {event["id"]: event for event in history}
    opened: dict[str, list[float]] = {}
    found: list[Span] = []
    for event in history:
        at = event["timestamp"].timestamp() - begin
        if event["type"].endswith("StateEntered") and event["stateEnteredEventDetails"]["name"] in own:
            opened.setdefault(own[event["stateEnteredEventDetails"]["name"]], []).append(at)
        elif event["type"].endswith("StateExited") and event["stateExitedEventDetails"]["name"] in own:
            node = own[event["stateExitedEventDetails"]["name"]]
            failed = by_id[event["previousEventId"]]["type"] in FAILURES
            found.append(Span(node, opened[node].pop(), at, "failed" if failed else "succeeded"))
    found += [Span(node, at, None, "open") for node, times in opened.items() for at in times]
    return tuple(sorted(found, key=lambda span: span.started_at))
