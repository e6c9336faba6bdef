"""Lets an execution go on where it failed, with all that it was: nothing is compiled or started anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from botocore.exceptions import ClientError

from functions.api.past_runs import PastRun
from functions.api.services import Request
from layers.runtime.admission.release import release, take_again
from layers.runtime.json_value import JsonObject
from layers.runtime.observation import observe
from layers.runtime.run_records import settle
from layers.runtime.step_functions import is_express
from layers.runtime.store.runs import find_run, reopen_run
from layers.runtime.timeline import iso_time

REDRIVABLE_FOR: Final = timedelta(days=14)
"""After its end (AWS: RedriveExecution); the service is asked all the same."""
_REFUSALS: Final = frozenset(
    {"ExecutionNotRedrivable", "ExecutionDoesNotExist", "ExecutionLimitExceeded", "InvalidArn"}
)


def can_redrive(request: Request, past: PastRun) -> bool:
    """Whether the execution stands at a node's own work: redriven, it repeats that and nothing else.

    Where a Fail behind a failure ended it, it would only fail once more.
    """
    run = past.run
    if is_express(run.execution_arn) or run.status == "succeeded" or run.ended_at is None:
        return False
    if request.services.starter.clock() - datetime.fromisoformat(run.ended_at) >= REDRIVABLE_FOR:
        return False
    return past.failed_in in ("task", None)


def redrive(request: Request, past: PastRun, reason: str) -> bool:
    """Whether the run goes on; False where the service does not let it, and nothing has changed.

    The record is opened first: if nothing comes of it, the next look at the run closes it again.
    """
    services, run = request.services, past.run
    if not take_again(services.starter.admission, run):
        return False  # a new run may wait for a slot, which an execution cannot
    lineage: JsonObject = {
        **(run.lineage or {}),
        "redriven": {
            "reason": reason,
            "by": request.principal.id,
            "at": iso_time(services.starter.clock()),
        },
    }
    if not reopen_run(services.store, run, lineage):
        return True  # somebody else was faster, or it goes on already
    try:
        services.redriving.redrive_execution(
            executionArn=run.execution_arn, clientToken=f"{run.id}-{(run.redrives or 0) + 1}"[:64]
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _REFUSALS:
            raise
        _close_again(request, past)
        release(services.starter.admission, run)
        return False
    return True


def _close_again(request: Request, past: PastRun) -> None:
    services = request.services
    opened = find_run(services.store, past.run.id)
    if opened is not None:
        starter = services.starter
        seen = observe(services.store, starter.step_functions, opened.workflow, opened.execution_arn)
        settle(services.store, opened, seen)
