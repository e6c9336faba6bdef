"""A running execution: the interpreter's, driven the same way live and when it is replayed."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.states.arn import machine_arn
from infra.local.states.journal import (
    Beat,
    Begun,
    Completed,
    Entry,
    Limited,
    Moment,
    Scheduled,
    Stopped,
    Submitted,
)
from infra.local.states.map_run_record import MapRunRecord
from infra.local.states.record import RUNNING, Ended, Started
from translator.interpreter import Execution, StateMachine, TaskRequest


class LiveExecution:
    """What is due inside happens at its own time, before anything later from the outside is applied.

    Only the scheduler's thread moves it; its history may be read from any thread.
    """

    def __init__(self, started: Started, machine: StateMachine) -> None:
        self.started = started
        self.redriven_at: float | None = None
        self._lock = threading.Lock()
        self._execution = Execution(
            machine,
            input=json.loads(started.input),
            name=started.name,
            arn=started.arn,
            state_machine_arn=machine_arn(started.machine),
            started_at=started.started_at,
            seed=started.seed,
            role_arn=started.role_arn,
            express=started.express,
        )

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._execution.status == RUNNING

    @property
    def next_timer(self) -> float | None:
        """When something inside is due."""
        return self._execution.next_timer()

    @property
    def open_requests(self) -> tuple[TaskRequest, ...]:
        """The tasks that it waits for."""
        return self._execution.open_requests

    def is_open(self, request_id: str) -> bool:
        """Whether the execution still waits for a task."""
        return self.is_running and self._execution.is_open(request_id)

    def is_submitted(self, request_id: str) -> bool:
        """Whether a task that it waits for has been taken on."""
        return self._execution.is_submitted(request_id)

    def is_scheduled(self, request_id: str) -> bool:
        """Whether the activity of a task that it waits for has got it."""
        return self._execution.is_scheduled(request_id)

    def is_begun(self, request_id: str) -> bool:
        """Whether somebody is doing a task that it waits for."""
        return self._execution.is_begun(request_id)

    @property
    def redrives(self) -> int:
        """How often it has been redriven."""
        return self._execution.redrive_count

    def redrive_refusal(self) -> str | None:
        """Why it cannot be redriven, or None where it can."""
        return self._execution.redrive_refusal()

    def begin(self) -> tuple[TaskRequest, ...]:
        """Enter the first state."""
        with self._lock:
            return self._execution.start()

    def catch_up(self, now: float) -> tuple[TaskRequest, ...]:
        """Let everything happen that is due until now, each at its own time."""
        with self._lock:
            return self._catch_up(now)

    def _catch_up(self, now: float) -> tuple[TaskRequest, ...]:
        requests: list[TaskRequest] = []
        while (due := self._execution.next_timer()) is not None and due <= now:
            requests.extend(self._execution.advance(due))
        return tuple(requests)

    def apply(self, entry: Entry) -> tuple[TaskRequest, ...]:
        """Take in what came from the outside; a task that nobody waits for any more is ignored."""
        with self._lock:
            return self._apply(entry)

    def _apply(self, entry: Entry) -> tuple[TaskRequest, ...]:
        if isinstance(entry, Moment):
            return self._at(entry)
        requests = self._catch_up(entry.at)
        if not self.is_running:
            return ()
        if isinstance(entry, Stopped):
            self._execution.stop(entry.error, entry.cause, entry.at)
            return ()
        if isinstance(entry, Limited):
            return (*requests, *self._execution.change_map_run(entry.map_run, entry.changes, entry.at))
        return (*requests, *self._hear(entry))

    def _at(self, moment: Moment) -> tuple[TaskRequest, ...]:
        if moment.what == "resumed":
            return self._execution.resume(moment.at)
        requests = self._catch_up(moment.at)
        if moment.what == "redriven":
            self.redriven_at = moment.at
            return self._execution.redrive(moment.at)
        return requests if self.is_running else ()

    def _hear(self, entry: Completed | Submitted | Scheduled | Begun | Beat) -> tuple[TaskRequest, ...]:
        """Take in what became of a task."""
        execution = self._execution
        if isinstance(entry, Submitted):
            return execution.submitted(entry.request_id, entry.output, entry.at)
        if isinstance(entry, Scheduled):
            return execution.scheduled(entry.request_id, entry.at, entry.refusal)
        if isinstance(entry, Begun):
            return execution.started(entry.request_id, entry.worker, entry.at)
        if isinstance(entry, Beat):
            execution.heartbeat(entry.request_id, entry.at)
            return ()
        return execution.complete(entry.request_id, entry.outcome, entry.at)

    def moment(self, now: float) -> float:
        """Now, but never before what has already happened."""
        return max(now, self._execution.now)

    def ended(self) -> Ended:
        """How it ended; call it once it has."""
        execution = self._execution
        output = None
        if execution.status == "SUCCEEDED":
            output = str(execution.history[-1]["executionSucceededEventDetails"]["output"])
        return Ended(
            execution.status,
            execution.now,
            output,
            execution.error,
            execution.cause,
            self.redrives,
            self.redriven_at,
        )

    @property
    def history_length(self) -> int:
        """The number of events so far."""
        return self._execution.history_length

    def history(self) -> list[dict[str, Any]]:
        """The events so far in the API's shape: times as epoch seconds."""
        with self._lock:
            events = self._execution.history
        return _shown(events)

    def map_runs(self) -> list[MapRunRecord]:
        """The Map Runs so far."""
        with self._lock:
            return [
                MapRunRecord.of(run, machine_arn(self.started.machine)) for run in self._execution.map_runs
            ]

    def child_history(self, run: int, child: int) -> list[dict[str, Any]]:
        """The events so far of a child of a Map Run, by their places."""
        with self._lock:
            return _shown(self._execution.map_runs[run].children[child].history)


def _shown(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**event, "timestamp": event["timestamp"].timestamp()} for event in events]
