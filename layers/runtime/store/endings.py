"""Which ends of runs have been acted on, and what the project does when a run fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.runs import RETENTION_SECONDS
from layers.runtime.store.table import ABSENT, Delete, Put, Update

ACTING_TAKES: Final = timedelta(minutes=2)
"""Whoever began to act on an end and has not said so for longer was cut off."""


def claim_end(store: Store, run: str, ended_at: str, now: datetime) -> bool:
    """Whether the caller is the one to act on that end of a run; another may be at it, or be done."""
    key = store.keys.ending(run, ended_at)
    moment = int(now.timestamp())
    item = {
        "pk": key.pk,
        "sk": key.sk,
        "status": "acting",
        "at": moment,
        "expires_at": moment + RETENTION_SECONDS,
    }
    cut_off = Attr("status").eq("acting") & Attr("at").lt(moment - int(ACTING_TAKES.total_seconds()))
    try:
        store.table.write([Put(item, ABSENT | cut_off)])
    except ConditionFailedError:
        return False
    return True


def end_is_done(store: Store, run: str, ended_at: str) -> None:
    """Says that all was done that was to be done at that end."""
    store.table.write([Update(store.keys.ending(run, ended_at), {"status": "done"})])


def error_workflow(store: Store) -> str | None:
    """The workflow that runs when a run of another one fails."""
    item = store.table.get(store.keys.setting("error_workflow"))
    return None if item is None else str(item["value"])


def set_error_workflow(store: Store, workflow: str | None) -> None:
    """Chooses it; None is none."""
    key = store.keys.setting("error_workflow")
    if workflow is None:
        store.table.write([Delete(key)])
    else:
        store.table.write([Put({"pk": key.pk, "sk": key.sk, "value": workflow})])
