"""Bulk starts in the table: what was to be started, by whom."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.runs import RETENTION_SECONDS
from layers.runtime.store.table import ABSENT, Put


@dataclass(frozen=True, slots=True)
class Bulk:
    """One bulk start; its id is also its execution's name."""

    id: str
    workflow: str
    trigger: str | None
    """The trigger to fire; by hand as with one run, if none is named."""
    format: str
    key: str
    """Of the object that holds the payloads."""
    digest: str
    """Of what was sent."""
    created_at: str
    created_by: str
    total: int | None = None
    """How many payloads there are; None where only the object tells."""


def create_bulk(store: Store, bulk: Bulk) -> bool:
    """Records a bulk start; gives False if there is one of that id already."""
    key = store.keys.bulk(bulk.id)
    expires = int(datetime.fromisoformat(bulk.created_at).timestamp()) + RETENTION_SECONDS
    item = {
        "pk": key.pk,
        "sk": key.sk,
        "gsi1pk": store.keys.kind("bulk"),
        "gsi1sk": f"{bulk.created_at}#{bulk.id}",
        "expires_at": expires,
        **asdict(bulk),
    }
    try:
        store.table.write([Put(item, ABSENT)])
    except ConditionFailedError:
        return False
    return True


def find_bulk(store: Store, bulk: str) -> Bulk | None:
    """A bulk start."""
    item = store.table.get(store.keys.bulk(bulk))
    return None if item is None else _bulk(item)


def _bulk(item: Item) -> Bulk:
    fields = {name: item.get(name) for name in Bulk.__slots__}
    return Bulk(**fields)  # type: ignore[arg-type]
