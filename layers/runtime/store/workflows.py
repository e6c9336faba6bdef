"""Workflows in the table: what each is now (its head), and its draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from boto3.dynamodb.conditions import Attr, ConditionBase

from layers.runtime.arms import Split
from layers.runtime.json_value import JsonObject, read_json, size_in_bytes, write_json
from layers.runtime.problems import changed_meanwhile, too_large, workflow_exists
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.changes import Change, Deed, put_change
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.table import ABSENT, ITEM_LIMIT_BYTES, Delete, Item, Put, Query, Update, Write

TestsPolicy = Literal["required", "warn", "off"]
WorkflowStatus = Literal["draft", "active", "paused", "deleted"]
Format = Literal["json", "yaml"]


@dataclass(frozen=True, slots=True)
class WorkflowHead:
    """What a workflow is now."""

    id: str
    name: str
    description: str
    status: WorkflowStatus
    revision: int
    """Counts every change; the ETag of the REST API."""
    created_at: str
    updated_at: str
    latest_version: int = 0
    """The highest version number ever given; deleting a workflow does not reset it."""
    active_version: int | None = None
    alias_arn: str | None = None
    """What runs are started by (`…:stateMachine:main-order-fulfilment:live`)."""
    previous_version: int | None = None
    """What was active before, where a rollback leads."""
    split: Split | None = None
    """The two versions of an A/B."""
    draft_revision: int = 1
    """The revision that wrote the draft."""
    draft_by: str = ""
    tests: TestsPolicy = "required"
    """What a failing test of the definition means for its activation."""
    needs_approval: bool = False
    """Whether somebody other than the draft's author must approve it before it is activated."""
    approved_revision: int | None = None
    """The `draft_revision` that was approved."""
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The definition as last written, word for word."""

    text: str
    format: Format
    triggers: Sequence[JsonObject]
    """The definition's triggers as the translator read them."""


def find_head(store: Store, workflow: str) -> WorkflowHead | None:
    """The workflow's head; also of a deleted one, whose versions old runs still need."""
    item = store.table.get(store.keys.head(workflow))
    return None if item is None else _head(item)


def find_draft(store: Store, workflow: str) -> Draft | None:
    """The workflow's draft."""
    item = store.table.get(store.keys.draft(workflow))
    return None if item is None else Draft(item["text"], item["format"], _list(item["triggers"]))


def list_heads(store: Store, limit: int, cursor: str | None) -> Listing[WorkflowHead]:
    """The project's workflows by id; raises RequestError (400) for a wrong cursor."""
    query = Query(store.keys.kind("workflow"), index="by_kind", limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_head(item) for item in page.items), write_cursor(page.next_key))


def create_workflow(store: Store, head: WorkflowHead, draft: Draft, beside: Sequence[Write] = ()) -> None:
    """Stores a new workflow, or one in the place of a deleted one, and what is to be written beside it.

    Raises RequestError 409 or 413.
    """
    unused = ABSENT | (Attr("status").eq("deleted") & Attr("latest_version").eq(head.latest_version))
    try:
        store.table.write([Put(_head_item(store, head), unused), _put_draft(store, head.id, draft), *beside])
    except ConditionFailedError as error:
        raise workflow_exists(head.id) from error


def replace_draft(store: Store, head: WorkflowHead, draft: Draft, change: Change) -> None:
    """Stores another definition; `head` carries the new name and the revision that was read.

    Raises RequestError 409 if the workflow has changed since, 413 if the definition is too large.
    """
    changes = {
        "name": head.name,
        "description": head.description,
        "draft_revision": change.revision,
        "draft_by": change.by,
    }
    change_head(store, head, changes, change, [_put_draft(store, head.id, draft)])


def delete_workflow(store: Store, head: WorkflowHead, routes: Sequence[Write], change: Change) -> None:
    """Removes draft and routes; the head stays as `deleted`, unlisted, and keeps its version count."""
    gone = dict.fromkeys(("active_version", "alias_arn", "split", "gsi1pk", "gsi1sk"))
    writes = [Delete(store.keys.draft(head.id)), *routes]
    change_head(store, head, {**gone, "status": "deleted"}, change, writes)


def next_change(
    head: WorkflowHead, what: Deed, by: str, at: str, details: JsonObject | None = None
) -> Change:
    """The change that makes the head's next revision."""
    return Change(head.revision + 1, at, by, what, details or {})


def change_head(
    store: Store, head: WorkflowHead, values: Mapping[str, Any], change: Change, beside: Sequence[Write] = ()
) -> None:
    """Changes a head and says who did it, with other writes or not at all.

    Raises RequestError (409) if the workflow has changed since it was read, or another condition fails.
    """
    written = [update_head(store, head, values, change.at), put_change(store, head.id, change), *beside]
    write_all(store, head, written)


def update_head(store: Store, head: WorkflowHead, changes: Mapping[str, Any], now: str) -> Update:
    """The write that changes a head, if nobody has changed it since it was read."""
    values = {**changes, "revision": head.revision + 1, "updated_at": now}
    return Update(store.keys.head(head.id), values, as_read(head))


def as_read(head: WorkflowHead) -> ConditionBase:
    """Holds as long as nobody has changed the head since it was read."""
    return Attr("revision").eq(head.revision)


def write_all(store: Store, head: WorkflowHead, writes: Sequence[Write]) -> None:
    """Does all writes or none; raises RequestError (409) if a condition does not hold."""
    try:
        store.table.write(writes)
    except ConditionFailedError as error:
        raise changed_meanwhile(head.id) from error


def _put_draft(store: Store, workflow: str, draft: Draft) -> Put:
    refuse_large_definition(draft.text)
    key = store.keys.draft(workflow)
    return Put(
        {
            "pk": key.pk,
            "sk": key.sk,
            "text": draft.text,
            "format": draft.format,
            "triggers": write_json(list(draft.triggers)),
        }
    )


def refuse_large_definition(text: str) -> None:
    """Raises RequestError (413) for a definition that does not fit into one item."""
    size = size_in_bytes(text)
    if size > ITEM_LIMIT_BYTES:
        raise too_large(
            "The definition",
            size,
            ITEM_LIMIT_BYTES,
            "Split the workflow, or move large constants out: a definition is kept in one DynamoDB item.",
        )


def _head_item(store: Store, head: WorkflowHead) -> Item:
    key = store.keys.head(head.id)
    listed = {"gsi1pk": store.keys.kind("workflow"), "gsi1sk": head.id}
    return {"pk": key.pk, "sk": key.sk, **listed, **asdict(head)}


def _head(item: Item) -> WorkflowHead:
    fields = {name: item[name] for name in WorkflowHead.__slots__ if name in item}
    return WorkflowHead(**{**fields, "split": Split.read(fields.get("split"))})


def _list(text: str) -> Sequence[JsonObject]:
    triggers = read_json(text)
    assert isinstance(triggers, list)
    return triggers
