"""All executions, running and ended, by ARN."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from infra.local.states.archive import Archive
from infra.local.states.live import LiveExecution
from infra.local.states.map_run_record import MapRunRecord
from infra.local.states.record import RUNNING, Ended, Started, Summary
from infra.local.states.service_error import ServiceError, no_such_execution


class Executions:
    """Summaries in memory, the data of ended executions on disk; safe to read from any thread."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._lock = threading.Lock()
        self._summaries: dict[str, Summary] = {summary.arn: summary for summary in archive.summaries()}
        self._live: dict[str, LiveExecution] = {}

    def reserve(self, live: LiveExecution, begin: Callable[[], None]) -> Summary:
        """Take a new execution's name and begin it; the same request again gives the one that is there.

        Raises ServiceError ExecutionAlreadyExists if the name belongs to another execution.
        """
        wanted = Summary.of(live.started)
        with self._lock:
            found = self._summaries.get(wanted.arn)
            if found is None:
                begin()
                self._summaries[wanted.arn] = wanted
                self._live[wanted.arn] = live
                return wanted
        if found.status == RUNNING and found.input_digest == wanted.input_digest:
            return found
        raise ServiceError("ExecutionAlreadyExists", f"Execution Already Exists: '{wanted.arn}'")

    def admit(self, live: LiveExecution) -> None:
        """Take an Express execution among those that run; it is in no list."""
        with self._lock:
            self._live[live.started.arn] = live

    def dismiss(self, arn: str) -> None:
        """Forget an Express execution that has ended."""
        with self._lock:
            self._live.pop(arn, None)

    def reopen(self, live: LiveExecution, redriven_at: float | None, redrives: int | None = None) -> None:
        """Take an execution back among those that run, after a restart or to redrive it."""
        count = live.redrives + 1 if redrives is None else redrives
        summary = replace(Summary.of(live.started), redrives=count, redriven_at=redriven_at)
        with self._lock:
            self._summaries[summary.arn] = summary
            self._live[summary.arn] = live

    def close(self, summary: Summary) -> None:
        """Replace a running execution by its archived end."""
        with self._lock:
            self._summaries[summary.arn] = summary
            self._live.pop(summary.arn, None)

    def live(self, arn: str) -> LiveExecution | None:
        """The execution if it is running."""
        with self._lock:
            return self._live.get(arn)

    def knows(self, arn: str) -> bool:
        """Whether there is or was an execution of that ARN."""
        return arn in self._summaries

    def summary(self, arn: str) -> Summary:
        """The summary of an execution. Raises ServiceError ExecutionDoesNotExist."""
        summary = self._summaries.get(arn)
        if summary is None:
            raise no_such_execution(arn)
        return summary

    def data(self, arn: str) -> tuple[Started, Ended | None]:
        """How an execution started, and how it ended if it has. Raises ServiceError ExecutionDoesNotExist."""
        live = self.live(arn)
        if live is not None:
            return live.started, None
        return self.archive.data(self.summary(arn))

    def history(self, arn: str) -> list[dict[str, Any]]:
        """The events so far. Raises ServiceError ExecutionDoesNotExist."""
        live = self.live(arn)
        return live.history() if live is not None else self.archive.history(self.summary(arn))

    def map_runs(self, arn: str) -> list[MapRunRecord]:
        """The Map Runs of an execution. Raises ServiceError ExecutionDoesNotExist."""
        live = self.live(arn)
        return live.map_runs() if live is not None else self.archive.map_runs(self.summary(arn))

    def child_history(self, arn: str, run_arn: str, child: int) -> list[dict[str, Any]]:
        """The events so far of a child of an execution's Map Run, by its place."""
        live = self.live(arn)
        runs = self.map_runs(arn)
        place = next(place for place, run in enumerate(runs) if run.arn == run_arn)
        if live is not None:
            return live.child_history(place, child)
        before = sum(len(run.children) for run in runs[:place])
        return self.archive.child_history(self.summary(arn), before + child)

    def of_machine(self, machine: str) -> list[Summary]:
        """A machine's executions, the newest first."""
        with self._lock:
            found = [summary for summary in self._summaries.values() if summary.machine == machine]
        return sorted(found, key=lambda summary: summary.started_at, reverse=True)
