"""Takes nodes of a case's own run as ended, so that only the rest is left to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.properties.cases import Case
from tests.properties.given import Ended, Given
from tests.properties.oracle import names_at_start, world_at_start
from tests.properties.part import Part
from tests.properties.world import Place


@dataclass(frozen=True)
class Finished:
    """A whole run: how each node outside loops ended, by node in the order in which they did."""

    ended: Mapping[str, tuple[float, Ended]]
    changes: tuple[tuple[str, Mapping[str, Any]], ...]


def finished(case: Case) -> Finished:
    """How the nodes of the case's normal part end when nothing is pinned."""
    definition = case.model()
    world = world_at_start(definition, case.answer)
    plan = world.plans.normal(None)

    def stop(part: Part) -> None:
        world.clock.stopped = True

    part = Part(world, plan, names_at_start(definition, case.trigger), Place(), stop)
    part.begin(str(case.trigger["id"]))
    world.clock.run()
    looping = {node for loop in plan.loops for node in loop.nodes}
    ended: dict[str, tuple[float, Ended]] = {}
    for one in world.runs:
        if one.node not in plan.graph.nodes or one.node in looping or one.status == "cancelled":
            continue
        if one.status == "skipped":
            ended[one.node] = (one.ended_at, Ended("skipped"))
        elif one.status == "failed" and part.failures[one.node] is not part.fatal:
            ended[one.node] = (one.ended_at, Ended("failed", failure=part.failures[one.node]))
        elif one.node in part.succeeded:
            output = part.names[one.node]
            port = output["port"] if plan.graph.nodes[one.node].type == "condition" else "out"
            ended[one.node] = (one.ended_at, Ended("succeeded", output, port))
    return Finished(ended, tuple(part.changes))


def cut_off(case: Case, random: Random) -> Case:
    """The case with all pinned that had ended at some moment, or with any nodes pinned at random."""
    run = finished(case)
    if not run.ended:
        return case
    if random.random() < 0.5:
        moment = random.choice([time for time, _ in run.ended.values()])
        chosen = {node for node, (time, _) in run.ended.items() if time <= moment}
    else:
        chosen = set(random.sample(sorted(run.ended), random.randint(1, len(run.ended))))
    pins = {node: run.ended[node][1] for node in sorted(chosen)}
    variables: dict[str, Any] = {}
    for node, values in run.changes:
        variables |= values if node in chosen else {}
    return replace(case, given=Given(pins, variables))
