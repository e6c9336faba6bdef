"""The Map and the Parallel under test: what they would begin with, and the end that was mocked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, cast

from translator.interpreter.conclude import conclude_fork
from translator.interpreter.distributing import (
    NEGATIVE_MAXIMUM,
    STATE_DATA,
    TOLERANCE,
    batched,
    child_input,
    most_items,
    own_items,
)
from translator.interpreter.engine import Engine
from translator.interpreter.failure import StateFailure
from translator.interpreter.forking import inline_items
from translator.interpreter.frame import Frame
from translator.interpreter.item_reading import Item, UnreadableItems, items_of, pointed, read_object
from translator.interpreter.request import TaskFailed
from translator.interpreter.states import Distribution, ItemReader, MapState, ParallelState
from translator.interpreter.template import Template
from translator.interpreter.trial.tested import ImpossibleTest, StateTest
from translator.interpreter.value import percentage, whole_number
from translator.json_value import JsonValue

Show = Callable[[str, JsonValue], None]
"""Takes a field of the inspection."""
_WITHOUT_MOCK: Final = "A Map or Parallel is tested with a mock."


def try_parallel(engine: Engine, frame: Frame, test: StateTest) -> bool:
    """Evaluate the arguments, and end as the mock says."""
    state = cast("ParallelState", frame.state)
    if state.arguments is not None:
        engine.render_payload(state.arguments, engine.scope(frame, state), state)
    return _end(engine, frame, test)


def try_map(engine: Engine, frame: Frame, test: StateTest, show: Show) -> bool:
    """Find the items and the limits, and end as the mock says or with too many failures."""
    state = cast("MapState", frame.state)
    concurrency = _number(engine, frame, state.maximum_concurrency)
    show("maxConcurrency", concurrency or 0)
    count, share = _number(engine, frame, state.tolerated_count), _share(engine, frame, state)
    show("toleratedFailureCount", count)
    show("toleratedFailurePercentage", share)
    items = _items(engine, frame, state, test, show)
    if items is not None:
        _inputs(engine, frame, state, items, show)
    _check_failures(test, count, share, None if items is None else len(items))
    return _end(engine, frame, test)


def _check_failures(test: StateTest, count: int | None, share: float | None, total: int | None) -> None:
    """Recorded: without a tolerance any number may have failed, and a mocked error comes first."""
    failed = test.failed_iterations
    if failed is None:
        return
    if total is not None and failed > total:
        raise ImpossibleTest(f"MapIterationFailureCount {failed} exceeds the number of items {total}.")
    if isinstance(test.mock, TaskFailed):
        return
    too_large = share is not None and bool(total) and failed * 100 / (total or 1) > share
    if too_large or (count is not None and failed > count):
        raise TOLERANCE


def _end(engine: Engine, frame: Frame, test: StateTest) -> bool:
    if test.mock is None:
        raise ValueError(_WITHOUT_MOCK)
    if isinstance(test.mock, TaskFailed):
        raise StateFailure(test.mock.error, test.mock.cause)
    return conclude_fork(engine, frame, test.mock.value)


def _number(engine: Engine, frame: Frame, template: Template | None) -> int | None:
    if template is None:
        return None
    return whole_number(template, engine.render(template, engine.scope(frame, frame.state)))


def _share(engine: Engine, frame: Frame, state: MapState) -> float | None:
    template = state.tolerated_percentage
    if template is None:
        return None
    return float(percentage(template, engine.render(template, engine.scope(frame, state))))


def _items(
    engine: Engine, frame: Frame, state: MapState, test: StateTest, show: Show
) -> Sequence[Item] | None:
    """The items, or None where only an ItemReader knows them and nobody said what it reads."""
    distribution = state.distribution
    if distribution is None:
        return [Item(value) for value in inline_items(engine, frame, state)]
    reader = distribution.reader
    if reader is None:
        return own_items(engine, frame, state)
    if reader.arguments is not None:
        engine.render(reader.arguments, engine.scope(frame, state))
    if test.reader_data is None:
        return None
    return _read(engine, frame, reader, test.reader_data, show)


def _read(engine: Engine, frame: Frame, reader: ItemReader, text: str, show: Show) -> Sequence[Item]:
    most = most_items(engine, frame, reader)
    if most < 0:
        raise NEGATIVE_MAXIMUM
    try:
        if reader.input_type == "LISTING":
            return items_of(pointed(text, ""))[:most]
        if reader.pointer:
            show("afterItemsPointer", pointed(text, reader.pointer))
        return read_object(reader, text, most)
    except UnreadableItems as error:
        raise StateFailure("States.ItemReaderFailed", str(error)) from error


def _inputs(engine: Engine, frame: Frame, state: MapState, items: Sequence[Item], show: Show) -> None:
    """What the iterations would be given."""
    inputs = [child_input(engine, frame, state, index, item, STATE_DATA) for index, item in enumerate(items)]
    if state.selector is not None:
        show("afterItemSelector", inputs)
    if state.distribution is not None:
        _batches(engine, frame, state.distribution, inputs, show)


def _batches(
    engine: Engine, frame: Frame, distribution: Distribution, inputs: Sequence[JsonValue], show: Show
) -> None:
    batcher = distribution.batcher
    if batcher is not None:
        parts = batched(engine, frame, batcher, inputs)
        show("afterItemBatcher", [batch.payload.value for batch in parts])
