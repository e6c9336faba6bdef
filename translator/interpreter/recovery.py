"""Which Retry and which Catch an error meets."""

from __future__ import annotations

import random
from typing import Final

from translator.interpreter.failure import StateFailure
from translator.interpreter.frame import Frame
from translator.interpreter.states import Catcher, GuardedState, Retrier

ALL: Final = "States.ALL"
TASK_FAILED: Final = "States.TaskFailed"
TIMEOUT: Final = "States.Timeout"
RUNTIME: Final = "States.Runtime"


def matches(errors: frozenset[str], failure: StateFailure) -> bool:
    """Whether an ErrorEquals names the failure, by name or by wildcard."""
    if failure.error in errors or not failure.aliases.isdisjoint(errors):
        return True
    if failure.terminal or failure.error == RUNTIME:
        return False
    return ALL in errors or (TASK_FAILED in errors and failure.error != TIMEOUT)


def find_catcher(state: GuardedState, failure: StateFailure) -> Catcher | None:
    """The first Catch that names the failure."""
    return next((catcher for catcher in state.catchers if matches(catcher.errors, failure)), None)


def retry_delay(
    frame: Frame, state: GuardedState, failure: StateFailure, generator: random.Random
) -> float | None:
    """Seconds until the next attempt, counted as used; None where no Retry (any more) takes the failure.

    AWS: the first retrier that names the error decides, and each counts its own attempts.
    """
    for index, retrier in enumerate(state.retriers):
        if not matches(retrier.errors, failure):
            continue
        if frame.attempts is None:
            frame.attempts = [0] * len(state.retriers)
        used = frame.attempts[index]
        if used >= retrier.maximum_attempts:
            return None
        frame.attempts[index] = used + 1
        return _delay(retrier, used, generator)
    return None


def _delay(retrier: Retrier, used: int, generator: random.Random) -> float:
    delay = backoff(retrier, used)
    return generator.uniform(0, delay) if retrier.full_jitter else delay


def backoff(retrier: Retrier, used: int) -> float:
    """Seconds before the next attempt when `used` retries have been made, without jitter."""
    try:
        delay = retrier.interval_seconds * retrier.backoff_rate**used
    except OverflowError:
        delay = float("inf")
    if retrier.maximum_delay_seconds is not None:
        delay = min(delay, retrier.maximum_delay_seconds)
    return delay
