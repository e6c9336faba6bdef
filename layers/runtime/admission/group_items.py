"""The items of slots and of the runs that wait for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.admission.limit import Limit, group_of
from layers.runtime.admission.slots import Lease, Slots, lease_of
from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.table import ABSENT, Add, Delete, Put, Query, Update, Write

_LEASE: Final = "lease#"
_SLOTS: Final = "slots"
_WAITING: Final = "waiting#"
LOOK_EVERY_SECONDS: Final = 60
_TRIES: Final = 20
"""A write that meets a transaction is refused though its condition holds (AWS: TransactionConflict)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that waits for a slot."""

    run: str
    workflow: str
    key: str
    place: str
    priority: int
    since: str
    """ISO 8601 in UTC."""


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of a workflow with one key: who holds slots, and who is the next to get one."""

    slots: Slots
    exists: bool
    """Whether there is an item of its slots."""
    waiting: tuple[Waiting, ...] = ()


def read_group(store: Store, workflow: str, key: str, most: int = 1) -> Group:
    """The slots, and the first of those that wait, in one consistent query."""
    query = Query(store.keys.slots(workflow, group_of(key)).pk, limit=1 + most)
    items = store.table.query(query).items
    slots = next((_slots(item) for item in items if item["sk"] == _SLOTS), None)
    waiting = tuple(_waiting(item) for item in items if item["sk"] != _SLOTS)
    return Group(slots or Slots(workflow, key), slots is not None, waiting)


def take(store: Store, group: Group, lease: Lease, limit: Limit, now: datetime) -> Write:
    """The write by which a run takes a slot, if one is free at that moment.

    The item counts its own slots, so no two writers can take the last one.
    """
    slots = group.slots
    key = store.keys.slots(slots.workflow, group_of(slots.key))
    name = f"{_LEASE}{lease.run}"
    values: dict[str, Any] = {name: lease.to_text(), "idle_since": None}
    if group.exists:
        free = Attr("held").lt(limit.most) & Attr(name).not_exists()
        return Add(key, {"held": 1}, values, free)
    values |= {
        "workflow": slots.workflow,
        "key": slots.key,
        "gsi1pk": store.keys.kind("slots"),
        "gsi1sk": due_text(now.timestamp() + LOOK_EVERY_SECONDS),
        "gsi2pk": store.keys.of_workflow(slots.workflow),
        "gsi2sk": f"slots#{slots.key}",
    }
    return Add(key, {"held": 1}, values, ABSENT)


def give_back(store: Store, workflow: str, key: str, run: str) -> bool:
    """Frees the slot of a run; gives False if it holds none.

    Raises ConditionFailedError where others keep changing the slots at the same moment.
    """
    name = f"{_LEASE}{run}"
    item = store.keys.slots(workflow, group_of(key))
    for _ in range(_TRIES):
        if _done(store, [Add(item, {"held": -1}, {name: None}, Attr(name).exists())]):
            return True
        known = store.table.get(item)
        if known is None or name not in known:
            return False
    raise ConditionFailedError((0,))


def renew(store: Store, slots: Slots, before: Lease, after: Lease) -> bool:
    """Puts off when a run is asked about, unless its lease has changed since it was read."""
    name = f"{_LEASE}{before.run}"
    key = store.keys.slots(slots.workflow, group_of(slots.key))
    return _done(store, [Update(key, {name: after.to_text()}, Attr(name).eq(before.to_text()))])


def put_waiting(store: Store, waiting: Waiting) -> Put:
    """The write by which a run begins to wait."""
    key = store.keys.waiting(waiting.workflow, group_of(waiting.key), waiting.place)
    fields = {name: getattr(waiting, name) for name in Waiting.__slots__}
    listed = {
        "gsi2pk": store.keys.of_workflow(waiting.workflow),
        "gsi2sk": f"{_WAITING}{waiting.place}",
    }
    return Put({"pk": key.pk, "sk": key.sk, **listed, **fields})


def delete_waiting(store: Store, workflow: str, key: str, place: str) -> Delete:
    """The write by which a run no longer waits."""
    return Delete(store.keys.waiting(workflow, group_of(key), place))


def due_slots(store: Store, now: float) -> Iterator[Slots]:
    """What a sweep is to look at, the longest due first; from an index, so it may be a moment old."""
    query = Query(store.keys.kind(_SLOTS), index="by_kind")
    until = due_text(now)
    while True:
        page = store.table.query(query)
        for item in page.items:
            if item["gsi1sk"] > until:
                return
            yield _slots(item)
        if page.next_key is None:
            return
        query = query.starting_at(page.next_key)


def look_again(store: Store, slots: Slots, at: float, idle_since: int | None) -> bool:
    """Says when a sweep is to look at it the next time, unless another one has said so."""
    key = store.keys.slots(slots.workflow, group_of(slots.key))
    values = {"gsi1sk": due_text(at), "idle_since": idle_since}
    return _done(store, [Update(key, values, Attr("gsi1sk").eq(slots.due))])


def forget_slots(store: Store, slots: Slots) -> bool:
    """Removes slots that nobody holds, unless somebody has looked at them since."""
    key = store.keys.slots(slots.workflow, group_of(slots.key))
    unused = Attr("held").eq(0) & Attr("gsi1sk").eq(slots.due)
    return _done(store, [Delete(key, unused)])


def list_waiting(store: Store, workflow: str, limit: int, cursor: str | None) -> Listing[Waiting]:
    """The runs of a workflow that wait, the first to begin first; raises RequestError (400)."""
    query = Query(store.keys.of_workflow(workflow), begins_with=_WAITING, index="by_workflow", limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_waiting(item) for item in page.items), write_cursor(page.next_key))


def due_text(seconds: float) -> str:
    """A time as the index of slots has it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _slots(item: Item) -> Slots:
    leases = tuple(
        lease_of(name.removeprefix(_LEASE), str(value))
        for name, value in item.items()
        if name.startswith(_LEASE)
    )
    return Slots(item["workflow"], item["key"], leases, item["gsi1sk"], item.get("idle_since"))


def _waiting(item: Item) -> Waiting:
    return Waiting(**{name: item[name] for name in Waiting.__slots__})


def _done(store: Store, writes: list[Write]) -> bool:
    try:
        store.table.write(writes)
    except ConditionFailedError:
        return False
    return True
