"""Routes that activate, pause and execute workflows, and list what belongs to them."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header

from functions.api.answers import Activated, Started, Version, VersionList, Workflow
from functions.api.firing import arm, fired_triggers
from functions.api.parameters import Cursor, Limit, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_execution
from functions.api.services import request_of
from functions.api.triggering import trigger_value
from functions.api.workflow_heads import active_routes, advanced, existing_head
from layers.runtime.admission.limit import read_limit
from layers.runtime.executions import StartRequest, start_run
from layers.runtime.problems import bad_request, workflow_not_active
from layers.runtime.store.routes import set_status
from layers.runtime.store.versions import find_version, list_versions
from layers.runtime.store.workflows import update_head, write_all
from layers.runtime.timeline import iso_time

router = route_group()

IdempotencyKey = Annotated[
    str | None,
    Header(alias="idempotency-key", description="Repeating a request with the same key starts nothing new."),
]


@router.post("/api/workflows/<workflow>/activate", summary="Activate a workflow", tags=["Activation"])
def activate(workflow: WorkflowId) -> Response[Activated]:
    """Compiles the draft into a new version and makes it what runs; repeating it does no harm."""
    answer = request_of(router.context).services.activation.ask({"action": "activate", "workflow": workflow})
    return reply(Activated.model_validate(answer))


@router.post("/api/workflows/<workflow>/pause", summary="Pause a workflow", tags=["Activation"])
def pause(workflow: WorkflowId) -> Response[Workflow]:
    """Stops starting runs, by webhook (503) and by hand (409); runs under way go on."""
    services = request_of(router.context).services
    head = existing_head(services.store, workflow)
    if head.status == "draft":
        raise workflow_not_active(workflow, head.status)
    if head.status == "paused":
        arm(services, workflow, fired_triggers(services.store, head))
        return reply(Workflow.of(head))
    now = iso_time(services.starter.clock())
    closed = [set_status(services.store, route, "paused") for route in active_routes(services.store, head)]
    write_all(services.store, head, [update_head(services.store, head, {"status": "paused"}, now), *closed])
    arm(services, workflow, fired_triggers(services.store, head))
    paused = Workflow.of(advanced(head, now))
    return reply(paused.model_copy(update={"status": "paused"}))


@router.post("/api/workflows/<workflow>/execute", summary="Start a run", tags=["Runs"])
def execute(workflow: WorkflowId, idempotency_key: IdempotencyKey = None) -> Response[Started]:
    """Starts a run by hand; the body is `{"body": <payload>, "trigger": <id of the trigger to fire>}`."""
    request = request_of(router.context)
    services = request.services
    head = existing_head(services.store, workflow)
    if idempotency_key is not None and not 0 < len(idempotency_key) <= 255:
        raise bad_request("The Idempotency-Key is not 1 to 255 characters long.", "Send a UUID, for example.")
    if head.status != "active" or head.active_version is None or head.alias_arn is None:
        raise workflow_not_active(workflow, head.status)
    version = find_version(services.store, workflow, head.active_version)
    sent = sent_execution(router.current_event)
    start = StartRequest(
        workflow=workflow,
        version=head.active_version,
        alias_arn=head.alias_arn,
        trigger=trigger_value(version.triggers if version else (), sent, iso_time(services.starter.clock())),
        started_by=request.principal.id,
        idempotency_key=idempotency_key,
        has_input=version is not None and version.has_input,
        limit=read_limit(version.concurrency) if version is not None else None,
    )
    run = start_run(services.starter, start)
    status_url = f"/api/executions/{run.id}"
    return reply(Started(run=run.id, status=run.status, status_url=status_url), 202, {"location": status_url})


@router.get("/api/workflows/<workflow>/versions", summary="List versions", tags=["Workflows"])
def versions(workflow: WorkflowId, limit: Limit = 20, cursor: Cursor = None) -> Response[VersionList]:
    """Lists the versions that were activated, newest first."""
    store = request_of(router.context).services.store
    head = existing_head(store, workflow)
    listing = list_versions(store, workflow, limit, cursor)
    items = [
        Version(
            version=version.number,
            created_at=version.created_at,
            active=version.number == head.active_version,
            machine_version_arn=version.machine_version_arn,
        )
        for version in listing.elements
    ]
    return reply(VersionList(items=items, cursor=listing.cursor))
