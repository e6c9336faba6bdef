"""Pinned machines: versions of a workflow's state machine for runs that go on from earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.json_value import read_json, write_json
from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.packing import pack, unpack
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.table import ABSENT, Put, Query, Update

KEPT_SECONDS: Final = 15 * 86_400
"""After its last use a machine stays for as long as its runs can be redriven (AWS: 14 days), and a day."""
_MAP_SECONDS: Final = 366 * 86_400
"""Its source map stays for as long as an execution may run (AWS: Step Functions quotas, a year)."""


@dataclass(frozen=True, slots=True)
class PinnedMachine:
    """One such machine; `digest` names its text."""

    workflow: str
    digest: str
    version: int
    """Of the workflow, whose definition it was compiled from."""
    machine_version_arn: str | None
    """None once it has been deleted: runs under way go on, others are not started by it."""
    used_at: str


def find_pinned(store: Store, workflow: str, digest: str) -> PinnedMachine | None:
    """The pinned machine of a text, unless it has been deleted."""
    item = store.table.get(store.keys.pinned(workflow, digest))
    return None if item is None or "machine_version_arn" not in item else _pinned(item)


def find_pinned_source_map(store: Store, workflow: str, digest: str) -> Mapping[str, Any] | None:
    """The source map of a pinned machine, also of one that has been deleted."""
    item = store.table.get(store.keys.pinned(workflow, digest))
    source_map = None if item is None else read_json(unpack(item["source_map"]))
    return source_map if isinstance(source_map, Mapping) else None


def keep_pinned(store: Store, machine: PinnedMachine, source_map: Mapping[str, Any]) -> None:
    """Records a pinned machine that was just published, or published again."""
    key = store.keys.pinned(machine.workflow, machine.digest)
    fields: dict[str, Any] = {name: getattr(machine, name) for name in PinnedMachine.__slots__}
    item = {
        "pk": key.pk,
        "sk": key.sk,
        **fields,
        "gsi1pk": store.keys.kind("pinned"),
        "gsi1sk": f"{machine.used_at}#{machine.digest}",
        "source_map": pack(write_json(source_map)),
        "expires_at": _expiry(machine.used_at),
    }
    store.table.write([Put(item, ABSENT | Attr("machine_version_arn").not_exists())])


def note_use(store: Store, machine: PinnedMachine, now: str) -> bool:
    """Says that a run is started by it now; False if it has been deleted meanwhile."""
    listed = {"used_at": now, "gsi1sk": f"{now}#{machine.digest}", "expires_at": _expiry(now)}
    key = store.keys.pinned(machine.workflow, machine.digest)
    try:
        store.table.write([Update(key, listed, Attr("machine_version_arn").exists())])
    except ConditionFailedError:
        return False
    return True


def list_pinned(store: Store, limit: int, cursor: str | None) -> Listing[PinnedMachine]:
    """The pinned machines that have not been deleted, those first that were not used for longest."""
    query = Query(store.keys.kind("pinned"), index="by_kind", limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_pinned(item) for item in page.items), write_cursor(page.next_key))


def forget_pinned(store: Store, machine: PinnedMachine) -> bool:
    """Says that a machine is about to be deleted; False if it has been used meanwhile.

    Its source map stays for the runs that it has had.
    """
    gone = {"machine_version_arn": None, "gsi1pk": None, "gsi1sk": None}
    key = store.keys.pinned(machine.workflow, machine.digest)
    try:
        store.table.write([Update(key, gone, Attr("used_at").eq(machine.used_at))])
    except ConditionFailedError:
        return False
    return True


def _pinned(item: Item) -> PinnedMachine:
    fields: dict[str, Any] = {name: item.get(name) for name in PinnedMachine.__slots__}
    return PinnedMachine(**fields)


def _expiry(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) + _MAP_SECONDS
