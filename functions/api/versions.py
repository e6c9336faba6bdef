"""Routes about the versions of a workflow: list, read, compare, go back, share runs."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from functions.api.answers import Version, VersionDetail, VersionList
from functions.api.bodies import SentModel, takes
from functions.api.parameters import Cursor, Limit, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.json_value import JsonObject
from layers.runtime.store import versions as stored
from layers.runtime.store.workflows import WorkflowHead
from layers.runtime.version_problems import version_not_found

router = route_group()

MOST_VERSIONS = 99_999_999
Number = Annotated[int, Path(ge=1, le=MOST_VERSIONS, description="The version's number.")]
Either = Annotated[str, Path(description="A version's number, or `draft`.")]


class RollingBack(SentModel):
    """Which version is to be active again."""

    version: int | None = Field(None, ge=1, le=MOST_VERSIONS)
    """The one that was active before, if none is named."""


class Splitting(SentModel):
    """Which version shares the runs."""

    version: int = Field(ge=1, le=MOST_VERSIONS)
    weight: int = Field(ge=0, le=99)
    """How many runs of a hundred it gets; 0 ends the sharing."""


class Running(BaseModel):
    """The versions that runs are started on."""

    workflow: str
    status: str
    version: int
    machine_version_arn: str
    candidate: int | None
    weight: int


class Difference(BaseModel):
    """What one version does otherwise than another; `breaking` says what callers notice."""

    workflow: str
    old: str
    new: str
    changes: list[dict[str, Any]]
    states: list[dict[str, Any]]
    breaking: list[str]


@router.get("/api/workflows/<workflow>/versions", summary="List versions", tags=["Versions"])
def list_versions(workflow: WorkflowId, limit: Limit = 20, cursor: Cursor = None) -> Response[VersionList]:
    """Lists the versions that were activated, newest first."""
    store = request_of(router.context).services.store
    head = existing_head(store, workflow)
    listing = stored.list_versions(store, workflow, limit, cursor)
    items = [Version(**_fields(head, version)) for version in listing.elements]
    return reply(VersionList(items=items, cursor=listing.cursor))


@router.get("/api/workflows/<workflow>/versions/<version>", summary="Read a version", tags=["Versions"])
def read_version(workflow: WorkflowId, version: Number) -> Response[VersionDetail]:
    """Gives a version with its definition as it was activated; neither ever changes."""
    store = request_of(router.context).services.store
    head = existing_head(store, workflow)
    found = stored.find_version(store, workflow, version)
    definition = stored.find_definition(store, workflow, version)
    if found is None or definition is None:
        raise version_not_found(workflow, version)
    text, form = definition
    return reply(VersionDetail(**_fields(head, found), definition=text, format=form))


@router.get(
    "/api/workflows/<workflow>/versions/<old>/diff/<new>", summary="Compare versions", tags=["Versions"]
)
def compare_versions(workflow: WorkflowId, old: Either, new: Either) -> Response[Difference]:
    """Tells what version `new` does otherwise than `old`: parts, states, and what breaks callers."""
    services = request_of(router.context).services
    existing_head(services.store, workflow)
    asked = {"action": "diff", "workflow": workflow, "old": old, "new": new}
    return reply(Difference.model_validate(services.activation.ask(asked)))


@router.post(
    "/api/workflows/<workflow>/rollback",
    summary="Go back to an earlier version",
    tags=["Versions"],
    openapi_extensions=takes(RollingBack),
)
def roll_back(workflow: WorkflowId) -> Response[Running]:
    """Makes an earlier version active; runs under way finish on the version that they began with."""
    request = request_of(router.context)
    wanted = sent_model(router.current_event, RollingBack)
    asked: JsonObject = {"action": "rollback", "workflow": workflow, "version": wanted.version}
    answer = request.services.activation.ask({**asked, "by": request.principal.id})
    return reply(Running.model_validate(answer))


@router.post(
    "/api/workflows/<workflow>/split",
    summary="Share runs with a second version",
    tags=["Versions"],
    openapi_extensions=takes(Splitting, required=True),
)
def split(workflow: WorkflowId) -> Response[Running]:
    """Sends some of a hundred runs to a second version (A/B); each run's record knows its arm."""
    request = request_of(router.context)
    wanted = sent_model(router.current_event, Splitting)
    asked: JsonObject = {"action": "split", "workflow": workflow, **wanted.model_dump()}
    answer = request.services.activation.ask({**asked, "by": request.principal.id})
    return reply(Running.model_validate(answer))


def _fields(head: WorkflowHead, version: stored.Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "created_at": version.created_at,
        "active": version.number == head.active_version,
        "machine_version_arn": version.machine_version_arn,
    }
