"""Writes what became of a run: its summary, its data and its final timeline, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from layers.runtime.json_value import JsonValue, NotJsonError, read_json
from layers.runtime.step_functions import StepFunctions, all_events, machine_name
from layers.runtime.store import Store
from layers.runtime.store.runs import Run, RunResult, RunStatus, find_run, finish_run
from layers.runtime.store.versions import find_source_map, number_of_machine
from layers.runtime.store.workflows import find_head
from layers.runtime.timeline import build_timeline, iso_time, readable_cause, skipped_nodes

Recorded = Literal["recorded", "recorded before", "not a workflow of this project", "not ended"]

_ENDINGS: Final[Mapping[str, RunStatus]] = {
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timed_out",
    "ABORTED": "cancelled",
}
_NO_SOURCE_MAP: Final[Mapping[str, Any]] = {"states": {}, "nodes": {}}


@dataclass(frozen=True, slots=True)
class Recorder:
    """Everything that recording a run needs."""

    store: Store
    step_functions: StepFunctions


def record(event: Mapping[str, Any], recorder: Recorder) -> Recorded:
    """Records the execution of an EventBridge event "Step Functions Execution Status Change".

    The event only says which execution: all else is read from Step Functions, so events that come twice,
    late or in another order do no harm. Raises botocore's errors, for EventBridge to deliver again.
    """
    detail = event["detail"]
    workflow = _workflow(recorder.store, str(detail["stateMachineArn"]))
    if workflow is None or find_head(recorder.store, workflow) is None:
        return "not a workflow of this project"
    execution = recorder.step_functions.describe_execution(executionArn=detail["executionArn"])
    if execution["status"] not in _ENDINGS:
        return "not ended"
    number = _version(recorder.store, workflow, execution)
    run = _run(recorder.store, workflow, number, execution)
    result = _result(recorder, workflow, number, execution)
    return "recorded" if finish_run(recorder.store, run, result) else "recorded before"


def _workflow(store: Store, machine_arn: str) -> str | None:
    name = machine_arn.rpartition(":")[2]
    prefix = machine_name(store.project, "")
    return name.removeprefix(prefix) if name.startswith(prefix) else None


def _version(store: Store, workflow: str, execution: Mapping[str, Any]) -> int | None:
    """The version that really ran: an alias may have moved between the caller's look and the start."""
    arn = execution.get("stateMachineVersionArn")
    number = None if arn is None else number_of_machine(store, workflow, str(arn))
    if number is not None:
        return number
    about = _envelope(execution).get("run")
    named = about.get("version") if isinstance(about, Mapping) else None
    return named if isinstance(named, int) else None


def _run(store: Store, workflow: str, number: int | None, execution: Mapping[str, Any]) -> Run:
    known = find_run(store, execution["name"])
    if known is None:
        known = _started_outside(workflow, execution, execution["name"])
    elif known.execution_arn != execution["executionArn"]:
        # Names are unique per machine only: somebody started two machines by hand under one name.
        known = _started_outside(workflow, execution, f"{workflow}-{execution['name']}")
    return replace(
        known,
        version=number or known.version,
        status=_ENDINGS[execution["status"]],
        ended_at=iso_time(execution["stopDate"]),
        error=execution.get("error"),
        cause=readable_cause(execution.get("cause")),
    )


def _started_outside(workflow: str, execution: Mapping[str, Any], run: str) -> Run:
    trigger = _envelope(execution).get("trigger")
    about = trigger if isinstance(trigger, Mapping) else {}
    return Run(
        id=run,
        workflow=workflow,
        version=None,
        status="running",
        trigger_id=str(about.get("id", "unknown")),
        trigger_type=str(about.get("type", "unknown")),
        started_at=iso_time(execution["startDate"]),
        execution_arn=execution["executionArn"],
        started_by="step_functions",
    )


def _result(recorder: Recorder, workflow: str, number: int | None, execution: Mapping[str, Any]) -> RunResult:
    events = all_events(recorder.step_functions, execution["executionArn"])
    source_map = None if number is None else find_source_map(recorder.store, workflow, number)
    timeline = build_timeline(events, source_map or _NO_SOURCE_MAP)
    return RunResult(
        input=_json(execution.get("input")),
        output=_json(execution.get("output")),
        cause=execution.get("cause"),
        timeline=[run.to_json() for run in timeline],
        skipped=skipped_nodes(timeline, source_map or _NO_SOURCE_MAP),
    )


def _envelope(execution: Mapping[str, Any]) -> Mapping[str, Any]:
    envelope = _json(execution.get("input"))
    return envelope if isinstance(envelope, Mapping) else {}


def _json(text: str | None) -> JsonValue:
    try:
        return None if text is None else read_json(text)
    except NotJsonError:
        return text
