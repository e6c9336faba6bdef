"""Tells Step Functions to start a run that has its slot; nothing is lost whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError

from layers.runtime.admission.group_items import give_back
from layers.runtime.admission.start_items import Start, begin, bury, forget_start
from layers.runtime.node_run import iso_time
from layers.runtime.step_functions import StepFunctions, execution_arn
from layers.runtime.store import Store
from layers.runtime.store.runs import find_run

MOST_ATTEMPTS: Final = 12
"""Of sweeps, each waiting twice as long up to ten minutes: an hour and a half of an outage costs no run."""
_FOR_GOOD: Final = frozenset(
    {
        "AccessDeniedException",
        "InvalidArn",
        "InvalidExecutionInput",
        "InvalidName",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
        "ValidationException",
    }
)
"""Errors of StartExecution that no second try mends (AWS: StartExecution)."""

Launched: TypeAlias = Literal["running", "later", "dead"]


@dataclass(frozen=True, slots=True)
class Admission:
    """Everything that letting runs in needs."""

    store: Store
    step_functions: StepFunctions
    clock: Callable[[], datetime]

    def seconds(self) -> int:
        """The present moment in whole epoch seconds."""
        return int(self.clock().timestamp())


def launch(admission: Admission, start: Start, *, is_last: bool = False) -> Launched:
    """Starts the execution of a run that holds a slot; repeating it starts nothing twice.

    StartExecution is idempotent by name, so whoever finds the start kept may do this; where the service
    cannot be reached now, a sweep does. Gives `dead` for a start that is refused for good.
    """
    try:
        taken = admission.step_functions.start_execution(
            stateMachineArn=start.machine_arn, name=start.run, input=start.text
        )
    except (ClientError, BotoCoreError) as error:
        if _exists(error):
            return _begun(admission, start, execution_arn(start.machine_arn, start.run))
        if not is_last and not _is_for_good(error):
            return "later"
        return _give_up(admission, start, str(error))
    return _begun(admission, start, str(taken["executionArn"]))


def _begun(admission: Admission, start: Start, arn: str) -> Launched:
    if begin(admission.store, start.run, arn):
        return "running"
    run = find_run(admission.store, start.run)
    if run is not None and run.status == "starting":
        return "later"
    admission.store.table.write([forget_start(admission.store, start.run)])
    if run is not None and run.status == "cancelled":
        # Cancelled between its slot and its start.
        admission.step_functions.stop_execution(
            executionArn=arn, error="Steploom.Cancelled", cause=run.cause or "cancelled before it began"
        )
    return "running"


def _give_up(admission: Admission, start: Start, cause: str) -> Launched:
    if not bury(admission.store, start, cause, iso_time(admission.clock())):
        return "later"
    give_back(admission.store, start.workflow, start.key, start.run)
    return "dead"


def _is_for_good(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _FOR_GOOD


def _exists(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ExecutionAlreadyExists"
