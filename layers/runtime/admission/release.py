"""Frees the slot of a run that has ended, and lets a run that goes on take one again."""

from __future__ import annotations

from layers.runtime.admission.fill import active_limit, fill
from layers.runtime.admission.group_items import give_back, read_group, take
from layers.runtime.admission.launch import Admission
from layers.runtime.admission.slots import first_lease
from layers.runtime.store import ConditionFailedError
from layers.runtime.store.runs import Run
from layers.runtime.store.workflows import find_head

_TRIES = 8


def release(admission: Admission, run: Run) -> None:
    """Frees the run's slot if it holds one, and starts whoever is next; repeating it does no harm."""
    if run.key is not None:
        give_back(admission.store, run.workflow, run.key, run.id)
        fill(admission, run.workflow, run.key)


def take_again(admission: Admission, run: Run) -> bool:
    """Takes a slot for a run that has ended and is to go on; False if there is none for it."""
    if run.key is None:
        return True
    head = find_head(admission.store, run.workflow)
    limit = active_limit(admission.store, run.workflow, None if head is None else head.active_version)
    for _ in range(_TRIES):
        group = read_group(admission.store, run.workflow, run.key)
        if any(lease.run == run.id for lease in group.slots.leases):
            return True
        if group.waiting or not group.slots.has_room(limit):
            return False
        lease = first_lease(run.id, admission.seconds())
        try:
            admission.store.table.write([take(admission.store, group, lease, limit, admission.clock())])
        except ConditionFailedError:
            continue
        return True
    return False
