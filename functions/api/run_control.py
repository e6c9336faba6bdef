"""Routes that let runs go on: retry, run from a node, skip a node, other values of variables."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import RunSummary, Started
from functions.api.bodies import takes, takes_content
from functions.api.control_bodies import Retry, RunFrom, Skip, sent, sent_variables
from functions.api.deriving import Wish, asked_of, derive
from functions.api.parameters import RunId
from functions.api.past_runs import PastRun, past_run
from functions.api.redriving import can_redrive, redrive
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.run_views import existing_run, summary
from functions.api.services import Request, request_of
from layers.runtime.json_value import JsonObject
from layers.runtime.run_control_problems import run_has_succeeded, run_without_version
from layers.runtime.store.runs import Run, set_variables

router = route_group()


@router.post(
    "/api/executions/<run>/retry",
    summary="Retry a run",
    tags=["Run control"],
    status_code=202,
    openapi_extensions=takes(Retry),
)
def retry(run: RunId) -> Response[Started]:
    """Goes on from the node that failed: the same run where it can, else a new one with what has ended.

    Nodes that have ended do not run again.
    """
    request = request_of(router.context)
    wanted = sent(router.current_event, Retry)
    past = past_run(request.services, existing_run(request.services, run))
    if past.run.status == "succeeded" and wanted.node is None:
        raise run_has_succeeded(run)
    if _is_unchanged(past, wanted) and can_redrive(request, past) and redrive(request, past, "retry"):
        return _accepted(run, "running")
    begin = () if wanted.node is None else (wanted.node,)
    wish = Wish("retry", begin, variables=wanted.variables, version=wanted.version)
    return _started(derive(request, past, wish))


@router.post(
    "/api/executions/<run>/run-from",
    summary="Run from a node",
    tags=["Run control"],
    status_code=202,
    openapi_extensions=takes(RunFrom, required=True),
)
def run_from(run: RunId) -> Response[Started]:
    """Starts a run that begins with a node, with what the nodes before it gave in that run."""
    request = request_of(router.context)
    wanted = sent(router.current_event, RunFrom)
    past = past_run(request.services, existing_run(request.services, run))
    wish = Wish(
        "run_from",
        (wanted.node,),
        variables=wanted.variables,
        version=wanted.version,
        repeat_once=wanted.repeat_once,
    )
    return _started(derive(request, past, wish))


@router.post(
    "/api/executions/<run>/skip",
    summary="Skip a node",
    tags=["Run control"],
    status_code=202,
    openapi_extensions=takes(Skip, required=True),
)
def skip(run: RunId) -> Response[Started]:
    """Starts a run that goes on past a node of one that has ended: skipped, or with an output given."""
    request = request_of(router.context)
    wanted = sent(router.current_event, Skip)
    past = past_run(request.services, existing_run(request.services, run))
    is_given = "output" in wanted.model_fields_set
    pin: JsonObject = {"status": "succeeded", "output": wanted.output} if is_given else {"status": "skipped"}
    wish = Wish(
        "skip",
        behind=(wanted.node,),
        given={wanted.node: pin},
        variables=wanted.variables,
        version=wanted.version,
    )
    return _started(derive(request, past, wish))


@router.patch(
    "/api/executions/<run>/variables",
    summary="Edit variables",
    tags=["Run control"],
    openapi_extensions=takes_content(
        {"application/json": {"schema": {"type": "object", "minProperties": 1}}}
    ),
)
def variables(run: RunId) -> Response[RunSummary]:
    """Sets other values of variables of a run that has ended, for whoever retries it or goes on from it."""
    request = request_of(router.context)
    given = sent_variables(router.current_event)
    past = past_run(request.services, existing_run(request.services, run))
    values: dict[str, Any] = {**(past.run.variables or {}), **given}
    _check(request, past, values)
    set_variables(request.services.store, past.run, values)
    return reply(summary(existing_run(request.services, run)))


def _check(request: Request, past: PastRun, values: JsonObject) -> None:
    """Raises RequestError (422) for a variable that there is not, or of another type."""
    if past.run.version is None:
        raise run_without_version(past.run.id)
    request.services.activation.ask(
        asked_of(past, Wish("variables"), past.run.version, values, publish=False)
    )


def _is_unchanged(past: PastRun, wanted: Retry) -> bool:
    named = wanted.node is None or (wanted.node,) == past.failed_nodes[-1:]
    edited = past.run.variables or wanted.variables
    return named and not edited and wanted.version in (None, past.run.version)


def _started(run: Run) -> Response[Started]:
    return _accepted(run.id, run.status)


def _accepted(run: str, status: str) -> Response[Started]:
    status_url = f"/api/executions/{run}"
    return reply(Started(run=run, status=status, status_url=status_url), 202, {"location": status_url})
