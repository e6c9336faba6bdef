"""Routes that pause runs and let them go on: resume, retry, run from a node, skip a node, edit variables."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import RunSummary, Started
from functions.api.bodies import takes, takes_content
from functions.api.control_bodies import Resume, Retry, RunFrom, Skip, sent_variables
from functions.api.deriving import Wish, asked_of, derive
from functions.api.parameters import RunId
from functions.api.past_runs import PastRun, has_ended, past_run
from functions.api.pausing import go_on, pause_run, refuse_still_acting
from functions.api.redriving import can_redrive, redrive
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.run_views import existing_run, summary
from functions.api.sent import sent_model
from functions.api.services import Request, request_of
from layers.runtime.json_value import JsonObject
from layers.runtime.problems import run_has_ended
from layers.runtime.run_control_problems import (
    run_has_succeeded,
    run_not_pausable,
    run_not_paused,
    run_without_version,
)
from layers.runtime.step_functions import is_express
from layers.runtime.store.pauses import asked
from layers.runtime.store.runs import OPEN, Run, set_variables

router = route_group()


@router.post("/api/executions/<run>/pause", summary="Pause a run", tags=["Run control"], status_code=202)
def pause(run: RunId) -> Response[Started]:
    """Lets the run stop before its next node of effect `once` acts; at once, if what runs may be repeated."""
    request = request_of(router.context)
    known = existing_run(request.services, run)
    if known.status not in OPEN:
        raise run_has_ended(run, known.status)
    if is_express(known.execution_arn):
        raise run_not_pausable(run)
    pause_run(request, known)
    return _accepted(run, "pausing")


@router.post(
    "/api/executions/<run>/resume",
    summary="Resume a run",
    tags=["Run control"],
    status_code=202,
    openapi_extensions=takes(Resume),
)
def resume(run: RunId) -> Response[Started]:
    """Lets a paused run go on where it stopped; with other variables or another version in a new run."""
    request = request_of(router.context)
    wanted = sent_model(router.current_event, Resume)
    known = existing_run(request.services, run)
    if known.status in OPEN and run in asked(request.services.store, known.root or run):
        go_on(request, known)
        if not has_ended(request, known):
            return _accepted(run, "running")
    past = past_run(request.services, known)
    if past.run.status != "paused":
        raise run_not_paused(run, past.run.status)
    return _again(request, past, "resume", Retry(variables=wanted.variables, version=wanted.version))


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
    wanted = sent_model(router.current_event, Retry)
    past = past_run(request.services, existing_run(request.services, run))
    if past.run.status == "succeeded" and wanted.node is None:
        raise run_has_succeeded(run)
    return _again(request, past, "retry", wanted)


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
    wanted = sent_model(router.current_event, RunFrom)
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
    wanted = sent_model(router.current_event, Skip)
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


def _again(request: Request, past: PastRun, reason: str, wanted: Retry) -> Response[Started]:
    refuse_still_acting(request, past)
    go_on(request, past.run)
    if _is_unchanged(past, wanted) and can_redrive(request, past) and redrive(request, past, reason):
        return _accepted(past.run.id, "running")
    begin = () if wanted.node is None else (wanted.node,)
    wish = Wish(reason, begin, variables=wanted.variables, version=wanted.version)
    return _started(derive(request, past, wish))


def _is_unchanged(past: PastRun, wanted: Retry) -> bool:
    named = wanted.node is None or (wanted.node,) == past.failed_nodes[-1:]
    edited = past.run.variables or wanted.variables
    return named and not edited and wanted.version in (None, past.run.version)


def _started(run: Run) -> Response[Started]:
    return _accepted(run.id, run.status)


def _accepted(run: str, status: str) -> Response[Started]:
    status_url = f"/api/executions/{run}"
    return reply(Started(run=run, status=status, status_url=status_url), 202, {"location": status_url})
