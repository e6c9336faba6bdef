"""The warm workers of one function: reused, bounded in number, replaced when they end."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from infra.local.functions.concurrency import Concurrency
from infra.local.functions.edition import Editions
from infra.local.functions.invocation import Invocation, Outcome, exited
from infra.local.functions.logs import LogGroup
from infra.local.functions.worker import Program, Worker, WorkerGoneError


class FunctionPool:
    """Runs the invocations of one function, at most `limit` at a time, the rest in order of arrival."""

    def __init__(
        self,
        program: Program,
        logs: LogGroup,
        limit: int,
        new_id: Callable[[], str],
        concurrency: Concurrency,
    ) -> None:
        self.program = program
        self.logs = logs
        self.limit = limit
        self._new_id = new_id
        self._concurrency = concurrency
        self._editions = Editions(program.asset, time.monotonic)
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._closed = False
        self._threads = ThreadPoolExecutor(limit, thread_name_prefix=f"lambda-{program.name}")

    def submit(self, payload: bytes, client_context: str | None = None) -> Future[Outcome]:
        """Queue an invocation. Raises ThrottledError, and RuntimeError once the pool is closed."""
        invocation = Invocation(self._new_id(), payload, client_context)
        self._concurrency.take(self.program.name)
        try:
            future = self._threads.submit(self._run, invocation)
        except RuntimeError:
            self._concurrency.give_back(self.program.name)
            raise
        future.add_done_callback(lambda _done: self._concurrency.give_back(self.program.name))
        return future

    def close(self) -> None:
        """End all workers; invocations under way end as those of a process that was killed."""
        with self._lock:
            self._closed = True
            workers, idle = set(self._workers), set(self._idle)
            self._idle.clear()
        for worker in workers:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in idle:
            worker.close()

    def _run(self, invocation: Invocation) -> Outcome:
        while True:
            worker = self._take()
            if worker is None:
                return exited(invocation, -9)
            try:
                return worker.invoke(invocation)
            except WorkerGoneError:
                continue
            finally:
                self._give_back(worker)

    def warm(self) -> None:
        """Start a worker before it is needed."""
        with self._lock:
            if not self._closed and not self._workers:
                self._idle.append(self._new_worker(self._editions.current()))

    def reap(self, used_before: float, last_used_before: float) -> None:
        """End the workers that have been idle since a time of the monotonic clock, the last one later."""
        with self._lock:
            last = self._idle[-1:]
            gone = [worker for worker in self._idle[:-1] if worker.used_at < used_before]
            gone += [worker for worker in last if worker.used_at < last_used_before]
            self._idle = [worker for worker in self._idle if worker not in gone]
            self._workers.difference_update(gone)
        for worker in gone:
            worker.close()

    def _take(self) -> Worker | None:
        outdated: list[Worker] = []
        edition = self._editions.current()
        try:
            with self._lock:
                if self._closed:
                    return None
                while self._idle:
                    worker = self._idle.pop()
                    if worker.edition == edition:
                        return worker
                    outdated.append(worker)
                    self._workers.discard(worker)
                return self._new_worker(edition)
        finally:
            for worker in outdated:
                worker.close()

    def _new_worker(self, edition: object) -> Worker:
        worker = Worker(self.program, self.logs.new_stream(self._new_id()), edition)
        self._workers.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if worker.usable and not self._closed:
                self._idle.append(worker)
                return
            self._workers.discard(worker)
        worker.close()
