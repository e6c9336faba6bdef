"""The meaning of a graph, executed directly on virtual time: docs/semantics.md as a program.

It knows no state machine. Read it beside the document: each part names its paragraph there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from tests.properties.behaviour import EXPRESSION_ERROR, Answers, Failure, matches
from tests.properties.expressions import EvaluationFailed, fill
from tests.properties.given import NOTHING, Given
from tests.properties.graph import handler_part, normal_part
from tests.properties.part import Part
from tests.properties.schedule import NodeRun, Schedule
from translator.definition.model import ErrorHandler, WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    status: Literal["succeeded", "failed", "stuck"]
    """`stuck` only under a schedule that never starts a node which the run waits for."""
    runs: tuple[NodeRun, ...]
    output: Any = None
    error: str | None = None
    cause: str | None = None
    waiting: tuple[str, ...] = ()
    """The nodes that a stuck run waits for."""
    unlawful: tuple[str, ...] = ()
    """Where a schedule starts a node before the semantics lets it start."""
    cuts: tuple[float, ...] = ()
    """When a failure or a `terminate` ended the run's normal part or its handler's, or a race was won."""


def run(
    definition: WorkflowDefinition,
    trigger: Mapping[str, Any],
    answers: Answers,
    schedule: Schedule | None = None,
    given: Given = NOTHING,
) -> Result:
    """The run that the trigger starts; raises `loops.Refused` for a definition without a meaning.

    `trigger` is `$trigger`, its `id` names the trigger that fired.
    """
    names = names_at_start(definition, trigger)
    wanted = re.findall(r"\$([a-z][a-z0-9_]*)", json.dumps(definition.output))
    given = replace(given, wanted=frozenset(wanted))
    normal = Part(normal_part(definition), names, answers, schedule, given=given)
    normal.run(str(trigger["id"]))
    if normal.fatal is None:
        return _ended(definition, [normal])
    handler = handler_of(definition, normal.fatal)
    if handler is None:
        return _result([normal], "failed", failure=normal.fatal)
    variables = {variable.name: normal.names[variable.name] for variable in definition.variables}
    names = names_at_start(definition, trigger) | variables | {"error": normal.fatal.to_json()}
    handling = Part(handler_part(definition, handler.node), names, answers, schedule, now=normal.now)
    handling.run(handler.node)
    return _handled(definition, normal, handling, handler)


def handler_of(definition: WorkflowDefinition, failure: Failure) -> ErrorHandler | None:
    """An unhandled failure: the first matching entry of the workflow."""
    fitting = (
        one for one in definition.error_handlers if one.of is None and matches(one.errors, failure.error)
    )
    return next(fitting, None)


def names_at_start(definition: WorkflowDefinition, trigger: Mapping[str, Any]) -> dict[str, Any]:
    """What expressions see before anything ran."""
    outputs: dict[str, Any] = {node.id: None for node in definition.nodes}
    variables = {variable.name: variable.value for variable in definition.variables}
    return outputs | variables | {"trigger": trigger, "error": None}


def _handled(definition: WorkflowDefinition, normal: Part, handling: Part, handler: ErrorHandler) -> Result:
    parts = [normal, handling]
    if handling.fatal is not None:
        return _result(parts, "failed", failure=handling.fatal)
    if handler.resolve or handling.ended is not None or handling.waiting:
        return _ended(definition, parts)
    return _result(parts, "failed", failure=normal.fatal)


def _ended(definition: WorkflowDefinition, parts: list[Part]) -> Result:
    """The end of a run whose last part had no unhandled failure."""
    last = parts[-1]
    if last.ended is not None:
        failure = Failure(last.ended.error, last.ended.cause, "") if last.ended.status == "failed" else None
        return _result(parts, last.ended.status, last.ended.output, failure)
    if last.waiting:
        return _result(parts, "stuck")
    if definition.output is not None:
        try:
            return _result(parts, "succeeded", fill(definition.output, last.names))
        except EvaluationFailed as failed:
            last.fatal = Failure(EXPRESSION_ERROR, str(failed), "")
            return _result(parts, "failed", failure=last.fatal)
    return _result(parts, "succeeded", _leaves(last))


def _leaves(part: Part) -> dict[str, Any]:
    """Output: those nodes without outgoing forward edges that succeeded."""
    inner = {link.source for link in part.forward}
    return {node: part.names[node] for node in part.graph.nodes if node in part.succeeded - inner}


def _result(
    parts: list[Part],
    status: Literal["succeeded", "failed", "stuck"],
    output: Any = None,
    failure: Failure | None = None,
) -> Result:
    runs = tuple(sorted((one for part in parts for one in part.runs), key=lambda one: one.started_at))
    unlawful = tuple(one for part in parts for one in part.unlawful)
    waiting = tuple(parts[-1].waiting) if status == "stuck" else ()
    error, cause = (failure.error, failure.cause) if failure else (None, None)
    cuts = tuple(part.now for part in parts if part.fatal or part.ended)
    cuts += tuple(moment for part in parts for moment in part.won_at)
    return Result(status, runs, output, error, cause, waiting, unlawful, cuts)
