"""Routes that create, read, change and delete workflows."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header

from functions.api.answers import Workflow, WorkflowDetail, WorkflowList
from functions.api.bodies import DEFINITION
from functions.api.creation import created_workflow, detail, detail_of
from functions.api.firing import arm, fired_triggers
from functions.api.parameters import Cursor, IdempotencyKey, IfMatch, Limit, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_definition
from functions.api.services import request_of
from functions.api.workflow_heads import (
    active_routes,
    etag,
    existing_head,
    match,
    redrafted,
    refuse_unchanged,
    renamed,
)
from layers.runtime.problems import id_differs, workflow_active
from layers.runtime.store.routes import delete_route
from layers.runtime.store.workflows import Draft, delete_workflow, list_heads, next_change, replace_draft
from layers.runtime.timeline import iso_time

router = route_group()

IfNoneMatch = Annotated[
    str | None, Header(alias="if-none-match", description="The ETag of what the caller has.")
]


@router.get("/api/workflows", summary="List workflows", tags=["Workflows"])
def list_workflows(limit: Limit = 20, cursor: Cursor = None) -> Response[WorkflowList]:
    """Lists the project's workflows by id."""
    listing = list_heads(request_of(router.context).services.store, limit, cursor)
    return reply(WorkflowList(items=[Workflow.of(head) for head in listing.elements], cursor=listing.cursor))


@router.post(
    "/api/workflows",
    summary="Create a workflow",
    tags=["Workflows"],
    status_code=201,
    openapi_extensions=DEFINITION,
)
def create(idempotency_key: IdempotencyKey = None) -> Response[WorkflowDetail]:
    """Stores a definition, sent as JSON or YAML, as the draft of a new workflow; nothing runs yet."""
    text, form = sent_definition(router.current_event)
    created = created_workflow(request_of(router.context), text, form, idempotency_key)
    head = created.workflow
    return reply(created, 201, {"location": f"/api/workflows/{head.id}", "etag": etag(head.revision)})


@router.get("/api/workflows/<workflow>", summary="Read a workflow", tags=["Workflows"])
def read(workflow: WorkflowId, if_none_match: IfNoneMatch = None) -> Response[WorkflowDetail]:
    """Gives the workflow and its draft, word for word as it was written; 304 if the caller has that."""
    store = request_of(router.context).services.store
    head = existing_head(store, workflow)
    refuse_unchanged(head, if_none_match)
    return reply(detail_of(store, head), headers={"etag": etag(head.revision)})


@router.put(
    "/api/workflows/<workflow>",
    summary="Change a workflow",
    tags=["Workflows"],
    openapi_extensions=DEFINITION,
)
def update(workflow: WorkflowId, if_match: IfMatch = None) -> Response[WorkflowDetail]:
    """Replaces the draft; what is active stays active until the next activation."""
    request = request_of(router.context)
    store = request.services.store
    head = existing_head(store, workflow)
    match(head, if_match)
    text, form = sent_definition(router.current_event)
    checked = request.services.activation.ask({"action": "check", "text": text, "format": form})
    described = checked["workflow"]
    if described["id"] != workflow:
        raise id_differs(workflow, described["id"])
    change = next_change(head, "changed", request.principal.id, iso_time(request.services.starter.clock()))
    changed = renamed(head, described)
    replace_draft(store, changed, Draft(text, form, described["triggers"]), change)
    written = redrafted(changed, change)
    changed_to = detail(written, text, form, checked["diagnostics"])
    return reply(changed_to, headers={"etag": etag(written.revision)})


@router.delete("/api/workflows/<workflow>", summary="Delete a workflow", tags=["Workflows"], status_code=204)
def delete(workflow: WorkflowId, if_match: IfMatch = None) -> Response[None]:
    """Deletes a workflow that is not active, with its webhooks; records of its runs stay."""
    request = request_of(router.context)
    store = request.services.store
    head = existing_head(store, workflow)
    match(head, if_match)
    if head.status == "active":
        raise workflow_active(workflow)
    fired = fired_triggers(store, head)
    removals = [delete_route(store, route) for route in active_routes(store, head)]
    at = iso_time(request.services.starter.clock())
    delete_workflow(store, head, removals, next_change(head, "deleted", request.principal.id, at))
    arm(request.services, workflow, fired)
    return Response(status_code=204, body=None)
