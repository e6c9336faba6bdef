"""Routes that list, read and cancel runs."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from botocore.exceptions import ClientError

from functions.api.answers import RunDetail, RunList, RunTimeline, Started
from functions.api.parameters import Cursor, Limit, RunId
from functions.api.queueing import cancel_queued
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.run_views import detail, existing_run, summary
from functions.api.services import request_of
from layers.runtime.problems import run_has_ended, run_not_cancellable
from layers.runtime.step_functions import is_express
from layers.runtime.store.runs import OPEN, RunStatus, cancel_paused, list_runs, mark
from layers.runtime.timeline import iso_time

router = route_group()

OfWorkflow = Annotated[str | None, Query(description="Only runs of this workflow.")]
WithStatus = Annotated[RunStatus | None, Query(description="Only runs with this status.")]


@router.get("/api/executions", summary="List runs", tags=["Runs"])
def list_executions(
    workflow: OfWorkflow = None, status: WithStatus = None, limit: Limit = 20, cursor: Cursor = None
) -> Response[RunList]:
    """Lists runs, newest first; a status is as recorded, which may lag behind by seconds."""
    store = request_of(router.context).services.store
    listing = list_runs(store, workflow, status, limit, cursor)
    return reply(RunList(items=[summary(run) for run in listing.elements], cursor=listing.cursor))


@router.get("/api/executions/<run>", summary="Read a run", tags=["Runs"])
def read(run: RunId) -> Response[RunDetail]:
    """Gives a run with its data and timeline: live from Step Functions, once it has ended from its record."""
    services = request_of(router.context).services
    return reply(detail(services, existing_run(services, run)))


@router.get("/api/executions/<run>/timeline", summary="Read a run's timeline", tags=["Runs"])
def timeline(run: RunId) -> Response[RunTimeline]:
    """Gives which node ran when, with its attempts, and at the end which were skipped."""
    services = request_of(router.context).services
    seen = detail(services, existing_run(services, run))
    return reply(
        RunTimeline(
            run=run, status=seen.status, final=seen.final, timeline=seen.timeline, skipped=seen.skipped
        )
    )


@router.post("/api/executions/<run>/cancel", summary="Cancel a run", tags=["Runs"])
def cancel(run: RunId) -> Response[Started]:
    """Stops a run; a node that has already called outside is not called back. Not of Express workflows."""
    request = request_of(router.context)
    services = request.services
    known = existing_run(services, run)
    if known.status == "paused" and cancel_paused(services.store, known):
        return reply(Started(run=run, status="cancelled", status_url=f"/api/executions/{run}"), 202)
    if known.status == "queued":
        known = cancel_queued(request, known)
        if known.status == "cancelled":
            return reply(Started(run=run, status="cancelled", status_url=f"/api/executions/{run}"), 202)
    if known.status not in OPEN:
        raise run_has_ended(run, known.status)
    if is_express(known.execution_arn):
        raise run_not_cancellable(run)
    cause = f"cancelled by {request.principal.id}"
    try:
        services.starter.step_functions.stop_execution(
            executionArn=known.execution_arn, error="Steploom.Cancelled", cause=cause
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
            raise
        ended = iso_time(services.starter.clock())
        mark(services.store, run, {"status": "cancelled", "cause": cause, "ended_at": ended})
    return reply(Started(run=run, status="cancelling", status_url=f"/api/executions/{run}"), 202)
