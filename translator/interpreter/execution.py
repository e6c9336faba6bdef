"""One execution of a state machine, driven by whoever has the clock and does the tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from translator.interpreter import details
from translator.interpreter.context import timestamp_text
from translator.interpreter.engine import RUNNING, Engine
from translator.interpreter.failure import NotRedrivable
from translator.interpreter.frame import Frame
from translator.interpreter.history import EXPRESS_EVENTS, Event, History
from translator.interpreter.loop import Loop
from translator.interpreter.machine import StateMachine
from translator.interpreter.map_run import EXPRESS_SECONDS, MapRun
from translator.interpreter.payload import Payload
from translator.interpreter.pending import Pending
from translator.interpreter.redrive import redrive, refusal
from translator.interpreter.request import Outcome, TaskRequest
from translator.interpreter.resource import Family, Pattern
from translator.interpreter.run import settle
from translator.interpreter.tasking import (
    note_scheduled,
    note_started,
    note_submitted,
    set_heartbeat,
    set_timeout,
)
from translator.json_value import JsonValue

DEFAULT_ROLE = "arn:aws:iam::123456789012:role/steploom"


LONGEST_SECONDS = 365 * 24 * 3600.0
"""AWS: how long a Standard execution may run."""


class Execution:
    """Sans-IO: each call says what the time is, and returns the tasks that the outside must do now.

    The same calls at the same times give the same history. An `express` one has five minutes and any number
    of events; one that `is_parted` stands for several and has any number, too. Times are epoch seconds and
    never go back. One thread at a time may call.
    """

    def __init__(  # noqa: PLR0913 (what StartExecution knows)
        self,
        machine: StateMachine,
        *,
        input: JsonValue,  # noqa: A002 (AWS's own name for it)
        name: str,
        arn: str,
        state_machine_arn: str,
        started_at: float,
        seed: int,
        role_arn: str = DEFAULT_ROLE,
        express: bool = False,
        is_parted: bool = False,
    ) -> None:
        self.name = name
        self.arn = arn
        self._role_arn = role_arn
        longest = EXPRESS_SECONDS if express else LONGEST_SECONDS
        self._longest = min(machine.timeout_seconds or longest, longest)
        self._deadline = started_at + self._longest
        context: dict[str, JsonValue] = {
            "Execution": {
                "Id": arn,
                "Input": input,
                "StartTime": timestamp_text(started_at),
                "Name": name,
                "RoleArn": role_arn,
                # Recorded: an Express execution, which cannot be redriven, counts no redrives.
                **({} if express else {"RedriveCount": 0}),
            },
            "StateMachine": {
                "Id": state_machine_arn,
                "Name": state_machine_arn.rpartition("stateMachine:")[2],
            },
        }
        self._engine = Engine(
            Frame(machine.scope, Payload(input), {}, 0), arn, context, Loop(started_at, seed)
        )
        if express or is_parted:
            self._engine.history = History(EXPRESS_EVENTS)

    @property
    def engine(self) -> Engine:
        """The working parts, for whoever looks into a run that stands still at its loop's gate."""
        return self._engine

    @property
    def status(self) -> str:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
        return self._engine.status

    @property
    def output(self) -> JsonValue:
        """The output of a succeeded execution, else None."""
        return None if self._engine.output is None else self._engine.output.value

    @property
    def error(self) -> str | None:
        """The error's name, where the execution has ended badly with one."""
        return self._engine.error

    @property
    def cause(self) -> str | None:
        """The error's cause, where there is one."""
        return self._engine.cause

    @property
    def now(self) -> float:
        """The time of the last call."""
        return self._engine.now

    @property
    def history(self) -> Sequence[Event]:
        """All events so far, in the shape of boto3's GetExecutionHistory."""
        return self.history_from(0)

    @property
    def history_length(self) -> int:
        """The number of events so far, without making any of them."""
        return len(self._engine.history)

    def history_from(self, index: int) -> Sequence[Event]:
        """The events from place `index` (from 0) on: for a live view, the last length seen."""
        return self._engine.history.since(index)

    @property
    def open_requests(self) -> tuple[TaskRequest, ...]:
        """The tasks whose end the execution waits for; what is gone from here nobody waits for any more."""
        return tuple(pending.request for pending in self._engine.loop.pending.values() if pending.open)

    @property
    def map_runs(self) -> tuple[MapRun, ...]:
        """The Map Runs so far, those of child executions after those that started these."""
        found = list(self._engine.map_runs)
        for run in found:
            found += (inner for child in run.children for inner in child.map_runs)
        return tuple(found)

    def is_open(self, request_id: str) -> bool:
        """Whether the execution still waits for the task."""
        pending = self._engine.loop.pending.get(request_id)
        return pending is not None and pending.open and self.status == RUNNING

    def is_submitted(self, request_id: str) -> bool:
        """Whether `submitted` has been called for an open task."""
        pending = self._engine.loop.pending.get(request_id)
        return pending is not None and pending.submitted

    def start(self) -> tuple[TaskRequest, ...]:
        """Begin; call it once."""
        if self.history_length:
            raise RuntimeError(f"Execution '{self.name}' has been started already.")
        engine = self._engine
        engine.write("ExecutionStarted", 0, details.execution_started, engine.root.payload, self._role_arn)
        engine.wake(engine.root, None)
        return self._settle()

    def next_timer(self) -> float | None:
        """When to call `advance` next; None where nothing is due by itself."""
        if self.status != RUNNING:
            return None
        due = self._engine.loop.timers.next_due()
        return self._deadline if due is None else min(due, self._deadline)

    def advance(self, now: float) -> tuple[TaskRequest, ...]:
        """Let everything happen that is due at `now` or before."""
        self._move(now)
        if self.status == RUNNING and self._deadline <= self.now:
            self._end("TIMED_OUT", "States.Timeout", None, "ExecutionTimedOut")
        return self._settle()

    def complete(self, request_id: str, outcome: Outcome, now: float) -> tuple[TaskRequest, ...]:
        """The task has ended; ignored where nobody waits for it any more (timed out or aborted)."""
        earlier = self._catch_up(now)
        pending = self._take(request_id, now)
        if pending is not None:
            del self._engine.loop.pending[request_id]
            pending.answer(outcome)
        return (*earlier, *self._settle())

    def scheduled(self, request_id: str, now: float, refusal: str | None = None) -> tuple[TaskRequest, ...]:
        """The activity has got its task, or there is no such activity, which the `refusal` says.

        Where nobody calls this, it is taken for granted with whatever is heard of the task first.
        """
        earlier = self._catch_up(now)
        pending = self._take(request_id, now)
        if pending is not None and not pending.scheduled:
            note_scheduled(pending, refusal)
        return (*earlier, *self._settle())

    def is_scheduled(self, request_id: str) -> bool:
        """Whether an open task is no activity's, or its activity has got it."""
        pending = self._engine.loop.pending.get(request_id)
        return pending is not None and pending.scheduled

    def is_begun(self, request_id: str) -> bool:
        """Whether a worker has an open task."""
        pending = self._engine.loop.pending.get(request_id)
        return pending is not None and pending.started

    def started(self, request_id: str, worker: str | None, now: float) -> tuple[TaskRequest, ...]:
        """A worker has taken the activity's task."""
        earlier = self._catch_up(now)
        pending = self._take(request_id, now)
        if pending is not None and not pending.started:
            pending.started = True
            note_started(pending, worker)
        return (*earlier, *self._settle())

    def submitted(self, request_id: str, output: JsonValue, now: float) -> tuple[TaskRequest, ...]:
        """The call of a `.sync` or `.waitForTaskToken` task has been answered; its end comes later."""
        earlier = self._catch_up(now)
        pending = self._take(request_id, now)
        if pending is not None and not pending.submitted:
            pending.submitted = True
            note_submitted(pending, Payload(output))
        return (*earlier, *self._settle())

    def heartbeat(self, request_id: str, now: float) -> bool:
        """The worker lives; false where nobody waits for the task any more."""
        pending = self._take(request_id, now)
        if pending is None:
            return False
        set_heartbeat(pending.engine, pending)
        return True

    def change_map_run(self, arn: str, changes: Mapping[str, Any], now: float) -> tuple[TaskRequest, ...]:
        """The fields of a Map Run's limits that change; ignored where there is no such run any more."""
        earlier = self._catch_up(now)
        self._move(now)
        for run in self.map_runs:
            if run.arn == arn and self.status == RUNNING:
                run.change(replace(run.limits, **changes))
        return (*earlier, *self._settle())

    def resume(self, now: float) -> tuple[TaskRequest, ...]:
        """Nobody could be called since the last call: what came due meanwhile happens, each at its time.

        Open calls are made again, so their timeouts begin only now; those of people, workers of activities
        and holders of task tokens went on.
        """
        requests: tuple[TaskRequest, ...] = ()
        due = self.next_timer()
        while due is not None and due < now:
            for pending in self._open_calls():
                pending.terms += 1
            requests += self.advance(due)
            due = self.next_timer()
        if self.status != RUNNING:
            return requests
        self._move(now)
        for pending in self._open_calls():
            set_timeout(pending.engine, pending)
        return (*requests, *self.advance(now))

    def _open_calls(self) -> list[Pending]:
        pending = self._engine.loop.pending.values()
        return [one for one in pending if one.open and not _answered_by_token(one.request)]

    def stop(self, error: str | None, cause: str | None, now: float) -> None:
        """End the execution as StopExecution does; no Catch sees it. Does nothing where it has ended."""
        self._move(now)
        if self.status == RUNNING:
            self._end("ABORTED", error, cause, "ExecutionAborted")

    @property
    def redrive_count(self) -> int:
        """How often it has been redriven."""
        execution = self._engine.shared_context["Execution"]
        assert isinstance(execution, Mapping)
        return int(str(execution.get("RedriveCount", 0)))

    def redrive_refusal(self) -> str | None:
        """Why it cannot be redriven now, in the service's words, or None where it can."""
        return refusal(self._engine)

    def redrive(self, now: float) -> tuple[TaskRequest, ...]:
        """Go on from the states that failed or were aborted; raises NotRedrivable.

        The timeout of the machine begins anew, as does each state's.
        """
        reason = refusal(self._engine)
        if reason is not None:
            raise NotRedrivable(reason)
        self._move(now)
        loop = self._engine.loop
        loop.ready.clear()
        loop.pending.clear()
        self._deadline = self.now + self._longest
        redrive(self._engine)
        return self._settle()

    def _take(self, request_id: str, now: float) -> Pending | None:
        """The open task, if there still is one."""
        self._move(now)
        pending = self._engine.loop.pending.get(request_id)
        return pending if pending is not None and pending.open and self.status == RUNNING else None

    def _catch_up(self, now: float) -> tuple[TaskRequest, ...]:
        """Let happen what was due earlier than `now`: a task may have timed out before its answer came."""
        requests: tuple[TaskRequest, ...] = ()
        due = self.next_timer()
        while due is not None and due < now:
            requests += self.advance(due)
            due = self.next_timer()
        return requests

    def _move(self, now: float) -> None:
        if now > self._engine.now:
            self._engine.loop.set_now(now)

    def _end(self, status: str, error: str | None, cause: str | None, kind: str) -> None:
        key = f"{kind[:1].lower()}{kind[1:]}EventDetails"
        self._engine.end(status, error, cause, (kind, self._engine.root.previous, key))

    def _settle(self) -> tuple[TaskRequest, ...]:
        settle(self._engine)
        requests = tuple(self._engine.loop.new_requests)
        self._engine.loop.new_requests.clear()
        return requests


def _answered_by_token(request: TaskRequest) -> bool:
    return request.kind.pattern is Pattern.CALLBACK or request.kind.family is Family.ACTIVITY
