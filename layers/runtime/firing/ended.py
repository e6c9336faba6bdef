"""Tells the workflows that wait for a run that it has ended."""

from __future__ import annotations

from layers.runtime.firing.message import Firing, moment_of
from layers.runtime.json_value import JsonObject
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.awaited import waiting_for
from layers.runtime.store.gatherings import End
from layers.runtime.store.runs import OPEN, Run


def tell_waiting(store: Store, starts: Queue, run: Run) -> int:
    """Puts a firing for each trigger that waits for such an end; gives how many.

    It may be told again at any time: each end counts once. Runs of a test count nowhere.
    """
    ended = moment_of(run.ended_at)
    if ended is None or run.status in OPEN or (run.lineage or {}).get("reason") == "test":
        return 0
    end = End(run.id, run.workflow, run.status, str(run.ended_at))
    about: JsonObject = {
        "id": end.id,
        "workflow": end.workflow,
        "status": end.status,
        "ended_at": end.ended_at,
    }
    told = 0
    for waiting in waiting_for(store, run.workflow):
        if run.status in waiting.statuses:
            firing = Firing(
                waiting.workflow, waiting.trigger, "workflow", end.identity, ended, {"run": about}
            )
            starts.send(firing.to_text())
            told += 1
    return told
