"""Heads of workflows as the routes read and change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from layers.runtime.problems import revision_differs, workflow_not_found
from layers.runtime.store import Store
from layers.runtime.store.changes import Change
from layers.runtime.store.routes import Route, routes_of_version
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import WorkflowHead, find_head
from layers.runtime.version_problems import revision_missing


def existing_head(store: Store, workflow: str) -> WorkflowHead:
    """The head of a workflow that is not deleted; raises RequestError (404)."""
    head = find_head(store, workflow)
    if head is None or head.status == "deleted":
        raise workflow_not_found(workflow)
    return head


def new_head(described: Mapping[str, str], before: WorkflowHead | None, now: str, by: str) -> WorkflowHead:
    """The head of a new workflow; in the place of a deleted one it goes on counting."""
    revision = before.revision + 1 if before else 1
    return WorkflowHead(
        id=described["id"],
        name=described["name"],
        description=described["description"],
        status="draft",
        revision=revision,
        draft_revision=revision,
        draft_by=by,
        created_at=now,
        updated_at=now,
        latest_version=before.latest_version if before else 0,
    )


def renamed(head: WorkflowHead, described: Mapping[str, str]) -> WorkflowHead:
    """The head with the name and description of another definition."""
    return replace(head, name=described["name"], description=described["description"])


def advanced(head: WorkflowHead, now: str) -> WorkflowHead:
    """The head as it is after one change."""
    return replace(head, revision=head.revision + 1, updated_at=now)


def redrafted(head: WorkflowHead, change: Change) -> WorkflowHead:
    """The head as it is after its draft was changed."""
    return replace(
        head,
        revision=change.revision,
        updated_at=change.at,
        draft_revision=change.revision,
        draft_by=change.by,
    )


def active_routes(store: Store, head: WorkflowHead) -> tuple[Route, ...]:
    """The webhook routes of the version that is active or paused."""
    if head.active_version is None:
        return ()
    version = find_version(store, head.id, head.active_version)
    if version is None:
        return ()
    return routes_of_version(head.id, version.number, head.alias_arn or "", version.triggers)


def etag(revision: int) -> str:
    """A revision as an entity tag (RFC 9110)."""
    return f'"{revision}"'


def match(head: WorkflowHead, if_match: str | None) -> None:
    """Raises RequestError: 428 if the caller does not say which revision is meant, 412 if it is another."""
    if if_match is None:
        raise revision_missing(head.id, etag(head.revision))
    expected = {tag.strip() for tag in if_match.split(",")}
    if not expected & {"*", etag(head.revision)}:
        raise revision_differs(head.id, if_match, etag(head.revision))


class NotModifiedError(Exception):
    """The caller has the current revision already."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"not modified since {tag}")
        self.tag = tag


def refuse_unchanged(head: WorkflowHead, if_none_match: str | None) -> None:
    """Raises NotModifiedError if the caller has the current revision (RFC 9110: weak comparison)."""
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if known & {"*", etag(head.revision)}:
        raise NotModifiedError(etag(head.revision))
