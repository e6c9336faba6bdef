"""Writes what became of a run: its summary, its data and its final timeline, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from layers.runtime.admission.launch import Admission
from layers.runtime.admission.release import release
from layers.runtime.endings import Endings, act_on_end, tell_start
from layers.runtime.observation import Observation, envelope_part, observe
from layers.runtime.run_records import ended_run, result_of
from layers.runtime.step_functions import StepFunctions, workflow_of_machine
from layers.runtime.store import Store
from layers.runtime.store.runs import Run, find_run, finish_run
from layers.runtime.store.workflows import find_head

Recorded = Literal["told", "recorded", "recorded before", "not a workflow of this project", "not ended"]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Everything that recording a run needs."""

    store: Store
    step_functions: StepFunctions
    clock: Callable[[], datetime]
    endings: Endings | None = None
    """Tells others of starts and ends; None where nobody is to be told."""


def record(event: Mapping[str, Any], recorder: Recorder) -> Recorded:
    """Records the execution of an EventBridge event "Step Functions Execution Status Change".

    The event only says which execution: all else is read from Step Functions, so events that come twice,
    late or in another order do no harm. Raises botocore's errors, for EventBridge to deliver again.
    """
    detail = event["detail"]
    if detail.get("status") == "RUNNING":
        return _begun(detail["name"], recorder)
    machine = str(detail["stateMachineArn"]).rpartition(":")[2]
    workflow = workflow_of_machine(recorder.store.project, machine)
    if workflow is None or find_head(recorder.store, workflow) is None:
        return "not a workflow of this project"
    seen = observe(recorder.store, recorder.step_functions, workflow, detail["executionArn"])
    if seen.status == "running":
        return "not ended"
    run = ended_run(_known(recorder.store, workflow, seen), seen)
    # The slot first: others wait for it, and nobody for the record.
    release(Admission(recorder.store, recorder.step_functions, recorder.clock), run)
    is_new = finish_run(recorder.store, run, result_of(seen))
    if recorder.endings is not None:
        act_on_end(recorder.endings, run, seen.output)
    return "recorded" if is_new else "recorded before"


def _begun(name: str, recorder: Recorder) -> Recorded:
    """Nothing is asked of Step Functions for it: its reads are throttled, and there may be many starts."""
    run = find_run(recorder.store, name)
    if run is None:
        return "not a workflow of this project"
    if recorder.endings is not None:
        tell_start(recorder.endings, run)
    return "told"


def _known(store: Store, workflow: str, seen: Observation) -> Run:
    known = find_run(store, seen.name)
    if known is None:
        return started_outside(workflow, seen, seen.name)
    if known.execution_arn != seen.arn:
        # Names are unique per machine only: two machines were started by hand under one name.
        return started_outside(workflow, seen, f"{workflow}-{seen.name}")
    return known


def started_outside(workflow: str, seen: Observation, run: str) -> Run:
    """The run of an execution that the project did not start itself."""
    trigger = envelope_part(seen.input, "trigger")
    return Run(
        id=run,
        workflow=workflow,
        version=None,
        status="running",
        trigger_id=str(trigger.get("id", "unknown")),
        trigger_type=str(trigger.get("type", "unknown")),
        started_at=seen.started_at,
        execution_arn=seen.arn,
        started_by="step_functions",
    )
