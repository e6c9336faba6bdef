"""Turns a firing into a run, once, as the trigger's policies allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from layers.runtime.errors import RequestError
from layers.runtime.executions import Starter, StartRequest, start_once
from layers.runtime.firing.gather import gather, with_outputs
from layers.runtime.firing.message import Firing
from layers.runtime.firing.outcome import Gathered, Outcome, Postponed, Refused, Started
from layers.runtime.firing.overlap import take_turn
from layers.runtime.firing.selecting import Evaluate, no_expressions
from layers.runtime.firing.target import Target, find_target
from layers.runtime.firing.timing import due_at, held_back, too_late
from layers.runtime.firing.trigger_value import trigger_value
from layers.runtime.node_run import iso_time
from layers.runtime.problems import key_reused
from layers.runtime.store.runs import find_started
from layers.runtime.store.trigger_records import advance, count

LONGEST_DELAY: Final = timedelta(seconds=900)
"""AWS: SQS delivers a message at most so much later."""
PUNCTUAL_SECONDS: Final = 60
"""No schedule counts what is less late as missed."""
_KEY_REUSED: Final = key_reused("").problem.code


class Waiting(Protocol):
    """Where firings wait."""

    def send(self, text: str, delay_seconds: int) -> None:
        """Puts a message back, to be received again after some seconds."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything that firing needs."""

    starter: Starter
    waiting: Waiting
    evaluate: Evaluate = no_expressions


def fire(platform: Platform, firing: Firing) -> Outcome:
    """Starts the run of a firing, puts it back into the queue, or refuses it; counts what it did.

    Raises MalformedFiringError for a message without what its type has, PlatformError if the run cannot be
    started now: both leave the message in the queue, until it goes to the dead letters.
    """
    now = platform.starter.clock()
    if firing.late_by_seconds is None:
        late = max(0, round((now - due_at(firing)).total_seconds()))
        firing = replace(firing, late_by_seconds=late)
    target = find_target(platform.starter.store, firing)
    outcome: Outcome
    if isinstance(target, Refused):
        outcome = target
    else:
        whole = _whole(platform, firing, target, now)
        firing = whole if isinstance(whole, Firing) else firing
        outcome = _fire_at(platform, whole, target, now) if isinstance(whole, Firing) else whole
    if isinstance(outcome, Postponed):
        _put_back(platform, firing, outcome, now)
    elif not isinstance(outcome, Gathered):
        _count(platform, firing, outcome, now)
    return outcome


def _whole(platform: Platform, firing: Firing, target: Target, now: datetime) -> Firing | Gathered | Refused:
    """The firing, of a workflow trigger with all the runs that it has waited for."""
    if firing.type != "workflow":
        return firing
    return gather(platform.starter.store, firing, target.trigger, now, platform.evaluate)


def _fire_at(platform: Platform, firing: Firing, target: Target, now: datetime) -> Outcome:
    starter = platform.starter
    if find_started(starter.store, firing.workflow, firing.key) is None:
        held = (
            held_back(firing, target.trigger, now)
            or too_late(starter.store, firing, target.trigger, now)
            or take_turn(starter, firing, target.trigger, now)
        )
        if held is not None:
            return held
    return _start(starter, firing, target)


def _start(starter: Starter, firing: Firing, target: Target) -> Outcome:
    request = StartRequest(
        workflow=firing.workflow,
        version=target.version,
        alias_arn=target.alias_arn,
        trigger=trigger_value(with_outputs(starter.store, firing)),
        started_by=firing.type,
        idempotency_key=firing.key,
        has_input=target.has_input,
        limit=target.limit,
        split=target.split,
    )
    try:
        run, is_new = start_once(starter, request)
    except RequestError as error:
        if error.problem.code != _KEY_REUSED:
            return Refused(error.problem.code, error.problem.detail)
        started = find_started(starter.store, firing.workflow, firing.key)
        return Started(started[0] if started else "", is_new=False)
    return Started(run.id, is_new)


def _put_back(platform: Platform, firing: Firing, postponed: Postponed, now: datetime) -> None:
    delay = max(timedelta(seconds=1), min(LONGEST_DELAY, postponed.until - now))
    again = replace(firing, waits=firing.waits + 1)
    platform.waiting.send(again.to_text(), -(-delay // timedelta(seconds=1)))


def _count(platform: Platform, firing: Firing, outcome: Started | Refused, now: datetime) -> None:
    store = platform.starter.store
    if isinstance(outcome, Refused) and outcome.code == "workflow_not_active":
        return
    values: dict[str, Any] = {"last_fired_at": iso_time(now), "late_by_seconds": firing.late_by_seconds}
    if isinstance(outcome, Refused):
        kind, values["last_refusal"] = "refused", outcome.code
    else:
        kind, values["last_run"] = "started" if outcome.is_new else "deduplicated", outcome.run
    if firing.type == "schedule" and (firing.late_by_seconds or 0) < PUNCTUAL_SECONDS:
        values["missed_runs"] = 0
    count(store, firing.workflow, firing.trigger, {"fired": 1, kind: 1}, values)
    if firing.type == "schedule" and not (isinstance(outcome, Refused) and outcome.code == "workflow_paused"):
        # What comes while the workflow is paused is missed, and made up for when it is activated again.
        position = f"{due_at(firing).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        advance(store, firing.workflow, firing.trigger, position)
