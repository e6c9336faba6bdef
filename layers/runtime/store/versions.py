"""Immutable versions of workflows, and their activation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.runtime.json_value import JsonObject, JsonValue, read_json, write_json
from layers.runtime.problems import changed_meanwhile, too_large, webhook_taken
from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.changes import Change, put_change
from layers.runtime.store.packing import pack, unpack
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.routes import Route, delete_route, put_route, routes_of_path, set_status
from layers.runtime.store.table import ABSENT, ITEM_LIMIT_BYTES, Put, Query, Write
from layers.runtime.store.workflows import Draft, WorkflowHead, change_head, update_head


@dataclass(frozen=True, slots=True)
class Version:
    """The summary of a version."""

    number: int
    created_at: str
    digest: str
    """Of definition and machine together: equal digests run equally."""
    machine_version_arn: str
    triggers: Sequence[JsonObject]
    trigger_keep: JsonValue = True
    """What of a large `$trigger` its machine reads itself; all of it in versions that did not say."""
    has_input: bool = False
    """Whether it has a JSON Schema that every payload must fit."""
    concurrency: JsonObject | None = None
    """How many runs may be under way at once (layers.runtime.admission.limit)."""
    on_end: Sequence[JsonObject] = ()
    """What happens when a run of it ends, as the definition says."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a version is made of."""

    draft: Draft
    machine: str
    """The ASL text as it was given to Step Functions."""
    source_map: JsonObject
    input_schema: JsonObject | None = None

    @property
    def digest(self) -> str:
        """Names the content; the source map follows from it."""
        return hashlib.sha256(f"{self.draft.text}\0{self.machine}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Switch:
    """What it means for the webhooks that another version becomes active."""

    routes: Sequence[Route]
    stale: Sequence[Route]
    """Those of the version before that are no more."""


def activate_version(
    store: Store, head: WorkflowHead, version: Version, compiled: Compiled, switch: Switch, change: Change
) -> None:
    """Writes the version, the head and the routes, or nothing at all.

    Raises RequestError 409 if another workflow has one of the paths or the head has changed since it was
    read, 413 if a text does not fit into an item.
    """
    switch_version(store, head, version, switch, change, _version_items(store, head.id, version, compiled))


def switch_version(
    store: Store,
    head: WorkflowHead,
    version: Version,
    switch: Switch,
    change: Change,
    beside: Sequence[Write] = (),
) -> None:
    """Makes a version the active one, alone, with its routes; raises RequestError (409) as above."""
    values = {
        "status": "active",
        "latest_version": max(head.latest_version, version.number),
        "active_version": version.number,
        "previous_version": head.active_version,
        "alias_arn": version.machine_version_arn.rpartition(":")[0] + ":live",
        "split": None,
    }
    writes: list[Write] = [
        update_head(store, head, values, change.at),
        put_change(store, head.id, change),
        *beside,
        *(put_route(store, route) for route in switch.routes),
        *(delete_route(store, route) for route in switch.stale),
    ]
    try:
        store.table.write(writes)
    except ConditionFailedError as error:
        refuse_taken(store, switch.routes)
        raise changed_meanwhile(head.id) from error


def reopen(store: Store, head: WorkflowHead, routes: Sequence[Route], change: Change) -> None:
    """Makes a paused workflow active again as it was; raises RequestError (409) if it has changed since."""
    opened = [set_status(store, route, "active") for route in routes]
    change_head(store, head, {"status": "active"}, change, opened)


def refuse_taken(store: Store, routes: Sequence[Route]) -> None:
    """Raises RequestError (409) if another workflow has one of the paths."""
    for route in routes:
        for other in routes_of_path(store, route.path):
            if other.method == route.method and other.workflow != route.workflow:
                raise webhook_taken(route.method, route.path, other.workflow)


def find_version(store: Store, workflow: str, number: int) -> Version | None:
    """The summary of a version."""
    item = store.table.get(store.keys.version(workflow, number))
    return None if item is None else _version(item)


def find_definition(store: Store, workflow: str, number: int) -> tuple[str, str] | None:
    """The text of a version's definition and its format."""
    item = store.table.get(store.keys.version(workflow, number, "definition"))
    return None if item is None else (unpack(item["text"]), str(item["format"]))


def find_source_map(store: Store, workflow: str, number: int) -> Mapping[str, Any] | None:
    """The source map of a version."""
    item = store.table.get(store.keys.version(workflow, number, "source_map"))
    if item is None:
        return None
    source_map = read_json(unpack(item["text"]))
    assert isinstance(source_map, Mapping)
    return source_map


def find_input_schema(store: Store, workflow: str, number: int) -> JsonObject | None:
    """The JSON Schema of a version's payloads."""
    item = store.table.get(store.keys.version(workflow, number, "input_schema"))
    if item is None:
        return None
    schema = read_json(unpack(item["text"]))
    assert isinstance(schema, Mapping)
    return schema


def number_of_machine(store: Store, workflow: str, machine_version_arn: str) -> int | None:
    """The version that was published as that state machine version."""
    cursor: str | None = None
    while True:
        listing = list_versions(store, workflow, 100, cursor)
        for version in listing.elements:
            if version.machine_version_arn == machine_version_arn:
                return version.number
        cursor = listing.cursor
        if cursor is None:
            return None


def list_versions(store: Store, workflow: str, limit: int, cursor: str | None) -> Listing[Version]:
    """The versions of a workflow, newest first."""
    query = Query(store.keys.of_workflow(workflow), begins_with="version#", newest_first=True, limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_version(item) for item in page.items), write_cursor(page.next_key))


def _version_items(store: Store, workflow: str, version: Version, compiled: Compiled) -> list[Put]:
    key = store.keys.version(workflow, version.number)
    fields: dict[str, Any] = {name: getattr(version, name) for name in Version.__slots__}
    summary = {"pk": key.pk, "sk": key.sk, **fields, "triggers": write_json(list(version.triggers))}
    summary["trigger_keep"] = write_json(version.trigger_keep)
    summary["concurrency"] = None if version.concurrency is None else write_json(version.concurrency)
    summary["on_end"] = write_json(list(version.on_end)) if version.on_end else None
    schema = compiled.input_schema
    inputs = [] if schema is None else [("input_schema", write_json(schema))]
    return [
        Put(summary, ABSENT),
        *(_text(store, workflow, version.number, part, text, "json") for part, text in inputs),
        _text(store, workflow, version.number, "definition", compiled.draft.text, compiled.draft.format),
        _text(store, workflow, version.number, "machine", compiled.machine, "json"),
        _text(store, workflow, version.number, "source_map", write_json(compiled.source_map), "json"),
    ]


def _text(store: Store, workflow: str, number: int, part: str, text: str, form: str) -> Put:
    packed = pack(text)
    if len(packed) > ITEM_LIMIT_BYTES:
        raise too_large(
            f"The {part.replace('_', ' ')} of the version (compressed)",
            len(packed),
            ITEM_LIMIT_BYTES,
            "Split the workflow: each part of a version is kept in one DynamoDB item.",
        )
    key = store.keys.version(workflow, number, part)
    return Put({"pk": key.pk, "sk": key.sk, "text": packed, "format": form}, ABSENT)


def _version(item: Item) -> Version:
    triggers = read_json(item["triggers"])
    assert isinstance(triggers, list)
    fields: dict[str, Any] = {name: item.get(name) for name in Version.__slots__}
    keep = read_json(item.get("trigger_keep", "true"))
    has_input = bool(fields["has_input"])
    limit = read_json(item["concurrency"]) if "concurrency" in item else None
    read = {"triggers": triggers, "trigger_keep": keep, "on_end": read_json(item.get("on_end", "[]"))}
    return Version(**{**fields, **read, "has_input": has_input, "concurrency": limit})
