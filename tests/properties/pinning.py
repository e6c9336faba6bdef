"""Takes nodes of a case's own run as ended, so that only the rest is left to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from tests.properties.cases import Case
from tests.properties.given import Ended, Given
from tests.properties.oracle import names_at_start, world_at_start
from tests.properties.part import Part
from tests.properties.world import Place


def cut_off(case: Case, random: Random, *, whole_moments: bool = False) -> Case:
    """The case with all pinned that had ended at some moment, or else with any nodes outside loops."""
    part = _normal_part(case)
    log = [one for one in part.log if one[2].failure is None or one[2].failure is not part.fatal]
    log = [one for one in log if definition_type(case, one[0]) != "terminate" or one[2].status == "skipped"]
    if not log:
        return case
    if whole_moments or random.random() < 0.6:
        moment = random.choice([time for _, time, _ in log])
        pins = _at(part, [(node, ended) for node, time, ended in log if time <= moment])
        if not whole_moments:
            pins = {node: one for node, one in pins.items() if not _may_miss(case, node, one, random)}
        changes = [values for _, time, values in part.changes if time <= moment]
        return replace(case, given=Given(pins, _joined(changes)))
    plain = {node: ended for node, _, ended in log if not ended.iteration}
    chosen = random.sample(sorted(plain), random.randint(0, len(plain)))
    pins = {node: plain[node] for node in chosen}
    return replace(case, given=Given(pins, _joined([v for node, _, v in part.changes if node in pins])))


def _normal_part(case: Case) -> Part:
    """The case's normal part, run to its end."""
    definition = case.model()
    world = world_at_start(case.plans, case.answer)

    def stop(part: Part) -> None:
        world.clock.stopped = True

    part = Part(world, world.plans.normal(None), names_at_start(definition, case.trigger), Place(), stop)
    part.begin(str(case.trigger["id"]))
    world.clock.run()
    return part


def _may_miss(case: Case, node: str, ended: Ended, random: Random) -> bool:
    """Sometimes: in a loop a condition may be decided anew."""
    is_free = definition_type(case, node) == "condition" and ended.status == "succeeded"
    return is_free and bool(ended.iteration) and random.random() < 0.4


def definition_type(case: Case, node: str) -> str:
    """The type of a node."""
    return next(str(one["type"]) for one in case.definition["nodes"] if one["id"] == node)


def _at(part: Part, ended: list[tuple[str, Ended]]) -> dict[str, Ended]:
    """Of each node how it ended last, as far as that was in the iterations that are under way."""
    now: dict[str, tuple[int, ...]] = {}
    loops = [*reversed(part.plan.loops)]
    last = dict(ended)
    for depth, loop in enumerate(loops):
        del depth
        inside = [one for node, one in last.items() if node in loop.nodes]
        around = sum(loop.nodes <= other.nodes for other in loops)
        if inside:
            now[loop.header] = max(one.iteration[:around] for one in inside)
    return {
        node: one
        for node, one in last.items()
        if all(
            one.iteration[: len(now[loop.header])] == now[loop.header] for loop in loops if node in loop.nodes
        )
    }


def _joined(changes: list[Mapping[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in changes:
        values |= each
    return values
