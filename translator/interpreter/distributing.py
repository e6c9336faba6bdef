"""The distributed Map: read the items, run the children, collect or write their results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, cast

from translator.interpreter import details
from translator.interpreter.batching import Batch, batches
from translator.interpreter.conclude import conclude_fork
from translator.interpreter.engine import Engine, too_large
from translator.interpreter.failure import QueryFailure, StateFailure
from translator.interpreter.frame import Frame
from translator.interpreter.item_reading import (
    MAXIMUM_ITEMS,
    Item,
    UnreadableItems,
    items_of,
    read_listing,
    read_object,
)
from translator.interpreter.map_run import Limits, MapRun
from translator.interpreter.payload import Payload, encode, exceeds_limit
from translator.interpreter.pending import Pending
from translator.interpreter.recover import RAISED, failure_of
from translator.interpreter.request import Outcome, TaskFailed, TaskRequest
from translator.interpreter.resource import Resource
from translator.interpreter.result_writing import combined, destination_key, files, manifest
from translator.interpreter.states import ItemBatcher, ItemReader, MapState
from translator.interpreter.template import Template, unexpected
from translator.interpreter.value import percentage, whole_number
from translator.json_value import JsonValue

STATE_DATA: Final = "STATE_DATA"
_READER: Final = "ItemReader"
_WRITER: Final = "ResultWriter"
TOLERANCE: Final = StateFailure(
    "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded"
)
NEGATIVE_MAXIMUM: Final = StateFailure("States.ItemReaderFailed", "field MaxItems must be positive")


def attempt_distributed(engine: Engine, frame: Frame, state: MapState) -> bool:
    """Start a Map Run."""
    distribution = state.distribution
    assert distribution is not None
    reader, writer = distribution.reader, distribution.writer
    items = None if reader is not None else own_items(engine, frame, state)
    arguments = None if reader is None else _evaluated(engine, frame, reader.arguments)
    maximum = MAXIMUM_ITEMS if reader is None else most_items(engine, frame, reader)
    destination = None if writer is None else _evaluated(engine, frame, writer.arguments)
    length = 0 if items is None else len(items)
    frame.previous = engine.write("MapStateStarted", frame.previous, details.map_started, length)
    run = MapRun(engine, frame, _limits(engine, frame, state), _decided)
    run.destination = destination if isinstance(destination, Mapping) else {}
    engine.map_runs.append(run)
    frame.fork = run
    frame.previous = engine.write("MapRunStarted", frame.previous, details.map_run_started, run.arn)
    if maximum < 0:
        return _fail(engine, frame, NEGATIVE_MAXIMUM)
    if reader is None:
        _begin(engine, frame, run, items or [], STATE_DATA)
    else:
        fields = arguments if isinstance(arguments, Mapping) else {}
        _read(engine, frame, reader, fields, maximum, [])
    return False


def own_items(engine: Engine, frame: Frame, state: MapState) -> list[Item]:
    """The items that the state has itself, without an ItemReader; raises QueryFailure."""
    if state.items is None:
        value = frame.payload.value
    else:
        value = engine.render(state.items, engine.scope(frame, state))
    try:
        return items_of(value)
    except UnreadableItems as error:
        if state.items is not None:
            raise unexpected(state.items, "array", value) from error
        raise QueryFailure(f"Map state input must be an array but was: {encode(value)}", None) from error


def _evaluated(engine: Engine, frame: Frame, template: Template | None) -> JsonValue:
    return None if template is None else engine.render(template, engine.scope(frame, frame.state))


def _number(engine: Engine, frame: Frame, template: Template | None) -> int | None:
    return None if template is None else whole_number(template, _evaluated(engine, frame, template))


def most_items(engine: Engine, frame: Frame, reader: ItemReader) -> int:
    """The most items to read; negative where a path leads to such a number."""
    # Recorded: a MaxItems of 0 means all.
    template = reader.maximum
    if template is None:
        return MAXIMUM_ITEMS
    given = _evaluated(engine, frame, template)
    if template.source is not None:
        given = whole_number(template, given)
    return min(cast("int", given) or MAXIMUM_ITEMS, MAXIMUM_ITEMS)


def _limits(engine: Engine, frame: Frame, state: MapState) -> Limits:
    wanted = _number(engine, frame, state.maximum_concurrency)
    share = state.tolerated_percentage
    return Limits(
        wanted or 0,
        _number(engine, frame, state.tolerated_count),
        None if share is None else percentage(share, _evaluated(engine, frame, share)),
    )


def _ask(
    engine: Engine,
    frame: Frame,
    resource: Resource,
    arguments: Mapping[str, JsonValue],
    purpose: str,
    take: Callable[[Outcome, Pending, Engine, Frame], bool],
) -> None:
    request = TaskRequest(
        id=_run_of(frame).request_id(purpose),
        resource=resource.arn,
        kind=resource,
        arguments=arguments,
        state_name=frame.state.name,
        timeout_seconds=None,
        heartbeat_seconds=None,
        token=None,
        retry_count=frame.retry_count,
        purpose=purpose,
    )
    engine.loop.pending[request.id] = Pending(request, engine, frame, frame.turn, take)
    engine.loop.new_requests.append(request)


def _read(
    engine: Engine,
    frame: Frame,
    reader: ItemReader,
    arguments: Mapping[str, JsonValue],
    maximum: int,
    before: list[Item],
) -> None:
    take = partial(_take_items, reader, arguments, maximum, before)
    _ask(engine, frame, reader.resource, arguments, _READER, take)


def _take_items(
    reader: ItemReader,
    arguments: Mapping[str, JsonValue],
    maximum: int,
    before: list[Item],
    outcome: Outcome,
    _pending: Pending,
    engine: Engine,
    frame: Frame,
) -> bool:
    if isinstance(outcome, TaskFailed):
        return _fail(engine, frame, StateFailure("States.ItemReaderFailed", outcome.cause))
    source = f"S3://{arguments.get('Bucket')}"
    if reader.input_type == "LISTING":
        found, token = read_listing(outcome.value)
        items = (before + found)[:maximum]
        if token is not None and len(items) < maximum:
            _read(engine, frame, reader, {**arguments, "ContinuationToken": token}, maximum, items)
            return False
        return _begin(engine, frame, _run_of(frame), items, source)
    body = outcome.value.get("Body") if isinstance(outcome.value, Mapping) else None
    try:
        items = read_object(reader, body if isinstance(body, str) else "", maximum)
    except UnreadableItems as error:
        return _fail(engine, frame, StateFailure("States.ItemReaderFailed", str(error)))
    return _begin(engine, frame, _run_of(frame), items, f"{source}/{arguments.get('Key')}")


def _run_of(frame: Frame) -> MapRun:
    return cast("MapRun", frame.fork)


def _begin(engine: Engine, frame: Frame, run: MapRun, items: Sequence[Item], source: str) -> bool:
    """Start the children; never the frame's own turn to go on."""
    try:
        parts = _parts(engine, frame, run, items, source)
    except RAISED as raised:
        return _fail(engine, frame, failure_of(engine, frame, raised, frame.previous))
    run.begin(parts)
    return False


def _parts(engine: Engine, frame: Frame, run: MapRun, items: Sequence[Item], source: str) -> Sequence[Batch]:
    inputs = [child_input(engine, frame, run.state, index, item, source) for index, item in enumerate(items)]
    batcher = run.distribution.batcher
    if batcher is None:
        parts: Sequence[Batch] = [Batch(Payload(value), 1) for value in inputs]
    else:
        parts = batched(engine, frame, batcher, inputs)
    if any(exceeds_limit(part.payload.text) for part in parts):
        raise too_large(run.state.name)
    return parts


def batched(
    engine: Engine, frame: Frame, batcher: ItemBatcher, inputs: Sequence[JsonValue]
) -> Sequence[Batch]:
    """The inputs as the ItemBatcher puts them together."""
    most, size = (_number(engine, frame, part) for part in (batcher.maximum_items, batcher.maximum_bytes))
    return batches(inputs, most, size, _evaluated(engine, frame, batcher.batch_input))


def child_input(
    engine: Engine, frame: Frame, state: MapState, index: int, item: Item, source: str
) -> JsonValue:
    """What the child gets for an item: the item, or what the ItemSelector makes of it."""
    if state.selector is None:
        return item.value if item.key is None else {"Key": item.key, "Value": item.value}
    key: dict[str, JsonValue] = {} if item.key is None else {"Key": item.key}
    outer, frame.item = frame.item, {"Index": index, "Value": item.value, **key, "Source": source}
    try:
        return engine.render(state.selector, engine.scope(frame, state))
    finally:
        frame.item = outer


def _decided(engine: Engine, frame: Frame) -> bool:
    """All children have ended, or too many of their items have failed."""
    run = _run_of(frame)
    writer = run.distribution.writer
    if writer is None or writer.resource is None:
        if run.failed:
            return _fail(engine, frame, TOLERANCE)
        return _succeed(engine, frame, combined(run, writer))
    run.stop_children()
    written = files(run, writer)
    left = [name for name, _ in written]
    for name, body in (*written, ("manifest.json", manifest(run, written))):
        take = partial(_take_written, left)
        fields = {"Bucket": run.destination.get("Bucket"), "Key": destination_key(run, name), "Body": body}
        _ask(engine, frame, writer.resource, fields, _WRITER, take)
    return False


def _take_written(left: list[str], outcome: Outcome, _pending: Pending, engine: Engine, frame: Frame) -> bool:
    if isinstance(outcome, TaskFailed):
        return _fail(engine, frame, StateFailure("States.ResultWriterFailed", outcome.cause))
    if left:
        left.pop()
        return False
    run = _run_of(frame)
    if run.failed:
        return _fail(engine, frame, TOLERANCE)
    where = {"Bucket": run.destination.get("Bucket"), "Key": destination_key(run, "manifest.json")}
    return _succeed(engine, frame, {"MapRunArn": run.arn, "ResultWriterDetails": where})


def _succeed(engine: Engine, frame: Frame, result: JsonValue) -> bool:
    run = _run_of(frame)
    run.finish("SUCCEEDED")
    frame.fork = None
    frame.previous = engine.write("MapRunSucceeded", frame.previous)
    return conclude_fork(engine, frame, result)


def _fail(engine: Engine, frame: Frame, failure: StateFailure) -> bool:
    run = _run_of(frame)
    run.finish("FAILED")
    frame.stop_fork()
    key = "mapRunFailedEventDetails"
    frame.previous = engine.write(
        "MapRunFailed", frame.previous, details.failed, key, failure.error, failure.cause
    )
    raise failure
