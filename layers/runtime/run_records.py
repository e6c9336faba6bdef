"""What the final record of a run is made of."""

from __future__ import annotations

from dataclasses import replace

from layers.runtime.observation import Observation
from layers.runtime.store import Store
from layers.runtime.store.runs import OPEN, Run, RunResult, find_run, finish_run
from layers.runtime.timeline import readable_cause


def settle(store: Store, run: Run, seen: Observation) -> Run:
    """The run as it is recorded, its end recorded now if nobody has done so: the event may be lost."""
    if run.status not in OPEN or seen.status == "running":
        return run
    ended = ended_run(run, seen)
    if finish_run(store, ended, result_of(seen)):
        return ended
    return find_run(store, run.id) or ended


def ended_run(run: Run, seen: Observation) -> Run:
    """The run with what the execution's end tells."""
    return replace(
        run,
        version=seen.version or run.version,
        status=seen.status,
        ended_at=seen.ended_at,
        error=seen.error,
        cause=readable_cause(seen.cause),
    )


def result_of(seen: Observation) -> RunResult:
    """What a run record keeps of an execution that has ended."""
    return RunResult(
        input=seen.input,
        output=seen.output,
        cause=readable_cause(seen.cause),
        timeline=[run.to_json() for run in seen.timeline],
        skipped=seen.skipped,
        left_out=seen.left_out,
        figures=None if seen.figures is None else seen.figures.to_json(),
    )
