"""Records runs of Express workflows from their log, which is all that the service keeps of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError

from functions.recorder.express_log import ExpressLog, read_log
from functions.recorder.log_batch import LogLine, read_batch, read_lines
from functions.recorder.recording import Recorder, started_outside
from layers.runtime.endings import Endings, act_on_end
from layers.runtime.observation import observation_of
from layers.runtime.run_records import ended_run, result_of
from layers.runtime.source_maps import SourceMaps
from layers.runtime.step_functions import workflow_of_machine
from layers.runtime.store import Store
from layers.runtime.store.log_pieces import keep_lines, kept_lines
from layers.runtime.store.runs import Run, find_run, finish_run
from layers.runtime.store.workflows import find_head

ExpressRecorded = Literal["recorded", "recorded before", "not a workflow of this project", "not ended"]
_MACHINE: Final = 6
"""Its place in `arn:aws:states:region:account:express:machine:name:unique`."""
_LONGEST_NAME: Final = 71


def record_log(event: Mapping[str, Any], recorder: Recorder) -> Counter[ExpressRecorded]:
    """Records the executions of one delivery of CloudWatch Logs; gives how many had which outcome.

    Deliveries may come in any order, more than once, and hold any part of an execution's events. Every
    execution of a delivery is tried before the first of botocore's errors is raised, for it to come again.
    """
    lines = sorted(read_batch(event), key=attrgetter("execution"))
    batch = _Batch(recorder.store, SourceMaps(recorder.store), recorder.endings)
    outcomes: Counter[ExpressRecorded] = Counter()
    errors: list[Exception] = []
    for execution, own in groupby(lines, key=attrgetter("execution")):
        try:
            outcomes[_record(batch, str(execution), list(own))] += 1
        except (ClientError, BotoCoreError) as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return outcomes


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the executions of one delivery, which mostly are of one workflow, need but once."""

    store: Store
    source_maps: SourceMaps
    endings: Endings | None
    known: dict[str, bool] = field(default_factory=dict)

    def workflow(self, machine: str) -> str | None:
        """The workflow of a machine's name, None if the project has none of that id."""
        workflow = workflow_of_machine(self.store.project, machine)
        if workflow is not None and workflow not in self.known:
            self.known[workflow] = find_head(self.store, workflow) is not None
        return workflow if workflow is not None and self.known[workflow] else None


def _record(batch: _Batch, execution: str, lines: Sequence[LogLine]) -> ExpressRecorded:
    workflow = batch.workflow(execution.split(":")[_MACHINE])
    if workflow is None:
        return "not a workflow of this project"
    log = read_log(lines)
    if not log.is_whole:
        log = _with_earlier(batch.store, execution, lines)
    if log.end is None:
        return "not ended"
    return _finish(batch, workflow, log)


def _finish(batch: _Batch, workflow: str, log: ExpressLog) -> ExpressRecorded:
    store, execution = batch.store, log.execution()
    identity, known = _run(store, execution["name"], execution["executionArn"])
    version = known.version if known is not None else None
    seen = observation_of(store, workflow, execution, log.events, version, batch.source_maps)
    run = ended_run(known or started_outside(workflow, seen, identity), seen)
    # What has not come yet may tell of a node that ran.
    skipped = seen.skipped if log.is_whole else ()
    result = replace(result_of(seen), left_out=log.left_out(), skipped=skipped)
    recorded = finish_run(store, replace(run, execution_arn=seen.arn, events=len(log.lines)), result)
    if batch.endings is not None:
        act_on_end(batch.endings, run, seen.output)
    return "recorded" if recorded else "recorded before"


def _with_earlier(store: Store, execution: str, lines: Sequence[LogLine]) -> ExpressLog:
    """The log with all that has come before; whoever keeps its lines last sees them all."""
    name = ":".join(execution.split(":")[_MACHINE:])
    keep_lines(store, name, [line.text for line in lines], max(line.milliseconds for line in lines) / 1000)
    return read_log([*lines, *read_lines(list(kept_lines(store, name)))])


def _run(store: Store, name: str, arn: str) -> tuple[str, Run | None]:
    """The id of an execution's run, and what is known of it; names are not unique, so its ARN is asked too.

    A run that has only just been started may not know the last part of its ARN yet.
    """
    unique = arn.rpartition(":")[2]
    known = find_run(store, name)
    if known is not None and arn in (known.execution_arn, f"{known.execution_arn}:{unique}"):
        return name, known
    identity = f"{name[:_LONGEST_NAME]}-{unique[:8]}"
    return identity, find_run(store, identity)
