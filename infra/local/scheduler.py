"""One thread that runs callbacks in order, at once or when their time has come."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Final, TypeVar

Clock = Callable[[], float]
"""Seconds since the epoch."""
_LONGEST_SLEEP: Final = 60.0
_MANY_TIMERS: Final = 256
_STOP_SECONDS: Final = 0.2
_LOG: Final = logging.getLogger(__name__)
_T = TypeVar("_T")


class StoppedError(RuntimeError):
    """The local cloud is stopping."""


@dataclass(order=True, slots=True)
class Timer:
    """A callback that waits for its time; `cancel` makes it void."""

    due: float
    order: int
    callback: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        """The callback will not run, unless it is running already."""
        self.callback = None


class Scheduler:
    """Everything given to it runs in its one thread, so what only it touches needs no lock.

    Callbacks due at the same time run in the order in which they were given.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        self._soon: deque[Callable[[], None]] = deque()
        self._timers: list[Timer] = []
        self._look_at = _MANY_TIMERS
        self._orders = itertools.count()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to run callbacks, also those given before."""
        self._thread.start()

    def stop(self) -> None:
        """Run nothing more; returns when the callback under way has ended."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join()

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Run a callback after those given before."""
        with self._condition:
            self._soon.append(callback)
            self._condition.notify()

    def call_at(self, due: float, callback: Callable[[], None]) -> Timer:
        """Run a callback at a time (seconds since the epoch), or soon if that has passed."""
        timer = Timer(due, next(self._orders), callback)
        with self._condition:
            if len(self._timers) >= self._look_at:
                self._forget_cancelled()
            heapq.heappush(self._timers, timer)
            self._condition.notify()
        return timer

    def _forget_cancelled(self) -> None:
        """A run that ends early leaves timers behind whose time may be a year away."""
        self._timers = [timer for timer in self._timers if timer.callback is not None]
        heapq.heapify(self._timers)
        self._look_at = max(_MANY_TIMERS, 2 * len(self._timers))

    def call(self, function: Callable[[], _T]) -> _T:
        """Run a function in the scheduler's thread and wait for what it returns or raises.

        Raises StoppedError if the scheduler stops before it has run.
        """
        future: Future[_T] = Future()

        def run() -> None:
            try:
                future.set_result(function())
            except BaseException as error:
                future.set_exception(error)

        self.call_soon(run)
        while not future.done():
            wait([future], timeout=_STOP_SECONDS)
            if self._stopping and not future.done():
                raise StoppedError
        return future.result()

    def _run(self) -> None:
        while (callback := self._next()) is not None:
            try:
                callback()
            except Exception:
                _LOG.exception("a callback of the scheduler failed: please report this")

    def _next(self) -> Callable[[], None] | None:
        with self._condition:
            while not self._stopping:
                now = self._clock()
                if self._timers and self._timers[0].due <= now:
                    callback = heapq.heappop(self._timers).callback
                    if callback is not None:
                        return callback
                elif self._soon:
                    return self._soon.popleft()
                else:
                    wait = self._timers[0].due - now if self._timers else _LONGEST_SLEEP
                    self._condition.wait(min(wait, _LONGEST_SLEEP))
        return None
