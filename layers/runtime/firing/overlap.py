"""The policy of a trigger whose runs may not overlap: one firing at a time has the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.executions import Starter
from layers.runtime.firing.message import Firing, firing_key, moment_of
from layers.runtime.firing.outcome import Outcome, Postponed, refused
from layers.runtime.json_value import JsonObject
from layers.runtime.node_run import iso_time
from layers.runtime.store.runs import OPEN, Run, find_run, find_started
from layers.runtime.store.trigger_records import TriggerRecord, change_record, find_trigger_record

STARTING_SECONDS: Final = 60
"""How long a firing keeps the turn without having started a run: longer than `start` may take."""
_FIRST_WAIT_SECONDS: Final = 5
_LONGEST_WAIT_SECONDS: Final = 60
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """Who has a trigger's turn, and the run that it was used for, while that is open."""

    record: TriggerRecord
    open_run: Run | None
    is_starting: bool

    @property
    def is_taken(self) -> bool:
        """Whether another firing has to wait for it."""
        return self.open_run is not None or self.is_starting


def take_turn(starter: Starter, firing: Firing, trigger: JsonObject, now: datetime) -> Outcome | None:
    """Takes the trigger's turn, or says what the policy makes of not getting it.

    The turn is taken by a conditional write before the run is started, so that of two firings at the same
    moment only one starts; it ends with the run, not by a message that could get lost.
    """
    policy = trigger.get("overlap") or "allow"
    if policy == "allow":
        return None
    for _ in range(_TRIES):
        turn = look(starter, firing, now)
        if turn.is_taken:
            if policy == "skip":
                return refused("overlap", f"An earlier run of trigger '{firing.trigger}' is still open.")
            if policy == "queue" or turn.open_run is None or turn.open_run.status == "starting":
                return Postponed(now + _wait(firing), "overlap")
            _cancel(starter, firing, turn.open_run)
        if _take(starter, firing, turn.record, now):
            return None
    return Postponed(now + _wait(firing), "overlap")


def look(starter: Starter, firing: Firing, now: datetime) -> Turn:
    """Who has the turn now; a firing that has it already is given it again."""
    store = starter.store
    record = find_trigger_record(store, firing.workflow, firing.trigger)
    if record.holder is None or record.holder == firing.identity:
        return Turn(record, None, is_starting=False)
    started = find_started(store, firing.workflow, firing_key(firing.trigger, record.holder))
    if started is None:
        since = moment_of(record.held_since)
        is_fresh = since is not None and now - since < timedelta(seconds=STARTING_SECONDS)
        return Turn(record, None, is_starting=is_fresh)
    run = find_run(store, started[0])
    return Turn(record, run if run is not None and run.status in OPEN else None, is_starting=False)


def _take(starter: Starter, firing: Firing, record: TriggerRecord, now: datetime) -> bool:
    values = {"holder": firing.identity, "held_since": iso_time(now)}
    holder = Attr("holder")
    unchanged = holder.not_exists() if record.holder is None else holder.eq(record.holder)
    return change_record(starter.store, firing.workflow, firing.trigger, values, unchanged)


def _cancel(starter: Starter, firing: Firing, run: Run) -> None:
    cause = f"the next firing of trigger '{firing.trigger}' has taken its place"
    starter.step_functions.stop_execution(
        executionArn=run.execution_arn, error="Steploom.Cancelled", cause=cause
    )


def _wait(firing: Firing) -> timedelta:
    return timedelta(seconds=min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** min(firing.waits, 10)))
