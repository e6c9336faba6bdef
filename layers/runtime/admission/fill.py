"""Gives free slots to the runs that wait for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from layers.runtime.admission.group_items import (
    Group,
    Waiting,
    delete_waiting,
    give_back,
    read_group,
    take,
)
from layers.runtime.admission.launch import Admission, launch
from layers.runtime.admission.limit import NO_LIMIT, Limit, read_limit
from layers.runtime.admission.slots import Slots, first_lease, surplus
from layers.runtime.admission.start_items import begin, find_start, forget_start
from layers.runtime.node_run import iso_time
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.runs import find_run
from layers.runtime.store.table import Update, Write
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import find_head

MOST_TURNS: Final = 50
"""Of one call: whoever frees a slot has other things to do, and a sweep comes within a minute."""
_LOOKED_AT: Final = 100
_REPLACED: Final = "a newer run has taken its place"
_GONE: Final = "the workflow was deleted while it waited"


def fill(admission: Admission, workflow: str, key: str, limit: Limit | None = None) -> None:
    """Starts runs that wait, as long as there is a slot for the next one.

    `limit` is the active version's, which is looked up if it is not given and somebody waits. Any number may
    do this at once; raises botocore's errors of the table.
    """
    for _ in range(MOST_TURNS):
        group = read_group(admission.store, workflow, key)
        if not group.waiting:
            return
        if limit is None:
            head = find_head(admission.store, workflow)
            if head is None or head.status == "deleted":
                cancel_waiting(admission, group.waiting[0], _GONE)
                continue
            if head.status != "active":
                return
            limit = active_limit(admission.store, workflow, head.active_version)
        if not _one_turn(admission, group, limit):
            return


def active_limit(store: Store, workflow: str, version: int | None) -> Limit:
    """The limit of a version; where it has none, those that wait have waited long enough."""
    known = find_version(store, workflow, version) if version is not None else None
    return (read_limit(known.concurrency) if known is not None else None) or NO_LIMIT


def cancel_waiting(admission: Admission, waiting: Waiting, cause: str) -> bool:
    """Records that a run that waits will not begin; False if it waits no longer."""
    store = admission.store
    ended = iso_time(admission.clock())
    values = {
        "status": "cancelled",
        "error": "Steploom.Cancelled",
        "cause": cause,
        "ended_at": ended,
        "place": None,
    }
    writes: list[Write] = [
        Update(store.keys.run(waiting.run), values, Attr("status").eq("queued")),
        delete_waiting(store, waiting.workflow, waiting.key, waiting.place),
        forget_start(store, waiting.run),
    ]
    try:
        store.table.write(writes)
    except ConditionFailedError as error:
        if 0 in error.failed:
            _forget_stale(store, waiting)
        return False
    return True


def _one_turn(admission: Admission, group: Group, limit: Limit) -> bool:
    """Starts the next run, or makes room for it; False if it has to wait."""
    if group.slots.has_room(limit):
        _let_in(admission, group, limit)
        return True
    return limit.on_limit == "cancel_oldest" and _make_room(admission, group, limit)


def _let_in(admission: Admission, group: Group, limit: Limit) -> None:
    store, waiting = admission.store, group.waiting[0]
    lease = first_lease(waiting.run, admission.seconds())
    admitted = {"status": "starting", "place": None, "admitted_at": iso_time(admission.clock())}
    writes: list[Write] = [
        Update(store.keys.run(waiting.run), admitted, Attr("status").eq("queued")),
        replace(
            delete_waiting(store, waiting.workflow, waiting.key, waiting.place),
            condition=Attr("run").exists(),
        ),
        take(store, group, lease, limit, admission.clock()),
    ]
    try:
        store.table.write(writes)
    except ConditionFailedError as error:
        if 0 in error.failed:
            _forget_stale(store, waiting)
        return
    start = find_start(store, waiting.run)
    if start is not None:
        launch(admission, start)


def _forget_stale(store: Store, waiting: Waiting) -> None:
    """A place of a run that waits no longer would be offered a slot again and again."""
    run = find_run(store, waiting.run)
    if run is None or run.status != "queued" or run.place != waiting.place:
        store.table.write([delete_waiting(store, waiting.workflow, waiting.key, waiting.place)])


def _make_room(admission: Admission, group: Group, limit: Limit) -> bool:
    """Where the newest win: who waits and is too old never begins, then the oldest that runs is stopped."""
    slots = group.slots
    waiting = read_group(admission.store, slots.workflow, slots.key, _LOOKED_AT).waiting
    replaced = surplus(sorted(waiting, key=lambda each: (each.since, each.run)), limit)
    for each in replaced:
        cancel_waiting(admission, each, _REPLACED)
    return bool(replaced) or any(_stop(admission, slots, lease.run) for lease in slots.oldest_first())


def _stop(admission: Admission, slots: Slots, run: str) -> bool:
    """Stops a run and frees its slot; False if it has not begun yet."""
    known = find_run(admission.store, run)
    if known is None:
        return False
    try:
        admission.step_functions.stop_execution(
            executionArn=known.execution_arn, error="Steploom.Cancelled", cause=_REPLACED
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
            return False
        raise
    if known.status == "starting":
        begin(admission.store, run, known.execution_arn)
    give_back(admission.store, slots.workflow, slots.key, run)
    return True
