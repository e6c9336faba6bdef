"""Pauses runs: the next `once` node does not act, and what may be repeated is cut short at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.api.past_runs import PastRun
from functions.api.services import Request
from layers.runtime.history import Event, Visit, read_history
from layers.runtime.json_value import json_or_none
from layers.runtime.run_control_problems import run_still_acting
from layers.runtime.step_functions import PAUSED, all_events
from layers.runtime.store.pauses import ask_to_pause, let_go_on
from layers.runtime.store.runs import Run

_REPEATABLE: Final = frozenset({"read", "idempotent"})


def pause_run(request: Request, run: Run) -> None:
    """Asks the run to pause; raises botocore's ClientError.

    After the asking no `once` node begins to act. So where all that is under way may be repeated, the
    execution is stopped now; else it ends by itself at the next such node.
    """
    services = request.services
    now = services.starter.clock().timestamp()
    ask_to_pause(services.store, run.root or run.id, run.id, now)
    try:
        events = all_events(services.starter.step_functions, run.execution_arn)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
            return  # it is only just being started
        raise
    under_way = list(_under_way(events))
    if under_way and all(_payload(visit).get("effect") in _REPEATABLE for visit in under_way):
        cause = f"paused by {request.principal.id}"
        services.starter.step_functions.stop_execution(
            executionArn=run.execution_arn, error=PAUSED, cause=cause
        )


def go_on(request: Request, run: Run) -> None:
    """Takes the asking back."""
    services = request.services
    now = services.starter.clock().timestamp()
    let_go_on(services.store, run.root or run.id, run.id, now)


def refuse_still_acting(request: Request, past: PastRun) -> None:
    """Raises RequestError (409) while a `once` node that was cut short may still be acting outside.

    Step Functions stops no function that it has called. Begun again meanwhile it could act twice; afterwards
    its record says what it has done.
    """
    if not any(node["status"] == "cancelled" for node in past.timeline):
        return
    services = request.services
    now = services.starter.clock()
    try:
        events = all_events(services.starter.step_functions, past.run.execution_arn)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
            return
        raise
    for visit in read_history(events):
        until = _acts_until(visit)
        if until is not None and until > now:
            raise run_still_acting(past.run.id, str(_payload(visit)["node"]), (until - now).total_seconds())


def _acts_until(visit: Visit) -> datetime | None:
    payload = _payload(visit)
    if not visit.cancelled or payload.get("effect") != "once" or not visit.attempts:
        return None
    return visit.attempts[-1].started_at + timedelta(seconds=float(payload.get("timeout_seconds") or 60))


def _under_way(events: list[Event]) -> Iterator[Visit]:
    """The states that are not left, without the Parallels and Maps around them."""
    for visit in read_history(events):
        if visit.ended_at is None and visit.kind not in ("Parallel", "Map"):
            yield visit


def _payload(visit: Visit) -> Mapping[str, Any]:
    document = json_or_none(visit.parameters)
    payload = document.get("Payload") if isinstance(document, Mapping) else None
    return payload if isinstance(payload, Mapping) else {}
