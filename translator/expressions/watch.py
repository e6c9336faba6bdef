"""Stops evaluations that the library cannot stop itself: in one built-in function it looks at no clock.

The library is pure Python, so an exception that another thread asks for arrives between two of its steps.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

_LOOK_SECONDS: Final = 0.05
_UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""Of ru_maxrss, in bytes."""
_T = TypeVar("_T")


class _Runaway(BaseException):
    """Raised inside of an evaluation that is to end; no `except Exception` takes it."""


class OverrunError(Exception):
    """An evaluation was stopped; the message says why."""


class _Turn:
    """One evaluation in one thread."""

    __slots__ = ("began", "delivered", "over", "peak", "reason", "thread")

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.began = time.monotonic()
        self.peak: int | None = None
        self.reason: str | None = None
        self.delivered = False
        self.over = False


class Watch:
    """Looks after evaluations in all threads, from one more thread that sleeps while there are none."""

    def __init__(self, seconds: float, more_bytes: int) -> None:
        self._seconds = seconds
        self._more_bytes = more_bytes
        self._turns: dict[_Turn, None] = {}
        self._lock = threading.Lock()
        self._busy = threading.Event()
        self._process = 0

    def run(self, work: Callable[[], _T]) -> _T:
        """What the work gives. Raises OverrunError where it took too long or too much memory."""
        turn = _Turn()
        try:
            return self._run(turn, work)
        except _Runaway as error:
            self._turns.pop(turn, None)
            raise OverrunError(turn.reason or "") from error

    def _run(self, turn: _Turn, work: Callable[[], _T]) -> _T:
        self._turns[turn] = None
        if not self._busy.is_set():
            self._wake()
        try:
            return work()
        except _Runaway:
            turn.delivered = True
            raise
        finally:
            self._end(turn)

    def _end(self, turn: _Turn) -> None:
        with self._lock:
            turn.over = True
            self._turns.pop(turn, None)
        while turn.reason is not None and not turn.delivered:
            # It was asked for and has not come: it must not come later, to whoever runs here then.
            time.sleep(0.001)

    def _wake(self) -> None:
        with self._lock:
            # A forked process has none of its parent's threads.
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._look_on, name="expressions", daemon=True).start()
            self._busy.set()

    def _look_on(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(_LOOK_SECONDS)
            turns = list(self._turns)
            for turn in turns:
                self._look_at(turn)
            if not turns:
                self._rest()

    def _rest(self) -> None:
        self._busy.clear()
        if self._turns:
            self._busy.set()

    def _look_at(self, turn: _Turn) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
        if turn.peak is None:
            turn.peak = peak
        if time.monotonic() - turn.began > self._seconds:
            self._stop(turn, "Expression evaluation timeout")
        elif peak - turn.peak > self._more_bytes:
            self._stop(turn, "Expression evaluation takes too much memory")

    def _stop(self, turn: _Turn, reason: str) -> None:
        with self._lock:
            if turn.over or turn.reason is not None:
                return
            turn.reason = reason
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(turn.thread), ctypes.py_object(_Runaway)
            )
