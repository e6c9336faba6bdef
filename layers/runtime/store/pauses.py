"""Runs that are to be paused, said beside the records of their nodes' work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from layers.runtime.store import Item, Store
from layers.runtime.store.keys import Key
from layers.runtime.store.table import Put

KEPT_SECONDS: Final = 366 * 86_400
"""As long as an execution may run (AWS: Step Functions quotas)."""


def ask_to_pause(store: Store, root: str, run: str, now: float) -> None:
    """Lets the run's next node that asks stop; `root` is where the keys of its nodes' work begin."""
    _write(store, root, [*(name for name in asked(store, root) if name != run), run], now)


def let_go_on(store: Store, root: str, run: str, now: float) -> None:
    """Takes that back; of a run that was never to be paused nothing is written."""
    runs = asked(store, root)
    if run in runs:
        _write(store, root, [name for name in runs if name != run], now)


def asked(store: Store, root: str) -> Sequence[str]:
    """The runs of one root that are to be paused."""
    return runs_of(store.table.get(store.keys.pause(root)))


def runs_of(item: Item | None) -> Sequence[str]:
    """What the item says, if it is there."""
    return () if item is None else str(item["runs"]).split()


def is_meant(runs: Sequence[str], execution: str) -> bool:
    """Whether an execution is one of those runs, or does a part of one."""
    return any(execution == run or execution.startswith(f"{run}-") for run in runs)


def _write(store: Store, root: str, runs: Sequence[str], now: float) -> None:
    key: Key = store.keys.pause(root)
    store.table.write(
        [Put({"pk": key.pk, "sk": key.sk, "runs": " ".join(runs), "expires_at": int(now) + KEPT_SECONDS})]
    )
