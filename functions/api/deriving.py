"""Starts runs that go on from earlier ones: what has ended there is pinned, with the values it gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from functions.api.control_bodies import Version
from functions.api.past_runs import PastRun
from functions.api.pin_values import giver_of, pin_values
from functions.api.services import Request
from functions.api.workflow_heads import existing_head
from layers.runtime.admission.limit import read_limit
from layers.runtime.executions import Derivation, StartRequest, start_run
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.objects import Loading, ObjectsError, runs_prefix
from layers.runtime.problems import workflow_not_active
from layers.runtime.references import BrokenReferenceError, hydrated
from layers.runtime.run_control_problems import run_data_gone, run_without_version
from layers.runtime.store.runs import Run
from layers.runtime.store.versions import find_version
from layers.runtime.timeline import iso_time

CAUSE_LIMIT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """How a run is to go on."""

    reason: str
    begin: tuple[str, ...] = ()
    """The nodes that run again whatever became of them."""
    behind: tuple[str, ...] = ()
    """The nodes behind which all runs again."""
    given: Mapping[str, JsonObject] = field(default_factory=dict)
    """Nodes of which the caller says how they have ended, as pins."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    version: Version = None
    repeat_once: bool = False
    idempotency_key: str | None = None


def derive(request: Request, past: PastRun, wish: Wish) -> Run:
    """The run that was started; raises RequestError 404, 409, 410, 413, 422 and PlatformError 502, 503."""
    services, run = request.services, past.run
    version = _version(request, past, wish.version)
    variables = {**(run.variables or {}), **wish.variables}
    made = services.activation.ask(asked_of(past, wish, version, variables))
    values = pin_values(services, giver_of(past), made, wish.given)
    lineage: JsonObject = {
        "reason": wish.reason,
        "by": request.principal.id,
        "at": iso_time(services.starter.clock()),
        "parent": run.id,
        "begin": made["begin"],
        "pins": made["pins"],
        "variables": variables,
    }
    derived = Derivation(
        parent=run.id,
        root=None if wish.repeat_once else past.root,
        pinned=made["pinned"],
        pins=values,
        trigger_keep=made["trigger_keep"],
        lineage=lineage,
    )
    limited = find_version(services.store, run.workflow, version)
    start = StartRequest(
        workflow=run.workflow,
        version=version,
        alias_arn=made["machine_version_arn"],
        trigger=_whole_trigger(request, past),
        started_by=request.principal.id,
        idempotency_key=wish.idempotency_key,
        has_input=bool(made["has_input"]) and version != run.version,
        derived=derived,
        limit=None if limited is None else read_limit(limited.concurrency),
    )
    return start_run(services.starter, start)


def asked_of(
    past: PastRun, wish: Wish, version: int, variables: Mapping[str, Any], *, publish: bool = True
) -> JsonObject:
    """What functions.activate is asked for."""
    return {
        "action": "pin",
        "workflow": past.run.workflow,
        "version": version,
        "trigger": past.run.trigger_id,
        "ends": [_short(end) for end in past.ends()],
        "begin": list(wish.begin),
        "behind": list(wish.behind),
        "given": dict(wish.given),
        "variables": dict(variables),
        "publish": publish,
    }


def _short(end: JsonValue) -> JsonValue:
    assert isinstance(end, Mapping)
    cause = end.get("cause")
    return {**end, "cause": cause[:CAUSE_LIMIT] if isinstance(cause, str) else None}


def _version(request: Request, past: PastRun, wanted: Version) -> int:
    if isinstance(wanted, int):
        return wanted
    if wanted == "active":
        head = existing_head(request.services.store, past.run.workflow)
        if head.active_version is None:
            raise workflow_not_active(head.id, head.status)
        return head.active_version
    if past.run.version is None:
        raise run_without_version(past.run.id)
    return past.run.version


def _whole_trigger(request: Request, past: PastRun) -> JsonObject:
    """`$trigger` with what it refers to: another machine reads other fields of it."""
    starter = request.services.starter
    loading = Loading(starter.objects, runs_prefix(starter.store.project))
    try:
        trigger = hydrated(dict(past.trigger), loading)
    except (BrokenReferenceError, ObjectsError) as error:
        raise run_data_gone(past.run.id, f"what triggered it cannot be read: {error}") from error
    if not isinstance(trigger, Mapping) or "id" not in trigger or "type" not in trigger:
        raise run_data_gone(past.run.id, "its input does not say what triggered it")
    return trigger
