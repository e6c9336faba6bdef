"""Go on with an execution that has ended badly, from where it stood (guide: Redriving executions)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from translator.interpreter import details
from translator.interpreter.context import timestamp_text
from translator.interpreter.engine import RUNNING, Engine
from translator.interpreter.fork import Fork
from translator.interpreter.frame import Frame
from translator.interpreter.map_run import MapRun
from translator.interpreter.run import ATTEMPTS
from translator.interpreter.states import GuardedState

_REDRIVABLE: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})


def refusal(engine: Engine) -> str | None:
    """Why the execution cannot be redriven, in the service's words, or None where it can."""
    if engine.status not in _REDRIVABLE:
        return f"Execution is {engine.status} and cannot be redriven"
    if len(engine.history) >= engine.history.maximum - 1:
        return "Execution history event limit exceeded and cannot be redriven"
    return None


def redrive(engine: Engine) -> None:
    """Let the execution run again; states that had ended well keep their results, attempts count anew."""
    execution = engine.shared_context["Execution"]
    assert isinstance(execution, Mapping)
    count = int(str(execution["RedriveCount"])) + 1
    context = {**execution, "RedriveCount": count, "RedriveTime": timestamp_text(engine.now)}
    engine.shared_context = {**engine.shared_context, "Execution": context}
    engine.status, engine.error, engine.cause = RUNNING, None, None
    event = engine.write("ExecutionRedriven", len(engine.history), details.redriven, count)
    _resume(engine, engine.root, event)


def _resume(engine: Engine, frame: Frame, previous: int) -> None:
    stopped = frame.reopen()
    if isinstance(stopped, Fork):
        frame.fork = stopped
        for part in stopped.reopen():
            _resume(engine, part, previous)
        engine.wake(frame, partial(_fill, stopped, previous))
        return
    frame.previous = previous
    if isinstance(stopped, MapRun) and stopped.batches:
        frame.fork = stopped
        engine.wake(frame, partial(_redrive_run, stopped))
        return
    # A state that Retry and Catch exist for is not entered again, only tried again.
    again = isinstance(frame.state, GuardedState) and frame.entered_id
    engine.wake(frame, ATTEMPTS[type(frame.state)] if again else None)


def _fill(fork: Fork, previous: int, engine: Engine, _frame: Frame) -> bool:
    fork.fill(engine, previous)
    return False


def _redrive_child(engine: Engine) -> bool:
    if refusal(engine) is not None:
        return False
    redrive(engine)
    return True


def _redrive_run(run: MapRun, engine: Engine, frame: Frame) -> bool:
    frame.previous = engine.write(
        "MapRunRedriven", frame.previous, details.map_run_redriven, run.arn, run.redrives + 1
    )
    run.redrive(_redrive_child)
    return False
