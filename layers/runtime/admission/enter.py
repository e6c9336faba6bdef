"""Lets a run in where its workflow has a limit: at once, or it waits, or it is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from layers.runtime.admission.fill import fill
from layers.runtime.admission.group_items import Waiting, put_waiting, read_group, take
from layers.runtime.admission.launch import Admission, Launched, launch
from layers.runtime.admission.limit import Limit
from layers.runtime.admission.problems import limit_reached
from layers.runtime.admission.slots import first_lease, place_of
from layers.runtime.admission.start_items import Start, put_start
from layers.runtime.store import ConditionFailedError
from layers.runtime.store.runs import Idempotency, Run, find_run, new_run
from layers.runtime.store.table import Write

_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Entrant:
    """A run that is to begin: its record as it would be, and what Step Functions is to be told."""

    run: Run
    start: Start
    idempotency: Idempotency | None = None


def enter(admission: Admission, entrant: Entrant, limit: Limit) -> tuple[Run, Launched]:
    """The run as it is recorded, and what came of its start: `later` also of one that waits.

    Nothing is kept of a run that is refused: RequestError (429). Raises ConditionFailedError if its
    idempotency key has started a run.
    """
    now = admission.clock()
    if _take_at_once(admission, entrant, limit, now):
        launched = launch(admission, entrant.start)
        if launched == "dead" or limit.on_limit == "cancel_oldest":
            # Others may have waited for its slot, or for its being there to be stopped.
            fill(admission, entrant.run.workflow, entrant.start.key, limit)
        return (replace(entrant.run, status="running") if launched == "running" else entrant.run), launched
    if limit.on_limit == "skip":
        raise limit_reached(entrant.run.workflow, entrant.start.key, limit.most)
    _queue(admission, entrant, now)
    # Whoever frees a slot looks for those that wait afterwards, and this looks for a free slot after it has
    # begun to wait: one of the two sees the other.
    fill(admission, entrant.run.workflow, entrant.start.key, limit)
    return find_run(admission.store, entrant.run.id) or entrant.run, "later"


def _take_at_once(admission: Admission, entrant: Entrant, limit: Limit, now: datetime) -> bool:
    """Whether the run got a slot; not if others wait, who would otherwise be overtaken."""
    store, run = admission.store, entrant.run
    for _ in range(_TRIES):
        group = read_group(store, run.workflow, entrant.start.key)
        is_next = limit.on_limit == "skip" or not group.waiting
        if not (group.slots.has_room(limit) and is_next):
            return False
        records = new_run(store, run, entrant.idempotency)
        lease = first_lease(run.id, int(now.timestamp()))
        writes: list[Write] = [
            *records,
            put_start(store, entrant.start, now.timestamp()),
            take(store, group, lease, limit, now),
        ]
        try:
            store.table.write(writes)
        except ConditionFailedError as error:
            if any(position < len(records) for position in error.failed):
                raise
            continue
        return True
    return False


def _queue(admission: Admission, entrant: Entrant, now: datetime) -> None:
    store, start = admission.store, entrant.start
    place = place_of(start.run, now.timestamp(), start.priority)
    run = replace(entrant.run, status="queued", place=place, admitted_at=None)
    waiting = Waiting(start.run, start.workflow, start.key, place, start.priority, run.started_at)
    store.table.write(
        [
            *new_run(store, run, entrant.idempotency),
            put_start(store, start, now.timestamp()),
            put_waiting(store, waiting),
        ]
    )
