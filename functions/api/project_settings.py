"""Routes that read and change what holds for the whole project."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import ProjectSettings
from functions.api.bodies import takes
from functions.api.control_bodies import Settings
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.store.endings import error_workflow, set_error_workflow

router = route_group()


@router.get("/api/settings", summary="Read the project's settings", tags=["Settings"])
def read() -> Response[ProjectSettings]:
    """Gives what holds for all workflows of the project."""
    store = request_of(router.context).services.store
    return reply(ProjectSettings(error_workflow=error_workflow(store)))


@router.put(
    "/api/settings",
    summary="Change the project's settings",
    tags=["Settings"],
    openapi_extensions=takes(Settings, required=True),
)
def change() -> Response[ProjectSettings]:
    """Chooses the workflow that runs when a run of another one fails or takes too long; null is none.

    It is started by its manual trigger, with the run in `$trigger.body.run`.
    """
    store = request_of(router.context).services.store
    wanted = sent_model(router.current_event, Settings)
    if wanted.error_workflow is not None:
        existing_head(store, wanted.error_workflow)
    set_error_workflow(store, wanted.error_workflow)
    return reply(ProjectSettings(error_workflow=wanted.error_workflow))
