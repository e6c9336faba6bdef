"""Deletes pinned machines that nobody has used for as long as their runs could be redriven."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from functions.activate.machines import Machines
from layers.runtime.executions import Clock
from layers.runtime.store import Store
from layers.runtime.store.pinned import KEPT_SECONDS, forget_pinned, list_pinned

AT_ONCE: Final = 5
"""How many are looked at whenever one is made: so there are never many more than were used lately."""


def sweep(store: Store, machines: Machines, clock: Clock) -> int:
    """Deletes those of the longest unused that are due; gives how many. Raises PlatformError.

    Executions that are under way go on without their version (AWS: DeleteStateMachineVersion). What is
    forgotten here and could not be deleted stays in Step Functions and does no harm.
    """
    due = clock() - timedelta(seconds=KEPT_SECONDS)
    deleted = 0
    for machine in list_pinned(store, AT_ONCE, None).elements:
        if datetime.fromisoformat(machine.used_at) > due or machine.machine_version_arn is None:
            break
        if forget_pinned(store, machine):
            machines.delete_version(machine.machine_version_arn)
            deleted += 1
    return deleted
