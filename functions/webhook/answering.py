"""Starts the run of a webhook and answers its sender: at once, with the result, or as a node says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from functions.webhook.run_answers import accepted, duplicate, responded, result
from functions.webhook.tally import Tally
from layers.runtime.answers import Answer
from layers.runtime.executions import Starter, StartRequest, start_once
from layers.runtime.step_functions import SynchronousStepFunctions, is_express
from layers.runtime.store.responses import find_response, look
from layers.runtime.store.routes import Route
from layers.runtime.store.runs import OPEN, Run, find_result
from layers.runtime.waiting import Awaited, start_and_wait

ENDED: Final = frozenset({"succeeded", "failed", "timed_out", "cancelled"})
SHORTEST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 0.5
"""Seconds between two looks at the run: each costs half a read of the table, and the sender waits for it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may wait: API Gateway gives up after 30 seconds (AWS: HTTP API quotas)."""

    now: Callable[[], float]
    """Seconds that only grow."""
    sleep: Callable[[float], None]
    seconds: float = 25.0


@dataclass(frozen=True, slots=True)
class Answering:
    """Everything that starting a run and waiting for it needs."""

    starter: Starter
    synchronous: Callable[[], SynchronousStepFunctions]
    """Opens the client that waits for the end of Express runs."""
    tally: Tally
    patience: Patience


def start_and_answer(start: StartRequest, route: Route, answering: Answering) -> Answer:
    """The answer to a delivery; one that came before is answered as its first time is, or 200.

    Raises what `start_once` does, and PlatformError (502) for an awaited run that has not succeeded.
    """
    starter = answering.starter
    if route.answer != "accepted" and is_express(route.alias_arn):
        awaited = start_and_wait(starter, start, answering.synchronous())
        _note(answering, route, awaited.run, is_new=awaited.is_new)
        if awaited.is_new:
            return _synchronous(starter, route, awaited)
        return _when_it_answers(answering, route, awaited.run)
    run, is_new = start_once(starter, start)
    _note(answering, route, run, is_new=is_new)
    if route.answer != "accepted":
        return _when_it_answers(answering, route, run)
    return accepted(run) if is_new else duplicate(run)


def _note(answering: Answering, route: Route, run: Run, *, is_new: bool) -> None:
    if is_new:
        answering.tally.note(route, "started", last_run=run.id)
    else:
        answering.tally.note(route, "deduplicated")


def _synchronous(starter: Starter, route: Route, awaited: Awaited) -> Answer:
    response = find_response(starter.store, awaited.run.id) if route.answer == "respond" else None
    if response is not None:
        return responded(awaited.run, response)
    return accepted(awaited.run) if awaited.run.status in OPEN else result(starter, awaited)


def _when_it_answers(answering: Answering, route: Route, run: Run) -> Answer:
    """Looks at the run until a node has answered, it has ended, or the time is up: 202 then."""
    patience, store = answering.patience, answering.starter.store
    deadline, pause = patience.now() + patience.seconds, SHORTEST_PAUSE
    while True:
        seen = look(store, run.id)
        has_ended = seen.run is not None and seen.run.status in ENDED
        if route.answer == "respond":
            # The two were not read at one moment: the answer of a run that has ended is there by now.
            response = find_response(store, run.id) if has_ended else seen.response
            if response is not None:
                return responded(run, response)
        if has_ended and seen.run is not None:
            return _ended(answering.starter, seen.run)
        if patience.now() >= deadline:
            return accepted(run)
        patience.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


def _ended(starter: Starter, run: Run) -> Answer:
    kept = find_result(starter.store, run.id)
    if kept is None or (run.status == "succeeded" and "output" in kept.left_out):
        return accepted(run)
    return result(starter, Awaited(run, kept.output))
