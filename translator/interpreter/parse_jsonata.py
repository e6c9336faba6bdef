"""Prepare the states of JSONata mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from translator.interpreter.moment import parse_moment
from translator.interpreter.parse_distribution import DISTRIBUTED, Dialect, parse_distribution
from translator.interpreter.parse_fields import COMMON, ENDING, GUARDED, Surroundings, guarded, moving
from translator.interpreter.read import COUNT, DURATION, PERCENTAGE, Reader
from translator.interpreter.resource import Resource, parse_resource
from translator.interpreter.states import (
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

_DIALECT: Final = Dialect(
    arguments=lambda reader: reader.template("Arguments"),
    number=lambda reader, name: reader.number_template(name),
    maximum=lambda reader, name, bounds: reader.number_template(name, bounds),
    value=lambda reader, name: reader.template(name),
    names=("Arguments",),
)
Parser: TypeAlias = Callable[[Reader, Surroundings], State]


def _parse_pass(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *ENDING, "Output", "Assign")
    return PassState(**moving(reader, around.common))


def _parse_succeed(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, "Output")
    output = reader.template("Output")
    needs = output is not None and output.needs_context
    return SucceedState(**around.common, output=output, needs_context=needs)


def _parse_fail(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, "Error", "Cause")
    reader.text("Error")
    reader.text("Cause")
    error, cause = reader.template("Error"), reader.template("Cause")
    needs = any(part is not None and part.needs_context for part in (error, cause))
    return FailState(**around.common, error=error, cause=cause, needs_context=needs)


def _parse_choice(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, "Choices", "Default", "Output", "Assign")
    rules = tuple(_parse_rule(rule, index) for index, rule in enumerate(reader.objects("Choices")))
    if not rules:
        raise reader.refuse("Choices", "A Choice needs at least one rule")
    output, assign = reader.template("Output"), reader.template("Assign")
    parts = [output, assign, *(part for rule in rules for part in (rule.condition, rule.output, rule.assign))]
    return ChoiceState(
        **around.common,
        rules=rules,
        default=reader.text("Default"),
        output=output,
        assign=assign,
        needs_context=any(part is not None and part.needs_context for part in parts),
    )


def _parse_rule(reader: Reader, index: int) -> Rule:
    reader.only("Condition", "Next", "Output", "Assign", "Comment")
    location = f"Choices[{index}]/"
    condition = reader.template("Condition", location)
    if condition is None:
        raise reader.refuse("", "These fields are required: [Condition]")
    if condition.constant and not isinstance(reader.fields["Condition"], bool):
        raise reader.refuse("Condition", "Expected value of type Boolean")
    return Rule(
        condition,
        reader.required_text("Next"),
        reader.template("Output", location),
        reader.template("Assign", location),
    )


def _parse_wait(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *ENDING, "Seconds", "Timestamp", "Output", "Assign")
    seconds, timestamp = reader.number_template("Seconds"), reader.template("Timestamp")
    if (seconds is None) == (timestamp is None):
        raise reader.refuse("", "A Wait needs exactly one of 'Seconds' and 'Timestamp'")
    literal = reader.fields.get("Timestamp") if timestamp is not None and timestamp.constant else None
    if literal is not None and (not isinstance(literal, str) or parse_moment(literal) is None):
        raise reader.refuse("Timestamp", "Expected a valid ISO-8601 extended offset date-time format string")
    common = moving(reader, around.common, seconds, timestamp)
    return WaitState(**common, seconds=seconds, timestamp=timestamp)


def _parse_task(reader: Reader, around: Surroundings) -> State:
    reader.only(*GUARDED, "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials")
    resource = read_resource(reader)
    timing = ("TimeoutSeconds", "HeartbeatSeconds")
    timeout, heartbeat = (reader.number_template(name, DURATION) for name in timing)
    credentials = reader.template("Credentials")
    return TaskState(
        **guarded(reader, around.common, timeout, heartbeat, credentials),
        resource=resource,
        timeout_seconds=timeout,
        heartbeat_seconds=heartbeat,
        credentials=credentials,
    )


def read_resource(reader: Reader) -> Resource:
    """The resource of a Task."""
    arn = reader.required_text("Resource")
    resource = parse_resource(arn)
    if resource is None:
        problem = (
            f"The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the "
            "resource is not available in this region."
        )
        raise reader.refuse("Resource", problem)
    return resource


def _parse_parallel(reader: Reader, around: Surroundings) -> State:
    reader.only(*GUARDED, "Branches")
    branches = reader.objects("Branches")
    if not branches:
        raise reader.refuse("Branches", "A Parallel needs at least one branch")
    scopes = tuple(around.scope(branch) for branch in branches)
    return ParallelState(**guarded(reader, around.common), branches=scopes)


def _parse_map(reader: Reader, around: Surroundings) -> State:
    tolerances = ("ToleratedFailureCount", "ToleratedFailurePercentage")
    processor = reader.object("ItemProcessor")
    distribution = parse_distribution(reader, processor, _DIALECT)
    only_distributed = () if distribution is None else DISTRIBUTED
    reader.only(
        *GUARDED, "Items", "ItemSelector", "ItemProcessor", "MaxConcurrency", *tolerances, *only_distributed
    )
    items, selector = _items(reader), reader.template("ItemSelector")
    concurrency = reader.number_template("MaxConcurrency")
    bounds = (COUNT, PERCENTAGE)
    count, percentage = map(reader.number_template, tolerances, bounds)
    return MapState(
        **guarded(reader, around.common, items, selector, concurrency, count, percentage),
        processor=around.scope(processor) if distribution is None else around.child_scope(processor),
        distribution=distribution,
        items=items,
        selector=selector,
        maximum_concurrency=concurrency,
        tolerated_count=count,
        tolerated_percentage=percentage,
    )


def _items(reader: Reader) -> Template | None:
    items = reader.template("Items")
    if items is not None and items.source is None and not isinstance(reader.fields["Items"], list | tuple):
        raise reader.refuse("Items", "Expected value of type Array")
    return items


JSONATA_PARSERS: Final[Mapping[str, Parser]] = MappingProxyType(
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
