"""Routes that create, read, change and delete workflows."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header

from functions.api.answers import Workflow, WorkflowDetail, WorkflowList
from functions.api.firing import arm, fired_triggers
from functions.api.parameters import Cursor, Limit, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_definition
from functions.api.services import request_of
from functions.api.workflow_heads import (
    active_routes,
    advanced,
    etag,
    existing_head,
    match,
    new_head,
    renamed,
)
from layers.runtime.problems import id_differs, workflow_active, workflow_exists, workflow_not_found
from layers.runtime.store.routes import delete_route
from layers.runtime.store.workflows import (
    Draft,
    Format,
    WorkflowHead,
    create_workflow,
    delete_workflow,
    find_draft,
    find_head,
    list_heads,
    replace_draft,
)
from layers.runtime.timeline import iso_time

router = route_group()

IfMatch = Annotated[str | None, Header(alias="if-match", description="The ETag that was read.")]


@router.get("/api/workflows", summary="List workflows", tags=["Workflows"])
def list_workflows(limit: Limit = 20, cursor: Cursor = None) -> Response[WorkflowList]:
    """Lists the project's workflows by id."""
    listing = list_heads(request_of(router.context).services.store, limit, cursor)
    return reply(WorkflowList(items=[Workflow.of(head) for head in listing.elements], cursor=listing.cursor))


@router.post("/api/workflows", summary="Create a workflow", tags=["Workflows"])
def create() -> Response[WorkflowDetail]:
    """Stores a definition, sent as JSON or YAML, as the draft of a new workflow; nothing runs yet."""
    request = request_of(router.context)
    text, form = sent_definition(router.current_event)
    checked = request.services.activation.ask({"action": "check", "text": text, "format": form})
    described = checked["workflow"]
    store = request.services.store
    before = find_head(store, described["id"])
    if before is not None and before.status != "deleted":
        raise workflow_exists(described["id"])
    now = iso_time(request.services.starter.clock())
    head = new_head(described, before, now)
    create_workflow(store, head, Draft(text, form, described["triggers"]))
    detail = _detail(head, text, form, checked["diagnostics"])
    return reply(detail, 201, {"location": f"/api/workflows/{head.id}", "etag": etag(head)})


@router.get("/api/workflows/<workflow>", summary="Read a workflow", tags=["Workflows"])
def read(workflow: WorkflowId) -> Response[WorkflowDetail]:
    """Gives the workflow and its draft, word for word as it was written."""
    store = request_of(router.context).services.store
    head = existing_head(store, workflow)
    draft = find_draft(store, workflow)
    if draft is None:
        raise workflow_not_found(workflow)
    return reply(_detail(head, draft.text, draft.format, []), headers={"etag": etag(head)})


@router.put("/api/workflows/<workflow>", summary="Change a workflow", tags=["Workflows"])
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
    now = iso_time(request.services.starter.clock())
    changed = renamed(head, described)
    replace_draft(store, changed, Draft(text, form, described["triggers"]), now)
    written = advanced(changed, now)
    return reply(_detail(written, text, form, checked["diagnostics"]), headers={"etag": etag(written)})


@router.delete("/api/workflows/<workflow>", summary="Delete a workflow", tags=["Workflows"])
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
    delete_workflow(store, head, removals, iso_time(request.services.starter.clock()))
    arm(request.services, workflow, fired)
    return Response(status_code=204, body=None)


def _detail(
    head: WorkflowHead, text: str, form: Format, diagnostics: list[dict[str, object]]
) -> WorkflowDetail:
    return WorkflowDetail.model_validate(
        {"workflow": Workflow.of(head), "definition": text, "format": form, "diagnostics": diagnostics}
    )
