"""Runs as the REST API shows them: from their record, or live while they are under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.api.answers import RunDetail, RunSummary
from functions.api.run_figures import waiting_for
from functions.api.services import Services
from layers.runtime.error_classes import errors_by_class
from layers.runtime.json_value import JsonObject, JsonValue, size_in_bytes, write_json
from layers.runtime.objects import Loading, ObjectsError, runs_prefix
from layers.runtime.observation import Observation
from layers.runtime.problems import run_not_found
from layers.runtime.references import shown
from layers.runtime.run_records import settle
from layers.runtime.slimming import Timeline, fitting_timeline
from layers.runtime.step_functions import is_express
from layers.runtime.store.runs import OPEN, Run, find_result, find_run, mark
from layers.runtime.timeline import iso_time, readable_cause, seconds_between

START_TAKES_AT_MOST: Final = timedelta(minutes=1)
"""A record that says `starting` for longer belongs to a start that was cut off."""
LOG_TAKES_AT_MOST: Final = timedelta(minutes=20)
"""An Express execution ends within five minutes; its log is late by seconds, or does not come at all."""
EVENT_TAKES_AT_MOST: Final = timedelta(seconds=30)
"""Of the event of an execution's end; EventBridge delivers within seconds, as a rule."""
_INTERRUPTED: Final = "Step Functions knows no such execution: the platform was interrupted before it began."
_UNRECORDED: Final = "Its log does not tell how it ended, and nothing else does: it may have succeeded."
TIMELINE_LIMIT_BYTES: Final = 1_000_000
DATA_LIMIT_BYTES: Final = 4_500_000
"""Of large values in input and output together; Lambda answers at most 6 MB (AWS: Lambda quotas)."""


def existing_run(services: Services, run: str) -> Run:
    """A run's record; raises RequestError (404)."""
    known = find_run(services.store, run)
    if known is None:
        raise run_not_found(run)
    return known


def summary(run: Run) -> RunSummary:
    """A run as lists show it."""
    return RunSummary(
        id=run.id,
        workflow=run.workflow,
        version=run.version,
        status=run.status,
        trigger={"id": run.trigger_id, "type": run.trigger_type},
        started_by=run.started_by,
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration_seconds=_duration(run),
        error=run.error,
        cause=run.cause,
        arm=run.arm,
        parent=run.parent,
        lineage=run.lineage,
        redrives=run.redrives or 0,
        variables=run.variables,
        key=run.key,
        admitted_at=run.admitted_at,
    )


def detail(services: Services, run: Run) -> RunDetail:
    """A run with its data and timeline; a start that was cut off is recorded as failed on the way."""
    if run.status not in OPEN:
        return _recorded(services, run)
    if is_express(run.execution_arn):
        return _under_way(services, run)
    if run.status == "queued":
        return _without_data(run)
    seen = services.live_runs.look(run)
    if seen is not None and _is_overdue(services, run, seen):
        services.recording.tell(run.execution_arn)
        return _recorded(services, settle(services.store, run, seen))
    if seen is not None:
        return _live(services, run, seen)
    started = datetime.fromisoformat(run.started_at)
    # Whatever has a slot is started by a sweep, if nobody else does it.
    is_young = run.key is not None or services.starter.clock() - started < START_TAKES_AT_MOST
    if run.status == "starting" and is_young:
        return _without_data(run)
    return _lost(services, run)


def _is_overdue(services: Services, run: Run, seen: Observation) -> bool:
    """Whether the event of its end is late or lost: then whoever looks records the end."""
    if seen.ended_at is None:
        return False
    redriven: Any = (run.lineage or {}).get("redriven") or {}
    since = datetime.fromisoformat(max(seen.ended_at, redriven.get("at", "")))
    return services.starter.clock() - since > EVENT_TAKES_AT_MOST


def _under_way(services: Services, run: Run) -> RunDetail:
    """An Express run is seen only when it has ended; one whose log has long been due will not be."""
    started = datetime.fromisoformat(run.started_at)
    if services.starter.clock() - started < LOG_TAKES_AT_MOST:
        return _without_data(run)
    # The log may still come, and then counts: a record of no events gives way to any other.
    return _given_up(services, run, "Steploom.Unrecorded", _UNRECORDED, {"events": 0})


def _whole(services: Services, given: JsonValue, output: JsonValue) -> dict[str, JsonValue]:
    """Input and output with what they refer to, as far as an answer can hold it; the output goes first."""
    starter = services.starter
    loading = Loading(starter.objects, runs_prefix(starter.store.project))
    parts = shown({"output": output, "input": given}, loading, DATA_LIMIT_BYTES)
    assert isinstance(parts, Mapping)
    return dict(parts)


def _without_references(node: Mapping[str, JsonValue]) -> JsonObject:
    return {name: shown(value, _nothing, room=-1) for name, value in node.items()}


def _nothing(key: str) -> JsonValue:
    raise ObjectsError(key)


def _shown(nodes: Timeline) -> list[dict[str, Any]]:
    nodes = [_without_references(node) for node in nodes]
    slim = fitting_timeline(
        nodes, lambda timeline: size_in_bytes(write_json(timeline)) <= TIMELINE_LIMIT_BYTES
    )
    return [dict(node) for node in slim or ()]


def _recorded(services: Services, run: Run) -> RunDetail:
    result = find_result(services.store, run.id)
    if result is None:
        return _without_data(run)
    return RunDetail(
        **summary(run).model_dump(exclude={"cause"}),
        cause=result.cause if result.cause is not None else run.cause,
        **_whole(services, result.input, result.output),
        final=True,
        timeline=_shown(result.timeline or ()),
        skipped=list(result.skipped),
        left_out=list(result.left_out),
        errors=errors_by_class(result.timeline or ()),
        figures=None if result.figures is None else dict(result.figures),
    )


def _live(services: Services, run: Run, seen: Observation) -> RunDetail:
    now = replace(
        run,
        status=seen.status,
        version=seen.version or run.version,
        ended_at=seen.ended_at,
        error=seen.error,
        cause=readable_cause(seen.cause),
    )
    timeline = [node.to_json() for node in seen.timeline]
    return RunDetail(
        **summary(now).model_dump(),
        **_whole(services, seen.input, seen.output),
        final=False,
        timeline=_shown(timeline),
        waiting_for=waiting_for(timeline) if seen.status == "running" else [],
        errors=errors_by_class(timeline),
        figures=None if seen.figures is None else dict(seen.figures.to_json()),
        skipped=list(seen.skipped),
        left_out=list(seen.left_out),
    )


def _lost(services: Services, run: Run) -> RunDetail:
    """Step Functions does not know the execution: its start was cut off, or its history is gone."""
    return _given_up(services, run, "Steploom.Interrupted", _INTERRUPTED, {})


def _given_up(services: Services, run: Run, error: str, cause: str, more: Mapping[str, int]) -> RunDetail:
    ended_at = iso_time(services.starter.clock())
    mark(
        services.store,
        run.id,
        {"status": "failed", "error": error, "cause": cause, "ended_at": ended_at, **more},
    )
    return _recorded(services, find_run(services.store, run.id) or run)


def _without_data(run: Run) -> RunDetail:
    return RunDetail(
        **summary(run).model_dump(),
        input=None,
        output=None,
        final=run.status not in OPEN,
        timeline=[],
        skipped=[],
        left_out=[],
    )


def _duration(run: Run) -> float | None:
    if run.ended_at is None:
        return None
    return seconds_between(datetime.fromisoformat(run.started_at), datetime.fromisoformat(run.ended_at))
