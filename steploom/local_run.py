"""Runs a compiled machine here and now: the interpreter on the real clock, nodes in threads."""

from __future__ import annotations

import queue
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from layers.runtime.objects import MemoryObjects
from translator.diagnostics import InternalError
from translator.interpreter import Execution, TaskFailed, TaskRequest, TaskSucceeded
from translator.json_value import JsonValue
from translator.testing.mocks import outcome_of, payload_of
from translator.testing.object_calls import ObjectStore, object_call
from translator.testing.starts import Machines, Start, no_machines, other_execution, start_of

Work = Callable[[Mapping[str, Any]], Mapping[str, JsonValue]]
_NO_MACHINE: Final = "StepFunctions.StateMachineDoesNotExistException"
Outcome = TaskSucceeded | TaskFailed | InternalError


@dataclass(slots=True)
class LocalRun:
    """One execution that is driven to its end on the real clock.

    `clock` gives epoch seconds; `on_change` is called after every step with the execution.
    """

    execution: Execution
    work: Work
    clock: Callable[[], float]
    on_change: Callable[[Execution], None]
    machines: Machines = no_machines
    """The project's other workflows, whose runs a node may start."""
    objects: ObjectStore = field(default_factory=MemoryObjects)
    """Where functions keep large values, and distributed Maps their items and results."""
    _done: queue.SimpleQueue[tuple[str, Outcome]] = field(default_factory=queue.SimpleQueue)

    def finish(self) -> None:
        """Returns when the execution has ended; on Ctrl-C stops it and raises the interrupt again."""
        try:
            self._submit(self.execution.start())
            while self.execution.status == "RUNNING":
                self._submit(self._next())
        except KeyboardInterrupt:
            self.execution.stop("Interrupted", "stopped by Ctrl-C", self.clock())
            self.on_change(self.execution)
            raise

    def _next(self) -> Iterable[TaskRequest]:
        timer = self.execution.next_timer()
        wait = None if timer is None else max(timer - self.clock(), 0.0)
        try:
            identifier, outcome = self._done.get(timeout=wait)
        except queue.Empty:
            return self.execution.advance(self.clock())
        if isinstance(outcome, InternalError):
            raise outcome
        return self.execution.complete(identifier, outcome, self.clock())

    def _submit(self, requests: Iterable[TaskRequest]) -> None:
        for request in requests:
            # A daemon: a call that hangs must not keep the process once the run has ended.
            threading.Thread(target=self._work, args=(request,), daemon=True).start()
        self.on_change(self.execution)

    def _work(self, request: TaskRequest) -> None:
        self._done.put((request.id, self._outcome(request)))

    def _outcome(self, request: TaskRequest) -> Outcome:
        try:
            if request.kind.kind == "s3":
                return object_call(request, self.objects)
            start = start_of(request)
            return outcome_of(self.work, payload_of(request)) if start is None else self._start(start)
        except Exception as error:
            # A thread that died in silence would leave the run waiting for ever.
            bug = InternalError(f'state "{request.state_name}" broke with {type(error).__name__}: {error}')
            bug.__cause__ = error
            return bug

    def _start(self, start: Start) -> Outcome:
        machine = self.machines(start.workflow)
        if machine is None:
            return TaskFailed(_NO_MACHINE, f'no definition in the folder has the id "{start.workflow}"')
        execution = other_execution(start, machine, self.clock(), seed=zlib.crc32(start.name.encode()))
        run = LocalRun(execution, self.work, self.clock, lambda _: None, self.machines, self.objects)
        if start.waits:
            run.finish()
            return start.ended(execution)
        # No daemon: what is not waited for is still to end.
        threading.Thread(target=run.finish).start()
        return start.begun()
