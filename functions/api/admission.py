"""Routes about runs that wait for a slot, and those that could not be started."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import Started
from functions.api.parameters import Cursor, Limit, RunId, WorkflowId
from functions.api.queue_answers import DeadStartList, DeadStartView, QueuedRun, QueuedRunList
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.services import request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.admission.dead_starts import replay
from layers.runtime.admission.group_items import list_waiting
from layers.runtime.admission.start_items import list_dead_starts

router = route_group()


@router.get("/api/workflows/<workflow>/queue", summary="List runs that wait", tags=["Runs"])
def queue(workflow: WorkflowId, limit: Limit = 20, cursor: Cursor = None) -> Response[QueuedRunList]:
    """Lists the runs that wait for a slot, those that begin first coming first; it may lag by a moment."""
    store = request_of(router.context).services.store
    existing_head(store, workflow)
    listing = list_waiting(store, workflow, limit, cursor)
    items = [
        QueuedRun(run=each.run, key=each.key, priority=each.priority, waiting_since=each.since)
        for each in listing.elements
    ]
    return reply(QueuedRunList(items=items, cursor=listing.cursor))


@router.get("/api/dead-starts", summary="List runs that could not be started", tags=["Runs"])
def dead_starts(limit: Limit = 20, cursor: Cursor = None) -> Response[DeadStartList]:
    """Lists runs that got their slot and that Step Functions refused to start, newest first."""
    listing = list_dead_starts(request_of(router.context).services.store, limit, cursor)
    items = [
        DeadStartView(
            run=dead.run, workflow=dead.workflow, key=dead.key, cause=dead.cause, died_at=dead.died_at
        )
        for dead in listing.elements
    ]
    return reply(DeadStartList(items=items, cursor=listing.cursor))


@router.post("/api/dead-starts/<run>/replay", summary="Start a run again", tags=["Runs"])
def replay_dead_start(run: RunId) -> Response[Started]:
    """Lets a run that could not be started wait for a slot again, under its own id and as it was."""
    again = replay(request_of(router.context).services.starter.admission, run)
    status_url = f"/api/executions/{run}"
    return reply(Started(run=run, status=again.status, status_url=status_url), 202, {"location": status_url})
