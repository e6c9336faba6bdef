"""Which Retry or Catch of the tested state would take its failure, and what would come of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from translator.interpreter.conclude import conclude
from translator.interpreter.engine import Engine
from translator.interpreter.failure import StateFailure
from translator.interpreter.frame import Frame
from translator.interpreter.payload import Payload
from translator.interpreter.recover import RAISED, error_output, failure_of
from translator.interpreter.recovery import backoff, matches
from translator.interpreter.states import Catcher, GuardedState, Retrier
from translator.json_value import JsonValue

_MOST: Final = 2**31 - 1
"""The largest number that the answer can hold."""


@dataclass(frozen=True, slots=True)
class Handled:
    """A failure, the status that it leads to, and the API's `errorDetails`."""

    status: str
    failure: StateFailure
    details: dict[str, JsonValue]


def handle(engine: Engine, frame: Frame, failure: StateFailure, retry_count: int) -> Handled:
    """Retry after `retry_count` retries, catch, or fail."""
    state = frame.state
    if not isinstance(state, GuardedState):
        return Handled("FAILED", failure, {})
    details: dict[str, JsonValue] = {}
    index = _first(state.retriers, failure)
    if index is not None:
        # Recorded: a Retry that is used up is named too, without an interval.
        details["retryIndex"] = index
        retrier = state.retriers[index]
        if retry_count < retrier.maximum_attempts:
            details["retryBackoffIntervalSeconds"] = int(min(backoff(retrier, retry_count), _MOST))
            return Handled("RETRIABLE", failure, details)
    index = _first(state.catchers, failure)
    if index is None:
        return Handled("FAILED", failure, details)
    details["catchIndex"] = index
    return _catch(engine, frame, state.catchers[index], failure, details)


def _first(handlers: Sequence[Retrier | Catcher], failure: StateFailure) -> int | None:
    return next((place for place, handler in enumerate(handlers) if matches(handler.errors, failure)), None)


def _catch(
    engine: Engine, frame: Frame, catcher: Catcher, failure: StateFailure, details: dict[str, JsonValue]
) -> Handled:
    error = error_output(failure)
    try:
        conclude(engine, frame, catcher, Payload(error), engine.scope(frame, frame.state, errorOutput=error))
    except RAISED as raised:
        return Handled("FAILED", failure_of(engine, frame, raised, frame.previous), details)
    return Handled("CAUGHT_ERROR", failure, details)
