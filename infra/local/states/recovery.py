"""Executions brought back from their journals: after a restart, and to be redriven."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from infra.local.scheduler import Clock, Scheduler
from infra.local.states.definitions import Definitions
from infra.local.states.engine import Engine, aborted
from infra.local.states.executions import Executions
from infra.local.states.journal import Entry, Journal, Moment, UnreadableJournalError, is_redrive
from infra.local.states.live import LiveExecution
from infra.local.states.record import RUNNING, Ended, Started
from infra.local.states.service_error import ServiceError
from infra.local.states.status_change import REDRIVABLE_SECONDS, status_change
from translator.interpreter import TaskRequest

_LOG: Final = logging.getLogger(__name__)
_INTERRUPTED: Final = "interrupted by a restart of the local cloud"


class Recovery:
    """Replays journals: the interpreter is deterministic, so the same lines give the same execution again."""

    def __init__(
        self,
        engine: Engine,
        scheduler: Scheduler,
        clock: Clock,
        definitions: Definitions,
        executions: Executions,
    ) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._clock = clock
        self._definitions = definitions
        self._executions = executions
        self._tokens: dict[str, str] = {}

    def recover(self) -> None:
        """Replay the executions that an earlier process left running; they go on once the scheduler runs."""
        for journal in self._executions.archive.journals():
            self._recover(journal)

    def redrive(self, arn: str, token: str) -> float:
        """Let an execution that has ended badly go on; returns when. Raises ServiceError.

        The same client token again is the same redrive, while that runs.
        """
        return self._scheduler.call(lambda: self._redrive(arn, token))

    def _redrive(self, arn: str, token: str) -> float:
        summary = self._executions.summary(arn)
        if summary.status == RUNNING and token and self._tokens.get(arn) == token:
            return summary.redriven_at or self._clock()
        started, ended = self._executions.data(arn)
        journal = self._executions.archive.ended_journal(started.machine, started.name)
        live = self._redrivable(started, ended, journal)
        entry = Moment(live.moment(self._clock()), "redriven")
        # Written first and taken back into use second: a crash in between redrives it at the next start.
        journal.add(entry)
        self._executions.archive.reopen(started)
        self._executions.reopen(live, entry.at)
        self._tokens[arn] = token
        self._engine.begin_again(live, entry.at, lambda: live.apply(entry))
        return entry.at

    def _redrivable(self, started: Started, ended: Ended | None, journal: Journal) -> LiveExecution:
        """The execution as it was when it ended. Raises ServiceError ExecutionNotRedrivable."""
        if ended is None:
            raise _not_redrivable(f"Execution is {RUNNING} and cannot be redriven")
        if self._clock() - ended.stopped_at > REDRIVABLE_SECONDS:
            raise _not_redrivable("Execution is past the redrivable period of 14 days")
        if ended.status == "SUCCEEDED" or not journal.exists():
            raise _not_redrivable(f"Execution is {ended.status} and cannot be redriven")
        live = LiveExecution(started, self._definitions.machine(started.digest))
        try:
            live.begin()
            for entry in journal.entries():
                live.apply(entry)
            live.catch_up(ended.stopped_at)
        except Exception as error:
            _LOG.exception('execution "%s" cannot be replayed', started.name)
            raise _not_redrivable("Execution cannot be replayed by the local cloud") from error
        reason = live.redrive_refusal()
        if reason is not None:
            raise _not_redrivable(reason)
        return live

    def _recover(self, journal: Journal) -> None:
        try:
            started = journal.started()
        except UnreadableJournalError:
            _LOG.exception("an execution cannot be recovered; its journal is kept as %s", journal.set_aside())
            return
        if started is None:
            journal.remove()
            return
        try:
            entries = journal.entries()
            live = LiveExecution(started, self._definitions.machine(started.digest))
        except Exception:
            _LOG.exception('execution "%s" cannot be replayed', started.name)
            self._interrupt(started)
            return
        if started.express:
            self._start_again(started)
            return
        redriven = [entry.at for entry in entries if is_redrive(entry)]
        self._executions.reopen(live, redriven[-1] if redriven else None, len(redriven))
        self._replay(live, entries)

    def _start_again(self, started: Started) -> None:
        live = LiveExecution(
            replace(started, started_at=round(self._clock(), 3)), self._definitions.machine(started.digest)
        )
        self._executions.admit(live)
        self._scheduler.call_soon(lambda: self._engine.step(live, live.begin))

    def _interrupt(self, started: Started) -> None:
        ended = Ended("ABORTED", max(self._clock(), started.started_at), cause=_INTERRUPTED)
        self._engine.keep(started, ended, [aborted(ended, 0)])

    def _replay(self, live: LiveExecution, entries: list[Entry]) -> None:
        try:
            live.begin()
            for entry in entries:
                live.apply(entry)
        except Exception:
            _LOG.exception('execution "%s" cannot be replayed', live.started.name)
            self._engine.abandon(live, _INTERRUPTED)
            return
        if not entries:
            self._engine.publish(status_change(live.started, None))
        self._scheduler.call_soon(lambda: self._engine.insist(lambda: self._resume(live)))

    def _resume(self, live: LiveExecution) -> None:
        """Send again what was under way, and let happen what came due meanwhile."""
        if not live.is_running:
            self._engine.step(live, tuple)
            return
        entry = Moment(live.moment(self._clock()), "resumed")
        self._executions.archive.journal(live.started.machine, live.started.key).add(entry)

        def move() -> tuple[TaskRequest, ...]:
            open_before = {request.id for request in live.open_requests}
            new = live.apply(entry)
            again = (
                replace(request, repeated=True) for request in live.open_requests if request.id in open_before
            )
            return (*again, *new)

        self._engine.step(live, move)


def _not_redrivable(reason: str) -> ServiceError:
    return ServiceError("ExecutionNotRedrivable", reason)
