"""Which workflows wait for the runs of which others, kept beside those that are waited for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layers.runtime.store import Store
from layers.runtime.store.table import Delete, Put, Query


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A trigger of `workflow` that fires when runs of `after` have ended in one of the statuses."""

    after: str
    workflow: str
    trigger: str
    statuses: Sequence[str]


def keep_awaiting(store: Store, awaiting: Awaiting) -> None:
    """Says that it waits from now on."""
    key = store.keys.awaited(awaiting.after, awaiting.workflow, awaiting.trigger)
    store.table.write([Put({"pk": key.pk, "sk": key.sk, "statuses": list(awaiting.statuses)})])


def drop_awaiting(store: Store, after: str, workflow: str, trigger: str) -> None:
    """Says that it does not wait any more."""
    store.table.write([Delete(store.keys.awaited(after, workflow, trigger))])


def waiting_for(store: Store, after: str) -> Iterator[Awaiting]:
    """All triggers that wait for runs of a workflow."""
    prefix = store.keys.awaited(after, "", "")
    query = Query(prefix.pk, begins_with=prefix.sk.removesuffix("#"))
    while True:
        page = store.table.query(query)
        for item in page.items:
            _, workflow, trigger = str(item["sk"]).split("#")
            yield Awaiting(after, workflow, trigger, item["statuses"])
        if page.next_key is None:
            return
        query = query.starting_at(page.next_key)
