"""Who changed what of a workflow: one item a change, written together with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from layers.runtime.json_value import JsonObject, read_json, write_json
from layers.runtime.store import Item, Store
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.table import Put, Query

Deed = Literal[
    "created",
    "changed",
    "deleted",
    "activated",
    "opened",
    "paused",
    "rolled_back",
    "split",
    "approved",
    "ruled",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `revision` is the one that it made."""

    revision: int
    at: str
    by: str
    """The principal's id."""
    what: Deed
    details: JsonObject = field(default_factory=dict)
    """What the deed was done with: a version, weights, a policy."""


def put_change(store: Store, workflow: str, change: Change) -> Put:
    """The write of a change, to be done in one transaction with it."""
    key = store.keys.change(workflow, change.revision)
    fields = {"revision": change.revision, "at": change.at, "by": change.by, "what": change.what}
    return Put({"pk": key.pk, "sk": key.sk, **fields, "details": write_json(change.details)})


def list_changes(store: Store, workflow: str, limit: int, cursor: str | None) -> Listing[Change]:
    """The changes of a workflow, newest first; raises RequestError (400) for a wrong cursor."""
    query = Query(store.keys.of_workflow(workflow), begins_with="change#", newest_first=True, limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_change(item) for item in page.items), write_cursor(page.next_key))


def _change(item: Item) -> Change:
    details = read_json(item["details"])
    assert isinstance(details, Mapping)
    return Change(item["revision"], item["at"], item["by"], item["what"], details)
