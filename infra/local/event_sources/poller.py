"""Takes the messages of one queue in batches to one function."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.event_sources.batch import Message, done_of, event_of
from infra.local.event_sources.mapping import SourceMapping
from infra.local.event_sources.queue import SourceQueue
from infra.local.functions.concurrency import ThrottledError
from infra.local.functions.invocation import MAXIMUM_PAYLOAD, Outcome
from infra.local.functions.pool import FunctionPool

_LOG: Final = logging.getLogger(__name__)
_AGAIN_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 20.0
_MOST_BYTES: Final = MAXIMUM_PAYLOAD - 64 * 1024
"""Of the messages of a batch, so that the event around them fits too."""


class Poller:
    """A thread for one mapping, with a bounded number of batches under way."""

    def __init__(
        self,
        mapping: SourceMapping,
        queue: SourceQueue,
        pool: FunctionPool,
        submit: Callable[[Callable[[], None]], None],
    ) -> None:
        self._mapping = mapping
        self._queue = queue
        self._pool = pool
        self._submit = submit
        self._free = min(mapping.most_batches or pool.limit, pool.limit)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"source-{mapping.queue_name}", daemon=True)

    def start(self) -> None:
        """Begin to take messages."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more; batches under way are settled."""
        self._stopping.set()
        self._queue.arrivals.tell()

    def join(self) -> None:
        """Return when the thread has ended, after `stop`."""
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            seen = self._queue.arrivals.count
            try:
                seconds = self._turn()
            except (ClientError, BotoCoreError, RuntimeError):
                if self._stopping.is_set():
                    return
                _LOG.exception('queue "%s" cannot be read; trying again', self._mapping.queue_name)
                seconds = _AGAIN_SECONDS
            if seconds > 0 and not self._stopping.is_set():
                self._queue.arrivals.wait(seen, seconds)

    def _turn(self) -> float:
        """Take a batch if there is one; returns for how long nothing is to be expected."""
        if self._free <= 0:
            return _LONGEST_SECONDS
        seconds = self._queue.seconds_to_next()
        if seconds > 0:
            return min(seconds, _LONGEST_SECONDS)
        messages = self._gather()
        if messages:
            self._invoke(messages)
        return 0.0

    def _gather(self) -> list[Message]:
        """One batch: full, or as old as its window, or all that there is without one."""
        found = self._queue.receive(self._mapping.batch_size)
        deadline = time.monotonic() + self._mapping.window_seconds
        while found and len(found) < self._mapping.batch_size and _size(found) < _MOST_BYTES:
            seen = self._queue.arrivals.count
            remaining = deadline - time.monotonic()
            seconds = self._queue.seconds_to_next()
            if self._stopping.is_set() or (seconds > 0 and remaining <= 0):
                break
            if seconds > 0:
                self._queue.arrivals.wait(seen, min(seconds, remaining))
            else:
                found += self._queue.receive(self._mapping.batch_size - len(found))
        return found

    def _invoke(self, messages: list[Message]) -> None:
        future = self._accepted(event_of(messages, self._mapping.queue))
        if future is None:
            return
        with self._lock:
            self._free -= 1
        future.add_done_callback(lambda done: self._settle(messages, done))

    def _accepted(self, event: bytes) -> Future[Outcome] | None:
        """The invocation, as soon as the function is not throttled; None where polling ends before."""
        while not self._stopping.is_set():
            seen = self._queue.arrivals.count
            try:
                return self._pool.submit(event)
            except ThrottledError:
                self._queue.arrivals.wait(seen, _AGAIN_SECONDS)
        return None

    def _settle(self, messages: list[Message], done: Future[Outcome]) -> None:
        if done.cancelled():
            return
        try:
            self._submit(lambda: self._let_go(messages, done.result()))
        except RuntimeError:
            # The local cloud is stopping: the messages come again at the next start.
            return

    def _let_go(self, messages: list[Message], outcome: Outcome) -> None:
        try:
            self._queue.delete(done_of(messages, outcome, reports_failures=self._mapping.reports_failures))
        except (ClientError, BotoCoreError):
            _LOG.exception('messages of "%s" cannot be deleted; they come again', self._mapping.queue_name)
        finally:
            with self._lock:
                self._free += 1
            self._queue.arrivals.tell()


def _size(messages: list[Message]) -> int:
    return sum(len(message["Body"].encode()) for message in messages)
