"""Runs that are to be paused, said beside the records of their nodes' work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.table import ABSENT, Put

KEPT_SECONDS: Final = 366 * 86_400
"""As long as an execution may run (AWS: Step Functions quotas)."""
_TRIES: Final = 20
"""Each that fails is one that somebody else has succeeded in."""


def ask_to_pause(store: Store, root: str, run: str, now: float) -> None:
    """Lets the run's next node that asks stop; `root` is where the keys of its nodes' work begin."""
    _change(store, root, lambda runs: runs if run in runs else [*runs, run], now)


def let_go_on(store: Store, root: str, run: str, now: float) -> None:
    """Takes that back; of a run that was never to be paused nothing is written."""
    _change(store, root, lambda runs: [name for name in runs if name != run], now)


def asked(store: Store, root: str) -> Sequence[str]:
    """The runs of one root that are to be paused."""
    return runs_of(store.table.get(store.keys.pause(root)))


def runs_of(item: Item | None) -> Sequence[str]:
    """What the item says, if it is there."""
    return () if item is None else str(item["runs"]).split()


def is_meant(runs: Sequence[str], execution: str) -> bool:
    """Whether an execution is one of those runs, or does a part of one."""
    return any(execution == run or execution.startswith(f"{run}-") for run in runs)


def _change(store: Store, root: str, change: Callable[[Sequence[str]], Sequence[str]], now: float) -> None:
    """Writes what becomes of the runs unless somebody else has written meanwhile: then it begins again.

    Raises ConditionFailedError where others come between each time.
    """
    key = store.keys.pause(root)
    for tries_left in reversed(range(_TRIES)):
        found = store.table.get(key)
        runs = list(runs_of(found))
        wanted = list(change(runs))
        if wanted == runs:
            return
        values = {"runs": " ".join(wanted), "expires_at": int(now) + KEPT_SECONDS}
        unchanged = ABSENT if found is None else Attr("runs").eq(found["runs"])
        try:
            store.table.write([Put({"pk": key.pk, "sk": key.sk, **values}, unchanged)])
        except ConditionFailedError:
            if not tries_left:
                raise
        else:
            return
