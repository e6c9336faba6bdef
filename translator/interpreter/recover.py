"""What happens when a state fails: Retry, Catch, or the failure of what encloses it."""

from __future__ import annotations

from functools import partial

from translator.interpreter import details
from translator.interpreter.conclude import conclude
from translator.interpreter.engine import Engine, Step
from translator.interpreter.failure import (
    MAXIMUM_CAUSE_LENGTH,
    MAXIMUM_ERROR_LENGTH,
    PathFailure,
    QueryFailure,
    StateFailure,
)
from translator.interpreter.frame import Frame
from translator.interpreter.payload import Payload
from translator.interpreter.recovery import find_catcher, retry_delay
from translator.interpreter.states import Catcher, GuardedState, MapState, ParallelState
from translator.json_value import JsonValue

QUERY_ERROR = "States.QueryEvaluationError"
RAISED = (QueryFailure, PathFailure, StateFailure)
"""What evaluating a state's fields may raise."""


def query_error(engine: Engine, frame: Frame, failure: QueryFailure, previous: int) -> StateFailure:
    """Write the EvaluationFailed event and make the state's failure of it."""
    state = frame.state
    cause = _while_executing(frame, failure.message)
    frame.previous = engine.write(
        "EvaluationFailed", previous, details.evaluation_failed, cause, failure.location, state.name
    )
    return StateFailure(QUERY_ERROR, cause)


def path_error(frame: Frame, failure: PathFailure) -> StateFailure:
    """The state's failure where a path of JSONPath mode leads nowhere."""
    return StateFailure("States.Runtime", _while_executing(frame, failure.message))


def failure_of(
    engine: Engine, frame: Frame, raised: QueryFailure | PathFailure | StateFailure, previous: int
) -> StateFailure:
    """The state's failure that an evaluation has raised, with its event where there is one."""
    if isinstance(raised, QueryFailure):
        return query_error(engine, frame, raised, previous)
    return path_error(frame, raised) if isinstance(raised, PathFailure) else raised


def error_output(failure: StateFailure) -> dict[str, JsonValue]:
    """What a Catch is given of a failure."""
    return {"Error": failure.error or "", "Cause": failure.cause or ""}


def _while_executing(frame: Frame, message: str) -> str:
    return (
        f"An error occurred while executing the state '{frame.state.name}' (entered at the event id "
        f"#{frame.entered_id}). {message}"
    )


def recover(
    engine: Engine, frame: Frame, failure: StateFailure, again: Step, *, announced: bool = True
) -> bool:
    """Retry, catch, or pass the failure on; true where the frame can go on at once.

    Recorded: a Map whose fields lead nowhere is not `announced` to have failed.
    """
    state = frame.state
    if isinstance(state, GuardedState):
        delay = retry_delay(frame, state, failure, engine.loop.generator)
        if delay is not None:
            _retry_later(engine, frame, delay, again)
            return False
        if announced and isinstance(state, ParallelState | MapState):
            frame.previous = engine.write(f"{state.kind}StateFailed", frame.previous)
        catcher = find_catcher(state, failure)
        if catcher is not None:
            return _catch(engine, frame, state, catcher, failure)
    fail_frame(engine, frame, failure)
    return False


def _retry_later(engine: Engine, frame: Frame, delay: float, again: Step) -> None:
    frame.turn += 1
    frame.retry_count += 1
    frame.stopped = None
    frame.token = None
    engine.wake_at(engine.now + delay, frame, again)


def _catch(
    engine: Engine, frame: Frame, state: GuardedState, catcher: Catcher, failure: StateFailure
) -> bool:
    error = error_output(failure)
    scope = engine.scope(frame, state, errorOutput=error) if catcher.output or catcher.assign else None
    try:
        return conclude(engine, frame, catcher, Payload(error), scope)
    except RAISED as raised:
        fail_frame(engine, frame, failure_of(engine, frame, raised, frame.previous))
    return False


def _fail_parent(failure: StateFailure, engine: Engine, frame: Frame) -> bool:
    assert frame.parent is not None
    frame.parent.child_failed(engine, frame, failure)
    return False


def fail_frame(engine: Engine, frame: Frame, failure: StateFailure) -> None:
    """Nothing in the frame takes the failure: its execution, Parallel or Map fails with it."""
    if frame.parent is not None:
        # Later, so that branches that start together all start before the first failure aborts them.
        frame.turn += 1
        engine.wake(frame, partial(_fail_parent, failure))
        return
    error = failure.error and failure.error[:MAXIMUM_ERROR_LENGTH]
    cause = failure.cause and failure.cause[:MAXIMUM_CAUSE_LENGTH]
    engine.end("FAILED", error, cause, ("ExecutionFailed", frame.previous, "executionFailedEventDetails"))
