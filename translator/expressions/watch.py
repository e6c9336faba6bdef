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
from typing import Final, TypeVar, TypeVarTuple

_LOOK_SECONDS: Final = 0.05
_ASK_AGAIN_SECONDS: Final = 1.0
_AWAIT_SECONDS: Final = 0.2
_UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""Of ru_maxrss, in bytes."""
_WALL: Final = 10.0
"""How many times its seconds of a processor an evaluation may be under way, on a machine that is busy."""
_T = TypeVar("_T")
_Arguments = TypeVarTuple("_Arguments")


class _Runaway(BaseException):
    """Raised inside of an evaluation that is to end; no `except Exception` takes it."""


class OverrunError(Exception):
    """An evaluation was stopped; the message says why."""


class _Turn:
    """One evaluation in one thread."""

    peak: int | None = None
    reason: str | None = None
    asked = 0.0
    """When the exception was asked for; one that comes to a destructor is lost."""
    delivered = False
    dropped = False
    over = False
    worked: float | None = None
    """What its thread's clock showed when the watch first looked."""

    def __init__(self, clock: int | None) -> None:
        self.thread = threading.get_ident()
        self.clock = clock
        self.began = time.monotonic()


class Watch:
    """Looks after evaluations in all threads, from one more thread that sleeps while there are none."""

    def __init__(self, seconds: float, more_bytes: int) -> None:
        self._seconds = seconds
        self._more_bytes = more_bytes
        self._turns: dict[_Turn, None] = {}
        self._begin()
        if hasattr(os, "register_at_fork"):
            # A forked process has none of its parent's threads.
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._here = threading.local()
        self._lock = threading.Lock()
        self._busy = threading.Event()
        self._awake = False
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[*_Arguments], _T], *arguments: *_Arguments) -> _T:
        """What the work gives. Raises OverrunError where it took too long or too much memory."""
        turn = _Turn(self._clock())
        before, self._here.turn = getattr(self._here, "turn", None), turn
        self._turns[turn] = None
        if not self._awake:
            self._wake()
        try:
            try:
                return work(*arguments)
            except _Runaway:
                turn.delivered = True
                raise
            finally:
                # First over, then the reason: the watch looks the other way round, so that no lock is needed.
                turn.over = True
                self._here.turn = before
                self._turns.pop(turn, None)
                if turn.reason is not None:
                    _await(turn)
        except _Runaway as error:
            self._turns.pop(turn, None)
            raise OverrunError(turn.reason or "") from error

    def look(self) -> str | None:
        """Why the work of this thread must end, None if it need not: to be asked before much is made."""
        turn: _Turn | None = getattr(self._here, "turn", None)
        return None if turn is None else self._overrun(turn)

    def _clock(self) -> int | None:
        """The clock of this thread's own work: any thread may read it, also when this one is gone."""
        try:
            clock: int | None = self._here.clock
        except AttributeError:
            # macOS has no such clock.
            of_thread = getattr(time, "pthread_getcpuclockid", None)
            clock = self._here.clock = of_thread(threading.get_ident()) if of_thread else None
        return clock

    def _wake(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, name="expressions", daemon=True)
                self._thread.start()
            self._awake = True
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
        self._awake = False
        self._busy.clear()
        if self._turns:
            self._awake = True
            self._busy.set()

    def _look_at(self, turn: _Turn) -> None:
        reason = self._overrun(turn)
        if reason is not None:
            _stop(turn, reason)

    def _overrun(self, turn: _Turn) -> str | None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
        if turn.peak is None:
            turn.peak = peak
        if _took(turn) > self._seconds:
            return "Expression evaluation timeout"
        if peak - turn.peak > self._more_bytes:
            return "Expression evaluation takes too much memory"
        return None


def _took(turn: _Turn) -> float:
    """Seconds: of a processor where threads have a clock, so that a busy machine stops nothing."""
    passed = time.monotonic() - turn.began
    if turn.clock is None:
        return passed
    try:
        worked = time.clock_gettime(turn.clock)
    except OSError:  # the thread has ended
        return 0.0
    if turn.worked is None:
        turn.worked = worked - min(passed, _LOOK_SECONDS)
    return max(worked - turn.worked, passed / _WALL)


def _await(turn: _Turn) -> None:
    """Let the exception that was asked for come here: it must not come later, to whoever runs here then."""
    limit = time.monotonic() + _AWAIT_SECONDS
    while not (turn.delivered or turn.dropped) and time.monotonic() < limit:
        time.sleep(0.001)


def _stop(turn: _Turn, reason: str) -> None:
    if time.monotonic() - turn.asked < _ASK_AGAIN_SECONDS:
        return
    turn.asked = time.monotonic()
    turn.reason = turn.reason or reason
    if turn.over:
        turn.dropped = True
        return
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(turn.thread), ctypes.py_object(_Runaway))
