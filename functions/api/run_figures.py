"""What a run waits for, and what it has cost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.api.answers import RunCost, RunDetail, RunTimeline, Waiting
from layers.runtime import prices
from layers.runtime.json_value import write_json
from layers.runtime.step_functions import is_express
from layers.runtime.store.runs import Run

_WAITS: Final = {
    "delay": "time",
    "human_task": "a person",
    "wait_for_event": "an event",
    "workflow": "another run",
}


def waiting_for(timeline: Sequence[Mapping[str, Any]]) -> list[Waiting]:
    """The nodes of a run under way that do nothing now, and why: by type, or between two attempts."""
    found = []
    for node in timeline:
        if node["status"] != "running":
            continue
        last = node["attempts"][-1] if node["attempts"] else None
        is_failed = last is not None and last["ended_at"] is not None and last["error"] is not None
        why = "another attempt" if is_failed else _WAITS.get(node["type"])
        if why is not None:
            since = last["ended_at"] if is_failed and last is not None else node["started_at"]
            found.append(Waiting(node=node["node"], why=why, since=since))
    return found


def cost_of(run: Run, figures: Mapping[str, Any] | None) -> RunCost:
    """What a run has cost by list prices; nothing is known of one whose figures were not kept."""
    about = {"run": run.id, "currency": "USD", "prices_as_of": prices.AS_OF}
    if figures is None:
        return RunCost(
            **about, total=None, parts={}, figures={}, estimated=["all of it: no history was read"]
        )
    parts = {
        "functions": figures["calls"] * prices.LAMBDA_REQUEST
        + figures["gigabyte_seconds"] * prices.LAMBDA_GIGABYTE_SECOND
    }
    if is_express(run.execution_arn):
        memory = prices.EXPRESS_GIGABYTES * figures["seconds"]
        parts["express"] = prices.EXPRESS_REQUEST + memory * prices.EXPRESS_GIGABYTE_SECOND
    else:
        parts["transitions"] = figures["transitions"] * prices.TRANSITION
    return RunCost(
        **about,
        total=round(sum(parts.values()), 9),
        parts={name: round(cost, 9) for name, cost in parts.items()},
        figures=dict(figures),
        estimated=["functions: by the time between call and answer, of which Lambda bills a part"],
    )


def timeline_of(seen: RunDetail) -> RunTimeline:
    """The timeline of a run, with a cursor that tells whether anything has changed since."""
    nodes = [[node["node"], node["status"], len(node["attempts"])] for node in seen.timeline]
    waiting = [[one.node, one.why] for one in seen.waiting_for]
    told = write_json([seen.status, seen.final, nodes, waiting])
    return RunTimeline(
        run=seen.id,
        status=seen.status,
        final=seen.final,
        timeline=seen.timeline,
        skipped=seen.skipped,
        waiting_for=seen.waiting_for,
        cursor=hashlib.sha256(told.encode()).hexdigest()[:16],
    )
