"""A Parallel or a Map under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from translator.interpreter import details
from translator.interpreter.frame import close_all
from translator.interpreter.states import MapState, TaskState, WaitState
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.interpreter.engine import Engine, Step
    from translator.interpreter.failure import StateFailure
    from translator.interpreter.frame import Frame
    from translator.interpreter.payload import Payload

Start: TypeAlias = "Callable[[Engine, Fork, int], None]"

_SUCCEEDED = "mapIterationSucceededEventDetails"
_FAILED = "mapIterationFailedEventDetails"
_ABORTED = "mapIterationAbortedEventDetails"


class Fork:
    """The branches or iterations of one state: `owner` stands in the state and waits for them.

    At most `limit` run at once; `start` begins the next one after the event given to it, and `ended` is the
    owner's step once all have ended.
    """

    __slots__ = ("_ended", "_running", "_started", "_stopped", "ended", "limit", "owner", "results", "start")

    def __init__(self, owner: Frame, size: int, limit: int, start: Start, ended: Step) -> None:
        self.owner = owner
        self.limit = limit
        self.start = start
        self.ended = ended
        self.results: list[JsonValue] = [None] * size
        self._running: dict[int, Frame] = {}
        self._stopped: dict[int, Frame] = {}
        self._started = 0
        self._ended = 0

    def close(self) -> None:
        """Close what runs, because the execution has ended."""
        close_all(self.running())
        self._stop()

    def reopen(self) -> list[Frame]:
        """What was stopped, to run again."""
        self._running, self._stopped = self._stopped, {}
        return self.running()

    def _stop(self) -> None:
        self._stopped.update(self._running)
        self._running.clear()

    def running(self) -> list[Frame]:
        """The frames that have not ended, in the order of their start."""
        return list(self._running.values())

    def fill(self, engine: Engine, previous: int) -> None:
        """Start as many as may run, each after the event `previous`."""
        while self._started < len(self.results) and len(self._running) < self.limit:
            self._started += 1
            self.start(engine, self, previous)

    @property
    def next_index(self) -> int:
        """The index of the one that is being started."""
        return self._started - 1

    def add(self, engine: Engine, frame: Frame) -> None:
        """Let a new frame run."""
        self._running[frame.index] = frame
        engine.wake(frame, None)

    def child_ended(self, engine: Engine, frame: Frame, output: Payload) -> None:
        """A frame has reached its end."""
        del self._running[frame.index]
        self.results[frame.index] = output.value
        self._ended += 1
        last = frame.previous
        if isinstance(self.owner.state, MapState):
            last = self._write_iteration(engine, "MapIterationSucceeded", frame, _SUCCEEDED)
        if self._ended == len(self.results):
            self.owner.previous = last
            engine.wake(self.owner, self.ended)
            return
        self.fill(engine, frame.previous)

    def child_failed(self, engine: Engine, frame: Frame, failure: StateFailure) -> None:
        """A frame has failed, and with it the state; its siblings are aborted."""
        frame.close()
        self._stopped[frame.index] = self._running.pop(frame.index)
        if isinstance(self.owner.state, MapState):
            self._write_iteration(engine, "MapIterationFailed", frame, _FAILED)
        self.owner.previous = frame.previous
        self.abort(engine)
        self.owner.stop_fork()
        engine.wake(self.owner, _raiser(failure))

    def abort(self, engine: Engine) -> None:
        """Abort what runs, the innermost first."""
        for frame in self.running():
            inner = frame.stop_fork()
            if inner is not None:
                inner.abort(engine)
            waits = isinstance(frame.state, TaskState | WaitState) and frame.entered_id
            if waits or inner is not None:
                frame.previous = engine.write(f"{frame.state.kind}StateAborted", frame.previous)
            if isinstance(self.owner.state, MapState):
                self._write_iteration(engine, "MapIterationAborted", frame, _ABORTED)
            frame.close()
        self._stop()

    def _write_iteration(self, engine: Engine, kind: str, frame: Frame, key: str) -> int:
        name = self.owner.state.name
        return engine.write(kind, frame.previous, details.iteration, key, name, frame.index)


def _raiser(failure: StateFailure) -> Step:
    def fail(_engine: Engine, _frame: Frame) -> bool:
        raise failure

    return fail
