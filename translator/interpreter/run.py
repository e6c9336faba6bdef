"""Let ready frames run until all of them wait."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from translator.interpreter.engine import RUNNING, Engine, Step
from translator.interpreter.failure import HistoryFull, PathFailure, StateFailure
from translator.interpreter.forking import attempt_map, attempt_parallel
from translator.interpreter.frame import Frame
from translator.interpreter.moving import visit_choice, visit_fail, visit_pass, visit_wait
from translator.interpreter.recover import RAISED, failure_of, recover
from translator.interpreter.states import (
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    State,
    SucceedState,
    TaskState,
    WaitState,
)
from translator.interpreter.tasking import attempt_task

ATTEMPTS: Final[Mapping[type[State], Step]] = MappingProxyType(
    {TaskState: attempt_task, ParallelState: attempt_parallel, MapState: attempt_map}
)
"""What a state that has been entered does at each attempt."""


def _visit_guarded(engine: Engine, frame: Frame) -> bool:
    engine.enter(frame, frame.state)
    return ATTEMPTS[type(frame.state)](engine, frame)


VISITS: Final[Mapping[type[State], Step]] = MappingProxyType(
    {
        PassState: visit_pass,
        SucceedState: visit_pass,
        FailState: visit_fail,
        ChoiceState: visit_choice,
        WaitState: visit_wait,
        TaskState: _visit_guarded,
        ParallelState: _visit_guarded,
        MapState: _visit_guarded,
    }
)
"""What a frame does that stands before a state."""


def settle(engine: Engine) -> None:
    """Run what is ready and every timer that is due, until all wait or the execution has ended."""
    loop = engine.loop
    while engine.status == RUNNING:
        while loop.ready and engine.status == RUNNING:
            if loop.gate is not None and loop.gate(*loop.ready[0]):
                return
            turn = loop.ready.popleft()
            try:
                _run(*turn)
            except HistoryFull:
                _end_full(turn[0])
        due = loop.timers.next_due()
        if engine.status != RUNNING or due is None or due > loop.now:
            return
        frame, action = loop.timers.pop()
        action(frame)


def _end_full(engine: Engine) -> None:
    cause = f"The execution reached the maximum number of history events ({engine.history.maximum})."
    event = ("ExecutionFailed", len(engine.history), "executionFailedEventDetails")
    engine.end("FAILED", "States.Runtime", cause, event)


def _run(engine: Engine, frame: Frame, step: Step | None) -> None:
    going = frame.open
    while going:
        try:
            going = (step or VISITS[type(frame.state)])(engine, frame)
        except RAISED as raised:
            failure = failure_of(engine, frame, raised, last_event(frame))
            going = _recover(engine, frame, failure, announced=not isinstance(raised, PathFailure))
        step = None
        if going and (engine.loop.ready or engine.loop.gate is not None):
            # Whoever is ready takes turns, as branches do.
            engine.wake(frame, None)
            return


def last_event(frame: Frame) -> int:
    """What an EvaluationFailed of the frame's state names as the event before."""
    # Recorded: while a state is being entered its own StateEntered does not count as the event before.
    return frame.before if frame.previous == frame.entered_id else frame.previous


def _recover(engine: Engine, frame: Frame, failure: StateFailure, *, announced: bool = True) -> bool:
    again = ATTEMPTS.get(type(frame.state), _visit_guarded)
    return recover(engine, frame, failure, again, announced=announced)
