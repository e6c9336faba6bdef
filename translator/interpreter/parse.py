"""Prepare the states of a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from translator.interpreter.read import Reader
from translator.interpreter.resource import parse_resource
from translator.interpreter.states import (
    Catcher,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    Retrier,
    Rule,
    Scope,
    State,
    SucceedState,
    TaskState,
    WaitState,
)
from translator.interpreter.template import Template

_MAXIMUM_NAME: Final = 80
_COMMON: Final = ("Type", "Comment", "QueryLanguage")
_ENDING: Final = ("Next", "End")
_GUARDED: Final = (*_COMMON, *_ENDING, "Arguments", "Output", "Assign", "Retry", "Catch")


def parse_scope(reader: Reader, language: str, outer: frozenset[str]) -> Scope:
    """Prepare the states of one scope; `outer` are the variables that enclosing scopes assign."""
    states = reader.object("States")
    if not states.fields:
        raise reader.refuse("States", "States must not be empty")
    start = reader.required_text("StartAt")
    if start not in states:
        raise reader.refuse("StartAt", f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {start}")
    readers = {name: states.object(name) for name in states.fields}
    assigned = frozenset(name for state in readers.values() for name in _assigned_names(state))
    _refuse_outer_names(readers, outer)
    prepared = {
        name: _parse_state(name, state, language, outer | assigned, frozenset(states.fields))
        for name, state in readers.items()
    }
    return Scope(start, MappingProxyType(prepared))


def _assigned_names(state: Reader) -> set[str]:
    names: set[str] = set()
    for part in (state, *state.objects("Catch"), *state.objects("Choices")):
        assign = part.fields.get("Assign")
        if isinstance(assign, Mapping):
            names.update(assign)
    return names


def _refuse_outer_names(readers: Mapping[str, Reader], outer: frozenset[str]) -> None:
    for state in readers.values():
        for name in sorted(_assigned_names(state) & outer):
            raise state.refuse(
                "Assign", f"The variable '{name}' is assigned in an outer scope and cannot be assigned here"
            )


def _parse_state(
    name: str, reader: Reader, language: str, assigned: frozenset[str], targets: frozenset[str]
) -> State:
    if len(name) > _MAXIMUM_NAME:
        raise reader.refuse("", f"The state's name is longer than {_MAXIMUM_NAME} characters")
    own_language = reader.text("QueryLanguage") or language
    if own_language != "JSONata":
        raise reader.refuse(
            "QueryLanguage",
            f"The query language of the state '{name}' is {own_language}; only JSONata runs here",
        )
    kind = reader.required_text("Type")
    parse = _PARSERS.get(kind)
    if parse is None:
        raise reader.refuse("Type", f"'{kind}' is not a type of state")
    common = {
        "name": name,
        "kind": kind,
        "entered": f"{kind}StateEntered",
        "exited": f"{kind}StateExited",
    }
    state: State = parse(reader, common, own_language, assigned)
    _check_targets(reader, state, targets)
    return state


def _check_targets(reader: Reader, state: State, targets: frozenset[str]) -> None:
    wanted: list[tuple[str, str]] = [] if state.next is None else [("Next", state.next)]
    if isinstance(state, ChoiceState):
        wanted += [(f"Choices[{index}]/Next", rule.next) for index, rule in enumerate(state.rules)]
        wanted += [] if state.default is None else [("Default", state.default)]
    if isinstance(state, TaskState | ParallelState | MapState):
        wanted += [(f"Catch[{index}]/Next", catcher.next) for index, catcher in enumerate(state.catchers)]
    for field, target in wanted:
        if target not in targets:
            raise reader.refuse(field, f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target}")


def _next(reader: Reader) -> str | None:
    end, target = reader.flag("End"), reader.text("Next")
    if end and target is not None:
        raise reader.refuse("", "A state has either 'Next' or 'End', not both")
    if not end and target is None:
        raise reader.refuse("", "MISSING_TRANSITION: A state needs 'Next' or 'End'")
    return target


def _moving(reader: Reader, common: Mapping[str, Any], *more: Template | None) -> dict[str, Any]:
    """The fields of every state that goes on: where to, and with what."""
    output, assign = reader.template("Output"), reader.template("Assign")
    return {
        **common,
        "next": _next(reader),
        "output": output,
        "assign": assign,
        "needs_context": any(part is not None and part.needs_context for part in (output, assign, *more)),
    }


def _parse_pass(
    reader: Reader, common: Mapping[str, Any], _language: str, _assigned: frozenset[str]
) -> State:
    reader.only(*_COMMON, *_ENDING, "Output", "Assign")
    return PassState(**_moving(reader, common))


def _parse_succeed(
    reader: Reader, common: Mapping[str, Any], _language: str, _assigned: frozenset[str]
) -> State:
    reader.only(*_COMMON, "Output")
    output = reader.template("Output")
    return SucceedState(**common, output=output, needs_context=output is not None and output.needs_context)


def _parse_fail(
    reader: Reader, common: Mapping[str, Any], _language: str, _assigned: frozenset[str]
) -> State:
    reader.only(*_COMMON, "Error", "Cause")
    reader.text("Error")
    reader.text("Cause")
    error, cause = reader.template("Error"), reader.template("Cause")
    needs = any(part is not None and part.needs_context for part in (error, cause))
    return FailState(**common, error=error, cause=cause, needs_context=needs)


def _parse_choice(
    reader: Reader, common: Mapping[str, Any], _language: str, _assigned: frozenset[str]
) -> State:
    reader.only(*_COMMON, "Choices", "Default", "Output", "Assign")
    rules = tuple(_parse_rule(rule, index) for index, rule in enumerate(reader.objects("Choices")))
    if not rules:
        raise reader.refuse("Choices", "A Choice needs at least one rule")
    output, assign = reader.template("Output"), reader.template("Assign")
    parts = [output, assign, *(part for rule in rules for part in (rule.condition, rule.output, rule.assign))]
    return ChoiceState(
        **common,
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
        raise reader.refuse("", "The field 'Condition' is required but was missing")
    return Rule(
        condition,
        reader.required_text("Next"),
        reader.template("Output", location),
        reader.template("Assign", location),
    )


def _parse_wait(
    reader: Reader, common: Mapping[str, Any], _language: str, _assigned: frozenset[str]
) -> State:
    reader.only(*_COMMON, *_ENDING, "Seconds", "Timestamp", "Output", "Assign")
    seconds, timestamp = reader.number_template("Seconds"), reader.template("Timestamp")
    if (seconds is None) == (timestamp is None):
        raise reader.refuse("", "A Wait needs exactly one of 'Seconds' and 'Timestamp'")
    return WaitState(**_moving(reader, common, seconds, timestamp), seconds=seconds, timestamp=timestamp)


def _parse_task(
    reader: Reader, common: Mapping[str, Any], _language: str, _assigned: frozenset[str]
) -> State:
    reader.only(*_GUARDED, "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials")
    arn = reader.required_text("Resource")
    resource = parse_resource(arn)
    if resource is None:
        raise reader.refuse(
            "Resource",
            f"The resource provided {arn} is not recognized. The value is not a valid resource ARN",
        )
    timeout, heartbeat = reader.number_template("TimeoutSeconds"), reader.number_template("HeartbeatSeconds")
    credentials = reader.template("Credentials")
    return TaskState(
        **_guarded(reader, common, timeout, heartbeat, credentials),
        resource=resource,
        timeout_seconds=timeout,
        heartbeat_seconds=heartbeat,
        credentials=credentials,
    )


def _parse_parallel(
    reader: Reader, common: Mapping[str, Any], language: str, assigned: frozenset[str]
) -> State:
    reader.only(*_GUARDED, "Branches")
    branches = reader.objects("Branches")
    if not branches:
        raise reader.refuse("Branches", "A Parallel needs at least one branch")
    scopes = tuple(parse_scope(branch, language, assigned) for branch in branches)
    return ParallelState(**_guarded(reader, common), branches=scopes)


def _parse_map(reader: Reader, common: Mapping[str, Any], language: str, assigned: frozenset[str]) -> State:
    tolerances = ("ToleratedFailureCount", "ToleratedFailurePercentage")
    reader.only(*_GUARDED, "Items", "ItemSelector", "ItemProcessor", "MaxConcurrency", *tolerances)
    processor = reader.object("ItemProcessor")
    if "ProcessorConfig" in processor and processor.object("ProcessorConfig").text("Mode") == "DISTRIBUTED":
        raise processor.refuse("ProcessorConfig", "Only inline Maps run here")
    items, selector = reader.template("Items"), reader.template("ItemSelector")
    concurrency = reader.number_template("MaxConcurrency")
    count, percentage = (reader.number_template(name) for name in tolerances)
    return MapState(
        **_guarded(reader, common, items, selector, concurrency, count, percentage),
        processor=parse_scope(processor, language, assigned),
        items=items,
        selector=selector,
        maximum_concurrency=concurrency,
        tolerated_count=count,
        tolerated_percentage=percentage,
    )


def _guarded(reader: Reader, common: Mapping[str, Any], *more: Template | None) -> dict[str, Any]:
    """The fields of every state that Retry and Catch exist for."""
    arguments = reader.template("Arguments")
    catchers = tuple(_parse_catcher(catcher, index) for index, catcher in enumerate(reader.objects("Catch")))
    caught = (part for catcher in catchers for part in (catcher.output, catcher.assign))
    return {
        **_moving(reader, common, arguments, *caught, *more),
        "arguments": arguments,
        "retriers": tuple(_parse_retrier(retrier) for retrier in reader.objects("Retry")),
        "catchers": catchers,
    }


def _parse_catcher(reader: Reader, index: int) -> Catcher:
    reader.only("ErrorEquals", "Next", "Output", "Assign", "Comment")
    location = f"Catch[{index}]/"
    return Catcher(
        reader.names("ErrorEquals"),
        reader.required_text("Next"),
        reader.template("Output", location),
        reader.template("Assign", location),
    )


def _parse_retrier(reader: Reader) -> Retrier:
    reader.only(
        "ErrorEquals",
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
        "Comment",
    )
    interval, attempts = reader.number("IntervalSeconds", minimum=1), reader.number("MaxAttempts")
    rate = reader.number("BackoffRate", minimum=1)
    return Retrier(
        errors=reader.names("ErrorEquals"),
        interval_seconds=1 if interval is None else interval,
        maximum_attempts=3 if attempts is None else int(attempts),
        backoff_rate=2.0 if rate is None else rate,
        maximum_delay_seconds=reader.number("MaxDelaySeconds", minimum=1),
        full_jitter=reader.text("JitterStrategy") == "FULL",
    )


_PARSERS: Final[Mapping[str, Callable[[Reader, Mapping[str, Any], str, frozenset[str]], State]]] = (
    MappingProxyType(
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
)
