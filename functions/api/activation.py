"""Routes that activate, pause and execute workflows, and list what belongs to them."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import Activated, Started, Workflow
from functions.api.bodies import SentModel, takes
from functions.api.firing import arm, fired_triggers
from functions.api.parameters import IdempotencyKey, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import Execution, sent_model
from functions.api.services import request_of
from functions.api.workflow_heads import active_routes, advanced, existing_head
from layers.runtime.admission.limit import read_limit
from layers.runtime.executions import StartRequest, start_run
from layers.runtime.hand_triggers import trigger_value
from layers.runtime.problems import workflow_not_active
from layers.runtime.store.routes import set_status
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import TestsPolicy, change_head, next_change
from layers.runtime.timeline import iso_time

router = route_group()


class Activating(SentModel):
    """How a workflow is to be activated."""

    tests: TestsPolicy = "off"
    """The least that its tests must do; the workflow's own policy may ask for more."""


@router.post(
    "/api/workflows/<workflow>/activate",
    summary="Activate a workflow",
    tags=["Activation"],
    openapi_extensions=takes(Activating),
)
def activate(workflow: WorkflowId) -> Response[Activated]:
    """Compiles the draft into a new version and makes it what runs; repeating it does no harm.

    Its tests run first, and it must be approved, where the workflow's policy says so.
    """
    request = request_of(router.context)
    wanted = sent_model(router.current_event, Activating)
    order = {"by": request.principal.id, "tests": wanted.tests}
    answer = request.services.activation.ask({"action": "activate", "workflow": workflow, **order})
    return reply(Activated.model_validate(answer))


@router.post("/api/workflows/<workflow>/pause", summary="Pause a workflow", tags=["Activation"])
def pause(workflow: WorkflowId) -> Response[Workflow]:
    """Stops starting runs, by webhook (503) and by hand (409); runs under way go on."""
    request = request_of(router.context)
    services = request.services
    head = existing_head(services.store, workflow)
    if head.status == "draft":
        raise workflow_not_active(workflow, head.status)
    if head.status == "paused":
        arm(services, workflow, fired_triggers(services.store, head))
        return reply(Workflow.of(head))
    now = iso_time(services.starter.clock())
    closed = [set_status(services.store, route, "paused") for route in active_routes(services.store, head)]
    change = next_change(head, "paused", request.principal.id, now)
    change_head(services.store, head, {"status": "paused"}, change, closed)
    arm(services, workflow, fired_triggers(services.store, head))
    paused = Workflow.of(advanced(head, now))
    return reply(paused.model_copy(update={"status": "paused"}))


@router.post(
    "/api/workflows/<workflow>/execute",
    summary="Start a run",
    tags=["Runs"],
    status_code=202,
    openapi_extensions=takes(Execution),
)
def execute(workflow: WorkflowId, idempotency_key: IdempotencyKey = None) -> Response[Started]:
    """Starts a run by hand; the body is `{"body": <payload>, "trigger": <id of the trigger to fire>}`."""
    request = request_of(router.context)
    services = request.services
    head = existing_head(services.store, workflow)
    if head.status != "active" or head.active_version is None or head.alias_arn is None:
        raise workflow_not_active(workflow, head.status)
    version = find_version(services.store, workflow, head.active_version)
    sent = sent_model(router.current_event, Execution)
    start = StartRequest(
        workflow=workflow,
        version=head.active_version,
        alias_arn=head.alias_arn,
        trigger=trigger_value(
            version.triggers if version else (), sent.trigger, sent.body, iso_time(services.starter.clock())
        ),
        started_by=request.principal.id,
        idempotency_key=idempotency_key,
        has_input=version is not None and version.has_input,
        limit=read_limit(version.concurrency) if version is not None else None,
        split=head.split,
    )
    run = start_run(services.starter, start)
    status_url = f"/api/executions/{run.id}"
    return reply(Started(run=run.id, status=run.status, status_url=status_url), 202, {"location": status_url})
