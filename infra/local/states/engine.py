"""Drives all running executions in the scheduler's one thread; none has a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from infra.local.scheduler import Clock, Scheduler, Timer
from infra.local.states.definitions import Definitions
from infra.local.states.executions import Executions
from infra.local.states.journal import (
    Beat,
    Begun,
    Completed,
    Entry,
    Journal,
    Limited,
    Moment,
    Scheduled,
    Stopped,
    Submitted,
)
from infra.local.states.live import LiveExecution
from infra.local.states.open_tasks import OpenTasks
from infra.local.states.record import Ended, Started, Summary
from infra.local.states.reply import Dispatch, Reply
from infra.local.states.status_change import status_change
from translator.interpreter import Outcome, TaskRequest
from translator.interpreter.resource import Family, Pattern
from translator.json_value import JsonValue

_LOG: Final = logging.getLogger(__name__)
_DISK_SECONDS: Final = 2.0
_DEFECT: Final = (
    "a defect of the local cloud ended this execution: please report it with the terminal's output"
)

LogExpress = Callable[[Started, Sequence[Mapping[str, Any]], Callable[[], None]], None]
"""Takes the history of an Express execution that has ended, and calls back when it is logged."""
Told = Callable[[Started, Ended], None]
"""Is told how an execution has ended, in the scheduler's thread."""


class Engine:
    """Everything from the outside is written to the execution's journal before it takes effect."""

    def __init__(
        self,
        scheduler: Scheduler,
        clock: Clock,
        definitions: Definitions,
        executions: Executions,
        dispatch: Dispatch,
        publish: Callable[[dict[str, Any]], None],
        log_express: LogExpress,
    ) -> None:
        self._scheduler = scheduler
        self._clock = clock
        self._definitions = definitions
        self._executions = executions
        self._dispatch = dispatch
        self.publish = publish
        self._log_express = log_express
        self._timers: dict[str, Timer] = {}
        self._tasks = OpenTasks()
        self._watchers: dict[str, list[Told]] = {}

    def start(self, started: Started) -> Summary:
        """Start an execution; returns once it is journalled. Raises ServiceError ExecutionAlreadyExists."""
        live = LiveExecution(started, self._definitions.machine(started.digest))
        if started.express:
            return self._start_express(live)

        def begin() -> None:
            self._journal(live).begin(started)
            self._scheduler.call_soon(lambda: self._begin(live))

        return self._executions.reserve(live, begin)

    def start_unrecorded(self, started: Started, told: Told) -> None:
        """Start an Express execution that is lost in a crash, and have somebody told how it ends."""
        live = LiveExecution(started, self._definitions.machine(started.digest))
        self._executions.admit(live)

        def begin() -> None:
            self._watchers.setdefault(started.arn, []).append(told)
            self.step(live, live.begin)

        self._scheduler.call_soon(begin)

    def _start_express(self, live: LiveExecution) -> Summary:
        """Only the start is journalled: after a crash the execution runs again from its first state (AWS)."""
        self._journal(live).begin(live.started)
        self._executions.admit(live)
        self._scheduler.call_soon(lambda: self.step(live, live.begin))
        return Summary.of(live.started)

    def stop(self, arn: str, error: str | None, cause: str | None) -> float:
        """Stop an execution; returns when it ended, also if it had ended before."""
        return self._scheduler.call(lambda: self._stop(arn, error, cause))

    def limit(self, arn: str, map_run: str, changes: Mapping[str, Any]) -> None:
        """Change the limits of a Map Run of an execution, if it runs."""

        def take() -> None:
            live = self._executions.live(arn)
            if live is not None and live.is_running:
                self._take(live, Limited(live.moment(self._clock()), map_run, changes))

        self._scheduler.call(take)

    def stop_soon(self, arn: str, cause: str) -> None:
        """Stop an execution if it runs; in the scheduler's thread."""
        self._scheduler.call_soon(lambda: self.insist(lambda: self._stop(arn, None, cause)))

    def watch(self, arn: str, told: Told) -> None:
        """Have somebody told how an execution ends or has ended; in the scheduler's thread."""
        if self._executions.live(arn) is not None:
            self._watchers.setdefault(arn, []).append(told)
            return
        started, ended = self._executions.data(arn)
        assert ended is not None
        told(started, ended)

    def answer(self, token: str, outcome: Outcome) -> None:
        """The task of a token has ended. Raises ServiceError InvalidToken or TaskTimedOut."""
        self._scheduler.call(lambda: self._complete(*self._tasks.find(token), outcome))

    def beat(self, token: str) -> None:
        """The worker of a token's task lives. Raises ServiceError InvalidToken or TaskTimedOut."""

        def take() -> None:
            live, request_id = self._tasks.find(token)
            self._take(live, Beat(live.moment(self._clock()), request_id))

        self._scheduler.call(take)

    def begin_again(self, live: LiveExecution, at: float, move: Callable[[], Sequence[TaskRequest]]) -> None:
        """Drive an execution that is redriven at a time; in the scheduler's thread."""
        redrives = live.redrives + 1
        self.insist(lambda: self.publish(status_change(live.started, None, redrives, at)))
        self.step(live, move)

    def _begin(self, live: LiveExecution) -> None:
        self.insist(lambda: self.publish(status_change(live.started, None)))
        self.step(live, live.begin)

    def _complete(self, live: LiveExecution, request_id: str, outcome: Outcome) -> None:
        if live.is_running and self._executions.live(live.started.arn) is live:
            self._take(live, Completed(live.moment(self._clock()), request_id, outcome))

    def _submit(self, live: LiveExecution, request_id: str, output: JsonValue) -> None:
        if live.is_open(request_id) and not live.is_submitted(request_id):
            self._take(live, Submitted(live.moment(self._clock()), request_id, output))

    def _schedule(self, live: LiveExecution, request_id: str, refusal: str | None) -> None:
        if live.is_open(request_id) and not live.is_scheduled(request_id):
            self._take(live, Scheduled(live.moment(self._clock()), request_id, refusal))

    def _begin_task(self, live: LiveExecution, request_id: str, worker: str | None) -> bool:
        if not live.is_open(request_id) or live.is_begun(request_id):
            return False
        self._take(live, Begun(live.moment(self._clock()), request_id, worker))
        return True

    def _stop(self, arn: str, error: str | None, cause: str | None) -> float:
        live = self._executions.live(arn)
        if live is not None and live.is_running:
            self._take(live, Stopped(live.moment(self._clock()), error, cause))
        return self._executions.summary(arn).stopped_at or self._clock()

    def _take(self, live: LiveExecution, entry: Entry) -> None:
        if not live.started.express:
            self._journal(live).add(entry)
        self.step(live, lambda: live.apply(entry))

    def _wake(self, live: LiveExecution) -> None:
        if live.is_running:
            self._take(live, Moment(live.moment(self._clock()), "woken"))

    def step(self, live: LiveExecution, move: Callable[[], Sequence[TaskRequest]]) -> None:
        """Let an execution move, and do what comes of it; in the scheduler's thread."""
        try:
            requests = move()
        except Exception:
            _LOG.exception('execution "%s" met a defect', live.started.name)
            self.abandon(live, _DEFECT)
            return
        if not live.is_running:
            self._archive(live, live.ended(), live.history())
            return
        self._set_timer(live)
        self._tasks.sweep(live)
        for request in requests:
            self._send(live, request)

    def _send(self, live: LiveExecution, request: TaskRequest) -> None:
        def soon(work: Callable[[], None]) -> None:
            self._scheduler.call_soon(lambda: self.insist(work))

        self._tasks.add(live, request)
        if live.is_submitted(request.id) and request.kind.pattern is Pattern.CALLBACK:
            return
        if request.kind.family is Family.ACTIVITY and live.is_begun(request.id):
            return
        reply = Reply(
            done=lambda outcome: soon(lambda: self._complete(live, request.id, outcome)),
            submitted=lambda output: soon(lambda: self._submit(live, request.id, output)),
            when_gone=lambda gone: self._tasks.guard(live, request.id, gone),
            scheduled=lambda refusal: soon(lambda: self._schedule(live, request.id, refusal)),
            begun=lambda worker: self._scheduler.call(lambda: self._begin_task(live, request.id, worker)),
        )
        self._dispatch(live.started, request, reply)

    def _set_timer(self, live: LiveExecution) -> None:
        arn, due = live.started.arn, live.next_timer
        timer = self._timers.get(arn)
        if timer is not None:
            if timer.due == due:
                return
            timer.cancel()
            del self._timers[arn]
        if due is not None:
            self._timers[arn] = self._scheduler.call_at(due, partial(self._fire, live))

    def _fire(self, live: LiveExecution) -> None:
        self._timers.pop(live.started.arn, None)
        self.insist(lambda: self._wake(live))

    def abandon(self, live: LiveExecution, cause: str) -> None:
        """End an execution that the interpreter cannot end; it cannot be redriven."""
        ended = Ended("ABORTED", live.moment(self._clock()), cause=cause)
        self._archive(live, ended, [*live.history(), aborted(ended, live.history_length)])

    def _archive(self, live: LiveExecution, ended: Ended, history: Sequence[dict[str, Any]]) -> None:
        timer = self._timers.pop(live.started.arn, None)
        if timer is not None:
            timer.cancel()
        self._tasks.forget(live)
        if live.started.express:
            self._end_express(live.started, ended, history)
            return

        def write() -> None:
            self._keep_map_runs(live)
            self.keep(live.started, ended, history)

        self.insist(write)

    def _end_express(self, started: Started, ended: Ended, history: Sequence[dict[str, Any]]) -> None:
        self._executions.dismiss(started.arn)
        # The journal last: what a crash keeps from the log runs again, or nobody would ever know of it.
        journal = self._executions.archive.journal(started.machine, started.key)
        self._log_express(started, history, journal.remove)
        self._tell(started, ended)

    def _tell(self, started: Started, ended: Ended) -> None:
        for told in self._watchers.pop(started.arn, ()):
            told(started, ended)

    def _keep_map_runs(self, live: LiveExecution) -> None:
        runs = live.map_runs()
        if not runs:
            return
        histories = (
            live.child_history(place, child)
            for place, run in enumerate(runs)
            for child in range(len(run.children))
        )
        self._executions.archive.keep_map_runs(live.started, runs, histories)

    def keep(self, started: Started, ended: Ended, history: Sequence[dict[str, Any]]) -> None:
        """Write an execution that has ended, and tell those who wait for it."""
        # The event first: after a crash in between, the replay ends the execution and sends it again.
        self.publish(status_change(started, ended, ended.redrives, ended.redriven_at))
        self._executions.close(self._executions.archive.keep(started, ended, history))
        self._executions.archive.put_away(started, ended)
        self._tell(started, ended)

    def insist(self, write: Callable[[], object]) -> None:
        """Try until the disk takes it: what is not written must not take effect, and must not be lost."""
        try:
            write()
        except OSError:
            _LOG.exception("the data folder cannot be written; trying again in %s s", _DISK_SECONDS)
            self._scheduler.call_at(self._clock() + _DISK_SECONDS, lambda: self.insist(write))

    def _journal(self, live: LiveExecution) -> Journal:
        return self._executions.archive.journal(live.started.machine, live.started.key)


def aborted(ended: Ended, length: int) -> dict[str, Any]:
    """The last event of an execution that the interpreter did not end itself."""
    return {
        "timestamp": ended.stopped_at,
        "type": "ExecutionAborted",
        "id": length + 1,
        "previousEventId": length,
        "executionAbortedEventDetails": {"cause": ended.cause},
    }
