"""Routes about who may activate what: approval, policy, and the history of changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from functions.api.answers import Workflow
from functions.api.bodies import SentModel, takes
from functions.api.parameters import Cursor, IfMatch, Limit, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import Request, request_of
from functions.api.workflow_heads import advanced, etag, existing_head, match
from layers.runtime.json_value import JsonObject
from layers.runtime.store.changes import Deed, list_changes
from layers.runtime.store.workflows import TestsPolicy, WorkflowHead, change_head, next_change
from layers.runtime.timeline import iso_time
from layers.runtime.version_problems import not_allowed, own_draft

router = route_group()


class Policy(SentModel):
    """What an activation of the workflow asks for."""

    tests: TestsPolicy = "required"
    needs_approval: bool = False


class Changed(BaseModel):
    """One change: who did what when, and the revision that it made."""

    revision: int
    at: str
    by: str
    what: Deed
    details: dict[str, Any]


class ChangeList(BaseModel):
    """One page of changes, newest first."""

    items: list[Changed]
    cursor: str | None


@router.put(
    "/api/workflows/<workflow>/policy",
    summary="Say what an activation asks for",
    tags=["Activation"],
    openapi_extensions=takes(Policy, required=True),
)
def rule(workflow: WorkflowId, if_match: IfMatch = None) -> Response[Workflow]:
    """Says what a failing test means, and whether a second person must approve drafts; for admins."""
    request = request_of(router.context)
    head = existing_head(request.services.store, workflow)
    match(head, if_match)
    policy = sent_model(router.current_event, Policy)
    if "admin" not in request.principal.roles:
        raise not_allowed(request.principal.id, "admin")
    return _changed(request, head, "ruled", policy.model_dump(), policy.model_dump())


@router.post("/api/workflows/<workflow>/approve", summary="Approve the draft", tags=["Activation"])
def approve(workflow: WorkflowId, if_match: IfMatch = None) -> Response[Workflow]:
    """Approves the draft as the caller has read it; its author cannot."""
    request = request_of(router.context)
    head = existing_head(request.services.store, workflow)
    match(head, if_match)
    by = request.principal.id
    if head.draft_by == by:
        raise own_draft(workflow, by)
    values = {"approved_revision": head.draft_revision, "approved_by": by}
    return _changed(request, head, "approved", values, {"draft_revision": head.draft_revision})


@router.get("/api/workflows/<workflow>/history", summary="Read who changed what", tags=["Workflows"])
def history(workflow: WorkflowId, limit: Limit = 20, cursor: Cursor = None) -> Response[ChangeList]:
    """Lists the changes of a workflow, newest first."""
    store = request_of(router.context).services.store
    existing_head(store, workflow)
    listing = list_changes(store, workflow, limit, cursor)
    items = [
        Changed(revision=one.revision, at=one.at, by=one.by, what=one.what, details=dict(one.details))
        for one in listing.elements
    ]
    return reply(ChangeList(items=items, cursor=listing.cursor))


def _changed(
    request: Request, head: WorkflowHead, what: Deed, values: dict[str, Any], details: JsonObject
) -> Response[Workflow]:
    services = request.services
    at = iso_time(services.starter.clock())
    change_head(services.store, head, values, next_change(head, what, request.principal.id, at, details))
    after = replace(advanced(head, at), **values)
    return reply(Workflow.of(after), headers={"etag": etag(after.revision)})
