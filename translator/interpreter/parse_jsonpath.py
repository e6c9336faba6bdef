"""Prepare the states of JSONPath mode that run here: enough for machines that mix the two languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from translator.interpreter.parse_fields import COMMON, ENDING, Surroundings, following, parse_retrier
from translator.interpreter.parse_jsonata import Parser, read_resource
from translator.interpreter.path_flow import arguments_template, result_templates
from translator.interpreter.read import Reader
from translator.interpreter.states import Catcher, FailState, PassState, State, SucceedState, TaskState

_FLOW: Final = ("InputPath", "OutputPath")
_PLACED: Final = ("ResultPath", "Parameters", "Assign")


def _moving(reader: Reader, around: Surroundings, source: str) -> dict[str, Any]:
    output, assign = result_templates(reader, source)
    return {**around.common, "output": output, "assign": assign, "needs_context": output.needs_context}


def _parse_pass(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *ENDING, *_FLOW, *_PLACED, "Result")
    return PassState(**_moving(reader, around, "input"), next=following(reader))


def _parse_succeed(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, *_FLOW)
    return SucceedState(**_moving(reader, around, "input"))


def _parse_fail(reader: Reader, around: Surroundings) -> State:
    reader.only(*COMMON, "Error", "Cause")
    error, cause = reader.constant("Error"), reader.constant("Cause")
    return FailState(**around.common, error=error, cause=cause)


def _parse_task(reader: Reader, around: Surroundings) -> State:
    timing = ("TimeoutSeconds", "HeartbeatSeconds")
    reader.only(*COMMON, *ENDING, *_FLOW, *_PLACED, *timing, "Resource", "ResultSelector", "Retry", "Catch")
    for field in timing:
        reader.number(field, minimum=1)
    return TaskState(
        **_moving(reader, around, "result"),
        next=following(reader),
        resource=read_resource(reader),
        arguments=arguments_template(reader),
        retriers=tuple(parse_retrier(retrier) for retrier in reader.objects("Retry")),
        catchers=tuple(_parse_catcher(catcher) for catcher in reader.objects("Catch")),
        timeout_seconds=reader.constant("TimeoutSeconds"),
        heartbeat_seconds=reader.constant("HeartbeatSeconds"),
        credentials=None,
    )


def _parse_catcher(reader: Reader) -> Catcher:
    reader.only("ErrorEquals", "Next", "ResultPath", "Assign", "Comment")
    return Catcher(
        reader.error_names("ErrorEquals"),
        reader.required_text("Next"),
        *result_templates(reader, "errorOutput"),
    )


JSONPATH_PARSERS: Final[Mapping[str, Parser]] = MappingProxyType(
    {"Pass": _parse_pass, "Succeed": _parse_succeed, "Fail": _parse_fail, "Task": _parse_task}
)
