"""Records of triggers in the table: what each has fired, who holds its turn, and up to when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.table import Add, Delete, Query


@dataclass(frozen=True, slots=True)
class TriggerRecord:
    """What a trigger has done so far; times are ISO 8601 in UTC."""

    trigger: str
    fired: int = 0
    """How often it has fired: what was started, refused and deduplicated together."""
    started: int = 0
    refused: int = 0
    deduplicated: int = 0
    last_fired_at: str | None = None
    last_run: str | None = None
    last_refusal: str | None = None
    """The code of the last refusal."""
    late_by_seconds: int | None = None
    """How long after its time the last firing was taken."""
    most_late_by_seconds: int | None = None
    position: str | None = None
    """Of a schedule: the last of its times that is done with, or the moment it was made."""
    holder: str | None = None
    """The firing that has the turn, where runs may not overlap."""
    held_since: str | None = None
    missed_until: str | None = None
    """Times before it that come late are done with."""
    missed_by: str | None = None
    """The firing that made up for them."""
    missed_runs: int = 0
    """How many late firings have been let through since the last punctual one."""
    polled: int = 0
    """Of a poll: how often it has asked."""
    last_polled_at: str | None = None
    poll_failures: int = 0
    """How many polls in a row have failed; `last_error` tells how the last of all that failed."""
    last_error: str | None = None
    last_error_at: str | None = None
    polls_again_at: str | None = None
    """Until then it does not ask, after a failure."""


def find_trigger_record(store: Store, workflow: str, trigger: str) -> TriggerRecord:
    """The record of a trigger; an empty one if it has never fired."""
    item = store.table.get(store.keys.trigger(workflow, trigger))
    return TriggerRecord(trigger) if item is None else _record(trigger, item)


def list_trigger_records(store: Store, workflow: str) -> Mapping[str, TriggerRecord]:
    """The records of a workflow's triggers, by trigger; some may be of triggers that are no more."""
    prefix = store.keys.trigger(workflow, "")
    query = Query(prefix.pk, begins_with=prefix.sk)
    found: dict[str, TriggerRecord] = {}
    while True:
        page = store.table.query(query)
        for item in page.items:
            name = str(item["sk"]).removeprefix(prefix.sk)
            found[name] = _record(name, item)
        if page.next_key is None:
            return found
        query = query.starting_at(page.next_key)


def count(
    store: Store, workflow: str, trigger: str, numbers: Mapping[str, int], values: Mapping[str, Any]
) -> None:
    """Adds to a record's numbers and sets other fields; `late_by_seconds` also raises the most."""
    key = store.keys.trigger(workflow, trigger)
    late = values.get("late_by_seconds")
    if late is None:
        store.table.write([Add(key, numbers, values)])
        return
    try:
        store.table.write([Add(key, numbers, values, Attr("most_late_by_seconds").gte(late))])
    except ConditionFailedError:
        store.table.write([Add(key, numbers, {**values, "most_late_by_seconds": late})])


def change_record(
    store: Store,
    workflow: str,
    trigger: str,
    values: Mapping[str, Any],
    condition: ConditionBase,
    *,
    numbers: Mapping[str, int] | None = None,
) -> bool:
    """Sets fields of a record, and adds to numbers, if a condition holds; gives whether it did."""
    try:
        store.table.write([Add(store.keys.trigger(workflow, trigger), numbers or {}, values, condition)])
    except ConditionFailedError:
        return False
    return True


def advance(store: Store, workflow: str, trigger: str, position: str) -> None:
    """Says that a schedule's times up to one are done with, unless later ones are."""
    earlier = Attr("position").not_exists() | Attr("position").lt(position)
    change_record(store, workflow, trigger, {"position": position}, earlier)


def forget_records(store: Store, workflow: str) -> None:
    """Removes the records of a workflow that is no more."""
    for trigger in list_trigger_records(store, workflow):
        store.table.write([Delete(store.keys.trigger(workflow, trigger))])


def _record(trigger: str, item: Item) -> TriggerRecord:
    known = {name: item[name] for name in TriggerRecord.__slots__ if name in item}
    return TriggerRecord(**{**known, "trigger": trigger})
