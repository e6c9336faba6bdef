"""The Parallel and the Map state."""

from __future__ import annotations

from functools import partial
from typing import Final, cast

from translator.interpreter import details
from translator.interpreter.conclude import conclude_fork
from translator.interpreter.distributing import attempt_distributed
from translator.interpreter.engine import Engine
from translator.interpreter.failure import QueryFailure
from translator.interpreter.fork import Fork
from translator.interpreter.frame import Frame
from translator.interpreter.payload import Payload, encode
from translator.interpreter.states import MapState, ParallelState
from translator.interpreter.template import unexpected
from translator.interpreter.value import whole_number
from translator.json_value import JsonValue

INLINE_CONCURRENCY: Final = 40
"""AWS: the most iterations of an inline Map that run at once, whatever MaxConcurrency says."""
_STARTED: Final = "mapIterationStartedEventDetails"


def attempt_parallel(engine: Engine, frame: Frame) -> bool:
    """Start the branches."""
    state = cast("ParallelState", frame.state)
    payload = frame.payload
    if state.arguments is not None:
        payload = engine.render_payload(state.arguments, engine.scope(frame, state), state)
    frame.previous = engine.write("ParallelStateStarted", frame.previous)

    def start(engine: Engine, fork: Fork, previous: int) -> None:
        index = fork.next_index
        fork.add(engine, Frame(state.branches[index], payload, frame.variables, previous, fork, index))

    size = len(state.branches)
    fork = Fork(frame, size, size, start, _end_fork)
    frame.fork = fork
    fork.fill(engine, frame.previous)
    return False


def attempt_map(engine: Engine, frame: Frame) -> bool:
    """Start the first iterations."""
    state = cast("MapState", frame.state)
    if state.distribution is not None:
        return attempt_distributed(engine, frame, state)
    items = inline_items(engine, frame, state)
    limit = _numbers(engine, frame, state)
    frame.previous = engine.write("MapStateStarted", frame.previous, details.map_started, len(items))
    fork = Fork(frame, len(items), limit, partial(_start_iteration, items), _end_fork)
    frame.fork = fork
    if not items:
        return _end_fork(engine, frame)
    fork.fill(engine, frame.previous)
    return False


def inline_items(engine: Engine, frame: Frame, state: MapState) -> list[JsonValue]:
    """The items of an inline Map; raises QueryFailure."""
    if state.items is None:
        value = frame.payload.value
        if not isinstance(value, list):
            raise QueryFailure(f"Map state input must be an array but was: {encode(value)}", None)
        return value
    value = engine.render(state.items, engine.scope(frame, state))
    if not isinstance(value, list):
        raise unexpected(state.items, "array", value)
    return value


def _numbers(engine: Engine, frame: Frame, state: MapState) -> int:
    """The concurrency; the tolerances are only checked, because an inline Map has none (AWS)."""
    scope = engine.scope(frame, state)
    for tolerance in (state.tolerated_count, state.tolerated_percentage):
        if tolerance is not None:
            whole_number(tolerance, engine.render(tolerance, scope))
    if state.maximum_concurrency is None:
        return INLINE_CONCURRENCY
    wanted = whole_number(state.maximum_concurrency, engine.render(state.maximum_concurrency, scope))
    return min(wanted or INLINE_CONCURRENCY, INLINE_CONCURRENCY)


def _start_iteration(items: list[JsonValue], engine: Engine, fork: Fork, previous: int) -> None:
    owner, index = fork.owner, fork.next_index
    state = cast("MapState", owner.state)
    item: dict[str, JsonValue] = {"Index": index, "Value": items[index]}
    payload = Payload(items[index])
    if state.selector is not None:
        outer, owner.item = owner.item, item
        try:
            payload = engine.render_payload(state.selector, engine.scope(owner, state), state)
        finally:
            owner.item = outer
    started = engine.write("MapIterationStarted", previous, details.iteration, _STARTED, state.name, index)
    frame = Frame(state.processor, payload, owner.variables, started, fork, index)
    frame.item = item
    fork.add(engine, frame)


def _end_fork(engine: Engine, frame: Frame) -> bool:
    """All have ended: the array of their outputs is the state's result."""
    fork = cast("Fork", frame.fork)
    frame.fork = None
    return conclude_fork(engine, frame, fork.results)
