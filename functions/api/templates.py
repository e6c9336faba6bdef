"""Routes about templates, and the one that gives a whole project."""

from __future__ import annotations

import json
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from functions.api.answers import WorkflowDetail
from functions.api.bodies import SentModel, takes
from functions.api.creation import created_workflow
from functions.api.parameters import Cursor, IdempotencyKey
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import request_of
from functions.api.template_list import Template, filled, templates
from functions.api.workflow_heads import etag
from layers.runtime.store.workflows import find_draft, list_heads

router = route_group()

MOST_EXPORTED = 12
"""Workflows a page: a definition has up to 380 KB, an answer up to 6 MB (AWS: Lambda quotas)."""
Few = Annotated[int, Query(ge=1, le=MOST_EXPORTED, description="How many at most.")]


class TemplateList(BaseModel):
    """All templates, by id."""

    items: list[Template]


class Filling(SentModel):
    """What a new workflow is to be called, and what fills its template."""

    id: str = Field(min_length=1)
    name: str = ""
    """The template's own if none is given."""
    parameters: dict[str, Any] = Field(default_factory=dict)


class Exported(BaseModel):
    """A workflow as a file: its draft, word for word."""

    workflow: str
    etag: str
    status: str
    format: str
    definition: str


class Export(BaseModel):
    """One page of a project's workflows, by id."""

    project: str
    items: list[Exported]
    cursor: str | None


@router.get("/api/templates", summary="List templates", tags=["Templates"])
def list_templates() -> Response[TemplateList]:
    """Lists the templates that a workflow can be created from, with their parameters."""
    items = [Template(**one.model_dump(exclude={"definition"})) for one in templates().values()]
    return reply(TemplateList(items=items))


@router.post(
    "/api/templates/<template>/workflows",
    summary="Create a workflow from a template",
    tags=["Templates"],
    status_code=201,
    openapi_extensions=takes(Filling, required=True),
)
def create_from(
    template: Annotated[str, Path(description="The template's id.")], idempotency_key: IdempotencyKey = None
) -> Response[WorkflowDetail]:
    """Fills a template and stores it as the draft of a new workflow; nothing runs yet."""
    wanted = sent_model(router.current_event, Filling)
    definition = filled(template, wanted.id, wanted.name, wanted.parameters)
    text = json.dumps(definition, indent=2, ensure_ascii=False)
    created = created_workflow(request_of(router.context), text, "json", idempotency_key)
    head = created.workflow
    return reply(created, 201, {"location": f"/api/workflows/{head.id}", "etag": etag(head.revision)})


@router.get("/api/export", summary="Export the project", tags=["Workflows"])
def export(limit: Few = MOST_EXPORTED, cursor: Cursor = None) -> Response[Export]:
    """Gives every workflow as a file, page by page; `steploom pull` writes them into a folder."""
    store = request_of(router.context).services.store
    listing = list_heads(store, limit, cursor)
    drafts = [(head, find_draft(store, head.id)) for head in listing.elements]
    items = [
        Exported(
            workflow=head.id,
            etag=etag(head.revision),
            status=head.status,
            format=draft.format,
            definition=draft.text,
        )
        for head, draft in drafts
        if draft is not None
    ]
    return reply(Export(project=store.project, items=items, cursor=listing.cursor))
