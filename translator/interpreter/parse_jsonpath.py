"""Prepare the states of JSONPath mode."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from translator.interpreter import path_number
from translator.interpreter.choice_rule import Condition, compile_rule
from translator.interpreter.parse_distribution import DISTRIBUTED, Dialect, parse_distribution
from translator.interpreter.parse_fields import COMMON, ENDING, Surroundings, following, parse_retrier
from translator.interpreter.parse_jsonata import Parser, read_resource
from translator.interpreter.path import View
from translator.interpreter.path_flow import Flow, path_or_call, reference_items
from translator.interpreter.read import DURATION, PERCENTAGE, Reader
from translator.interpreter.states import (
    Catcher,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    Rule,
    State,
    SucceedState,
    TaskState,
    WaitState,
)
from translator.interpreter.template import Template
from translator.json_value import JsonValue

_FLOW: Final = ("InputPath", "OutputPath")
_PLACED: Final = ("ResultPath", "Parameters", "Assign")
_GUARDED: Final = (*COMMON, *ENDING, *_FLOW, *_PLACED, "ResultSelector", "Retry", "Catch")
_NUMBERS: Final = ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")


def _moving(reader: Reader, around: Surroundings, source: str) -> dict[str, Any]:
    output, assign = Flow(reader).results(source)
    return {**around.common, "output": output, "assign": assign, "needs_context": output.needs_context}


def _passing(reader: Reader, around: Surroundings) -> dict[str, Any]:
    output, assign = Flow(reader).passing()
    return {**around.common, "output": output, "assign": assign, "needs_context": output.needs_context}


def _guarded(reader: Reader, around: Surroundings) -> dict[str, Any]:
    return {
        **_moving(reader, around, "result"),
        "next": following(reader),
        "retriers": tuple(parse_retrier(retrier) for retrier in reader.objects("Retry")),
        "catchers": tuple(_parse_catcher(catcher) for catcher in reader.objects("Catch")),
    }


def _parse_pass(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *ENDING, *_FLOW, *_PLACED, "Result")
    return PassState(**_moving(reader, around, "input"), next=following(reader))


def _parse_succeed(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *_FLOW)
    return SucceedState(**_passing(reader, around))


def _parse_fail(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, "Error", "Cause", "ErrorPath", "CausePath")
    error, cause = _text_or_path(reader, "Error"), _text_or_path(reader, "Cause")
    return FailState(**around.common, error=error, cause=cause, needs_context="$$" in str(reader.fields))


def _text_or_path(reader: Reader, field: str) -> Template | None:
    reader.text(field)
    text = reader.text(f"{field}Path")
    if text is None:
        return reader.constant(field)
    reader.alone(field, f"{field}Path")
    name = f"{field}Path"
    select = path_or_call(text, reader, name)
    return Flow(reader).template(name, lambda view: path_number.text(name, text, select(view, _input(view))))


def _input(view: View) -> JsonValue:
    states = view.names["states"]
    assert isinstance(states, Mapping)
    return states["input"]


def _parse_choice(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *_FLOW, "Choices", "Default", "Assign")
    fields = _passing(reader, around)
    rules = tuple(_parse_rule(rule, reader, fields["output"]) for rule in reader.objects("Choices"))
    if not rules:
        raise reader.refuse("Choices", "A Choice needs at least one rule")
    return ChoiceState(**fields, rules=rules, default=reader.text("Default"))


def _parse_rule(rule: Reader, state: Reader, output: Template) -> Rule:
    flow = Flow(state)
    condition = _condition(flow, compile_rule(rule))
    return Rule(condition, rule.required_text("Next"), output, flow.assign(rule))


def _condition(flow: Flow, condition: Condition) -> Template:
    first = flow.input()
    return flow.template("Choices", lambda view: condition(view, first(view, _input(view))))


def _parse_wait(reader: Reader, around: Surroundings) -> State:
    times = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
    reader.only(*COMMON, *ENDING, *_FLOW, *times, "Assign")
    if sum(name in reader for name in times) != 1:
        raise reader.refuse("", f"A Wait needs exactly one of {', '.join(times)}")
    flow = Flow(reader)
    reader.number("Seconds")
    timestamp = reader.text("Timestamp")
    if timestamp is not None and not path_number.is_moment(timestamp):
        raise reader.refuse("Timestamp", "Expected a valid ISO-8601 extended offset date-time format string")
    return WaitState(
        **_passing(reader, around),
        next=following(reader),
        seconds=reader.constant("Seconds")
        or path_number.at_path(flow, reader, "SecondsPath", path_number.seconds),
        timestamp=reader.constant("Timestamp")
        or path_number.at_path(flow, reader, "TimestampPath", path_number.moment),
    )


def _parse_task(reader: Reader, around: Surroundings) -> State:
    timing = ("TimeoutSeconds", "HeartbeatSeconds")
    reader.only(*_GUARDED, *timing, *(f"{field}Path" for field in timing), "Resource", "Credentials")
    flow = Flow(reader)
    timeout, heartbeat = (path_number.number(flow, reader, field, DURATION) for field in timing)
    return TaskState(
        **_guarded(reader, around),
        resource=read_resource(reader),
        arguments=flow.arguments(),
        timeout_seconds=timeout,
        heartbeat_seconds=heartbeat,
        credentials=flow.payload(reader, "Credentials"),
    )


def _parse_parallel(reader: Reader, around: Surroundings) -> State:
    reader.only(*_GUARDED, "Branches")
    branches = reader.objects("Branches")
    if not branches:
        raise reader.refuse("Branches", "A Parallel needs at least one branch")
    scopes = tuple(around.scope(branch) for branch in branches)
    return ParallelState(**_guarded(reader, around), arguments=Flow(reader).arguments(), branches=scopes)


def _parse_map(reader: Reader, around: Surroundings) -> State:
    processor = reader.object("ItemProcessor" if "ItemProcessor" in reader else "Iterator")
    distribution = parse_distribution(reader, processor, _dialect(reader))
    reader.only(
        *_GUARDED,
        *("ItemsPath", "ItemSelector", "ItemProcessor", "Iterator"),
        *_NUMBERS,
        *(f"{name}Path" for name in _NUMBERS),
        *(() if distribution is None else DISTRIBUTED),
    )
    flow = Flow(reader)
    percentage = "ToleratedFailurePercentage"
    return MapState(
        **_guarded(reader, around),
        processor=around.scope(processor) if distribution is None else around.child_scope(processor),
        distribution=distribution,
        items=_items(flow, objects=distribution is not None),
        selector=flow.payload(reader, "ItemSelector" if "ItemSelector" in reader else "Parameters"),
        maximum_concurrency=path_number.number(flow, reader, "MaxConcurrency"),
        tolerated_count=path_number.number(flow, reader, "ToleratedFailureCount"),
        tolerated_percentage=path_number.number(flow, reader, percentage, PERCENTAGE, path_number.percentage),
    )


def _items(flow: Flow, *, objects: bool) -> Template:
    text = flow.reader.text("ItemsPath") or "$"
    find, first = reference_items(text, objects=objects), flow.input()
    if find is None:
        raise flow.reader.refuse("ItemsPath", "Value must be a valid JSONPath.")
    return flow.template("ItemsPath", lambda view: find(view, first(view, _input(view))))


def _dialect(state: Reader) -> Dialect:
    flow = Flow(state)
    return Dialect(
        arguments=lambda reader: flow.payload(reader, "Parameters"),
        number=lambda reader, name: path_number.number(flow, reader, name),
        maximum=lambda reader, name, bounds: path_number.number(
            flow, reader, name, bounds, path_number.integer
        ),
        value=flow.payload,
        names=("Parameters",),
    )


def _parse_catcher(reader: Reader) -> Catcher:
    reader.only("ErrorEquals", "Next", "ResultPath", "Assign", "Comment")
    output, assign = Flow(reader).results("errorOutput")
    return Catcher(reader.error_names("ErrorEquals"), reader.required_text("Next"), output, assign)


JSONPATH_PARSERS: Final[Mapping[str, Parser]] = MappingProxyType(
    {
        "Pass": _parse_pass,
        "Succeed": _parse_succeed,
        "Fail": _parse_fail,
        "Choice": _parse_choice,
        "Wait": _parse_wait,
        "Task": _parse_task,
        "Parallel": _parse_parallel,
        "Map": _parse_map,
    }
)
