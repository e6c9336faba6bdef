"""The route that lists runs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime

from functions.api.answers import RunList
from functions.api.parameters import Cursor, Limit
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.run_views import summary
from functions.api.services import request_of
from layers.runtime.problems import bad_request
from layers.runtime.store.run_lists import RunFilter, list_runs
from layers.runtime.store.runs import RunStatus
from layers.runtime.timeline import iso_time

router = route_group()

OfWorkflow = Annotated[str | None, Query(description="Only runs of this workflow.")]
WithStatus = Annotated[RunStatus | None, Query(description="Only runs with this status.")]
OfTrigger = Annotated[str | None, Query(description="Only runs that the trigger with this id has started.")]
Since = Annotated[AwareDatetime | None, Query(description="Only runs that started then or later.")]
Until = Annotated[AwareDatetime | None, Query(description="Only runs that started before then.")]
Text = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=200,
        description="Only runs with this in their id, error, cause, trigger or starter, as written there.",
    ),
]


@router.get("/api/executions", summary="List runs", tags=["Runs"])
def list_executions(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
    workflow: OfWorkflow = None,
    status: WithStatus = None,
    trigger: OfTrigger = None,
    since: Since = None,
    until: Until = None,
    text: Text = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response[RunList]:
    """Lists runs, newest first; a status is as recorded, which may lag behind by seconds.

    A page may come short, even empty, where few runs fit: go on with its `cursor` until that is null.
    """
    wanted = RunFilter(workflow, status, trigger, _moment(since), _moment(until), text)
    listing = list_runs(request_of(router.context).services.store, wanted, limit, cursor)
    return reply(RunList(items=[summary(run) for run in listing.elements], cursor=listing.cursor))


def _moment(given: datetime | None) -> str | None:
    try:
        return None if given is None else iso_time(given)
    except OverflowError as error:  # a zone's distance leads out of the years 1 to 9999
        raise bad_request(f"The time {given} is not one in UTC.", "Send one that is.") from error
