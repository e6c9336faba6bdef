"""Starts that Step Functions has refused for good are tried again by hand."""

from __future__ import annotations

from boto3.dynamodb.conditions import Attr

from layers.runtime.admission.fill import fill
from layers.runtime.admission.group_items import Waiting, put_waiting
from layers.runtime.admission.launch import Admission
from layers.runtime.admission.problems import dead_start_not_found
from layers.runtime.admission.slots import place_of
from layers.runtime.admission.start_items import find_dead_start, find_start, revive
from layers.runtime.store import ConditionFailedError
from layers.runtime.store.runs import Run, find_run
from layers.runtime.store.table import Update, Write


def replay(admission: Admission, run: str) -> Run:
    """The run, which waits for a slot again under its own id, or has one; raises RequestError (404)."""
    store = admission.store
    start, known = find_start(store, run), find_run(store, run)
    if start is None or known is None or find_dead_start(store, run) is None:
        raise dead_start_not_found(run)
    place = place_of(run, admission.clock().timestamp(), start.priority)
    again = {"status": "queued", "place": place, "ended_at": None, "error": None, "cause": None}
    waiting = Waiting(run, start.workflow, start.key, place, start.priority, known.started_at)
    writes: list[Write] = [
        Update(store.keys.run(run), again, Attr("status").eq("failed")),
        revive(store, run),
        put_waiting(store, waiting),
    ]
    try:
        store.table.write(writes)
    except ConditionFailedError as error:
        raise dead_start_not_found(run) from error
    fill(admission, start.workflow, start.key)
    return find_run(store, run) or known
