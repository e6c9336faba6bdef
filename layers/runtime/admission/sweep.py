"""Looks at slots every minute: what holds one and is under way no longer, and who waits beside a free one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from layers.runtime.admission.fill import fill
from layers.runtime.admission.group_items import (
    LOOK_EVERY_SECONDS,
    due_slots,
    forget_slots,
    give_back,
    look_again,
    read_group,
    renew,
)
from layers.runtime.admission.launch import MOST_ATTEMPTS, Admission, launch
from layers.runtime.admission.slots import Lease, Slots, renewed, retried
from layers.runtime.admission.start_items import begin, count_attempt, find_start
from layers.runtime.store import ConditionFailedError
from layers.runtime.store.runs import Run, find_run

IDLE_SECONDS: Final = 600
"""After which slots that nobody has used are forgotten: longer than any function that read them can run."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    groups: int = 0
    freed: int = 0
    errors: int = 0


def sweep(admission: Admission, is_over: Callable[[], bool]) -> Swept:
    """Looks at all slots that are due, the longest due first, until it is told that its time is over.

    An error about one leaves it due, and the others are looked at all the same.
    """
    swept = Swept()
    for slots in due_slots(admission.store, admission.clock().timestamp()):
        if is_over():
            break
        try:
            freed = look(admission, slots)
        except (ClientError, BotoCoreError, ConditionFailedError):
            swept = replace(swept, groups=swept.groups + 1, errors=swept.errors + 1)
            continue
        swept = replace(swept, groups=swept.groups + 1, freed=swept.freed + freed)
    return swept


def look(admission: Admission, listed: Slots) -> int:
    """Asks about leases past their time, starts whoever waits; gives how many slots were freed."""
    now = admission.seconds()
    freed = sum(_ask(admission, listed, lease) for lease in listed.past(now))
    fill(admission, listed.workflow, listed.key)
    group = read_group(admission.store, listed.workflow, listed.key)
    slots = replace(group.slots, due=listed.due)
    if slots.held or group.waiting:
        look_again(admission.store, slots, now + LOOK_EVERY_SECONDS, None)
    elif slots.idle_since is None:
        look_again(admission.store, slots, now + IDLE_SECONDS, now)
    elif slots.idle_since + IDLE_SECONDS <= now:
        forget_slots(admission.store, slots)
    return freed


def _ask(admission: Admission, slots: Slots, lease: Lease) -> bool:
    """Whether the run was found to be under way no longer, and its slot was freed."""
    run = find_run(admission.store, lease.run)
    if run is None:
        return give_back(admission.store, slots.workflow, slots.key, lease.run)
    try:
        seen = admission.step_functions.describe_execution(executionArn=run.execution_arn)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
            raise
        return _start_or_free(admission, slots, lease, run)
    if run.status == "starting":
        begin(admission.store, run.id, run.execution_arn)
    if seen["status"] != "RUNNING":
        return give_back(admission.store, slots.workflow, slots.key, lease.run)
    renew(admission.store, slots, lease, renewed(lease, admission.seconds()))
    return False


def _start_or_free(admission: Admission, slots: Slots, lease: Lease, run: Run) -> bool:
    """Of a run without an execution: whoever was about to start it has died, or could not."""
    start = find_start(admission.store, run.id)
    if start is None or run.status != "starting":
        return give_back(admission.store, slots.workflow, slots.key, run.id)
    count_attempt(admission.store, run.id)
    attempts = start.attempts + 1
    if renew(admission.store, slots, lease, retried(lease, admission.seconds(), attempts)):
        launch(admission, start, is_last=attempts >= MOST_ATTEMPTS)
    return False
