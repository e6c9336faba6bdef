"""Routes that read and cancel runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from botocore.exceptions import ClientError

from functions.api.answers import RunCost, RunDetail, RunTimeline, Started
from functions.api.parameters import RunId
from functions.api.queueing import cancel_queued
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.run_figures import cost_of, timeline_of
from functions.api.run_views import detail, existing_run
from functions.api.services import request_of
from layers.runtime.problems import run_has_ended, run_not_cancellable
from layers.runtime.step_functions import is_express
from layers.runtime.store.runs import OPEN, cancel_paused, mark
from layers.runtime.timeline import iso_time

router = route_group()

After = Annotated[str | None, Query(description="The `cursor` of an earlier answer.")]
Wait = Annotated[int, Query(ge=0, le=20, description="Seconds to wait for a change.")]
LOOK_SECONDS: Final = 1.0
"""Between two looks: a run is read from Step Functions at most so often."""


@router.get("/api/executions/<run>", summary="Read a run", tags=["Runs"])
def read(run: RunId) -> Response[RunDetail]:
    """Gives a run with its data and timeline: live from Step Functions, once it has ended from its record."""
    services = request_of(router.context).services
    return reply(detail(services, existing_run(services, run)))


@router.get("/api/executions/<run>/timeline", summary="Read a run's timeline", tags=["Runs"])
def timeline(run: RunId, after: After = None, wait: Wait = 0) -> Response[RunTimeline]:
    """Gives which node ran when, with its attempts, and at the end which were skipped.

    With the cursor of an earlier answer it waits until something has changed, or for so long.
    """
    services = request_of(router.context).services
    until = services.starter.clock() + timedelta(seconds=wait)
    while True:
        seen = timeline_of(detail(services, existing_run(services, run)))
        if seen.cursor != after or services.starter.clock() >= until:
            return reply(seen)
        services.sleep(LOOK_SECONDS)


@router.get("/api/executions/<run>/cost", summary="Read what a run has cost", tags=["Runs"])
def cost(run: RunId) -> Response[RunCost]:
    """Gives what a run has cost so far by list prices, with the figures that this is made of."""
    services = request_of(router.context).services
    known = existing_run(services, run)
    return reply(cost_of(known, detail(services, known).figures))


@router.post("/api/executions/<run>/cancel", summary="Cancel a run", tags=["Runs"], status_code=202)
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
