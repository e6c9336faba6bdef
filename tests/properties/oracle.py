"""The meaning of a graph, executed directly on virtual time: docs/semantics.md as a program.

It knows no state machine. Read it beside the document: each part names its paragraph there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from tests.properties.behaviour import Answers, Failure, Outcome
from tests.properties.bodies import body_of
from tests.properties.expressions import fill
from tests.properties.given import NOTHING, Given
from tests.properties.iteration import concluded, handle, last_outputs
from tests.properties.part import Part
from tests.properties.plan import Plans
from tests.properties.schedule import FREE, NodeRun, Schedule
from tests.properties.world import Place, World
from translator.definition.model import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    status: Literal["succeeded", "failed", "stuck"]
    """`stuck` only under a schedule that never starts a node which the run waits for."""
    runs: tuple[NodeRun, ...]
    unlawful: tuple[str, ...] = ()
    """Where a schedule starts a node before the semantics lets it start."""
    cuts: tuple[float, ...] = ()
    """When a failure or a `terminate` ended a part (the run, a handler, an iteration) or a race was won."""
    output: Any = None
    error: str | None = None
    cause: str | None = None
    waiting: tuple[str, ...] = ()
    """The nodes that a stuck run waits for."""


def run(
    definition: WorkflowDefinition,
    trigger: Mapping[str, Any],
    answers: Answers,
    schedule: Schedule | None = None,
    given: Given = NOTHING,
    plans: Plans | None = None,
) -> Result:
    """The run that the trigger starts; raises `loops.Refused` for a definition without a meaning.

    `trigger` is `$trigger`, its `id` names the trigger that fired; `plans` are the definition's, if known.
    """
    wanted = re.findall(r"\$([a-z][a-z0-9_]*)", json.dumps(definition.output))
    given = replace(given, wanted=frozenset(wanted))
    world = world_at_start(plans or Plans(definition), answers, schedule or FREE, given)
    names = names_at_start(definition, trigger)
    ended: list[Outcome] = []

    def finish(part: Part, failure: Failure | None) -> None:
        world.clock.stopped = True
        is_over = failure or part.ended
        ended.append(Outcome(failure=failure, ended=part.ended) if is_over else concluded(part, _output))
        if ended[0].failure:
            world.cuts.append(world.clock.now)

    def try_handlers(part: Part) -> None:
        failure = part.fatal
        if not failure or not handle(world, None, failure, names, Place(), finish):
            finish(part, failure)

    normal = Part(world, world.plans.normal(None), names, Place(), try_handlers, given)
    normal.begin(str(trigger["id"]))
    world.clock.run()
    return _result(world, ended[0] if ended else None)


def world_at_start(
    plans: Plans, answers: Answers, schedule: Schedule = FREE, given: Given = NOTHING
) -> World:
    """Before anything ran."""
    variables = {variable.name: variable.value for variable in plans.definition.variables}
    return World(plans, answers, schedule, body_of, {**variables, **given.variables})


def names_at_start(definition: WorkflowDefinition, trigger: Mapping[str, Any]) -> dict[str, Any]:
    """What expressions see before anything ran, but for the variables."""
    return {"trigger": trigger, "error": None, **dict.fromkeys(node.id for node in definition.nodes)}


def _output(part: Part) -> Any:
    """Output: what the workflow says, else the outputs of its last nodes."""
    output = part.world.plans.definition.output
    return last_outputs(part) if output is None else fill(output, part.seen())


def _result(world: World, outcome: Outcome | None) -> Result:
    runs = tuple(sorted(world.runs, key=lambda one: one.started_at))
    seen = (runs, tuple(world.unlawful), tuple(world.cuts))
    if outcome is None:
        return Result(
            "stuck", *seen, waiting=tuple(f"{node}{list(items) or ''}" for node, items in world.waiting)
        )
    if outcome.failure:
        return Result("failed", *seen, error=outcome.failure.error, cause=outcome.failure.cause)
    if outcome.ended is None:
        return Result("succeeded", *seen, output=outcome.output)
    end = outcome.ended
    if end.status == "failed":
        return Result("failed", *seen, error=end.error, cause=end.cause)
    return Result("succeeded", *seen, output=end.output)
