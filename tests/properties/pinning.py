"""Takes nodes of a case's own run as ended, so that only the rest is left to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from tests.properties.cases import Case
from tests.properties.given import Ended, Given
from tests.properties.graph import normal_part
from tests.properties.oracle import names_at_start
from tests.properties.part import Part


def cut_off(case: Case, random: Random, *, whole_moments: bool = False) -> Case:
    """The case with all pinned that had ended at some moment, or else with any nodes outside loops."""
    definition = case.model()
    part = Part(normal_part(definition), names_at_start(definition, case.trigger), case.answer)
    part.run(str(case.trigger["id"]))
    log = [one for one in part.log if one[2].failure is None or one[2].failure is not part.fatal]
    log = [one for one in log if definition_type(case, one[0]) != "terminate" or one[2].status == "skipped"]
    if not log:
        return case
    if whole_moments or random.random() < 0.6:
        moment = random.choice([time for _, time, _ in log])
        pins = _at(part, [(node, ended) for node, time, ended in log if time <= moment])
        changes = [values for _, time, values in part.changes if time <= moment]
        return replace(case, given=Given(pins, _joined(changes)))
    plain = {node: ended for node, _, ended in log if not ended.iteration}
    chosen = random.sample(sorted(plain), random.randint(0, len(plain)))
    pins = {node: plain[node] for node in chosen}
    return replace(case, given=Given(pins, _joined([v for node, _, v in part.changes if node in pins])))


def definition_type(case: Case, node: str) -> str:
    """The type of a node."""
    return next(str(one["type"]) for one in case.definition["nodes"] if one["id"] == node)


def _at(part: Part, ended: list[tuple[str, Ended]]) -> dict[str, Ended]:
    """Of each node how it ended last, as far as that was in the iterations that are under way."""
    now: dict[str, tuple[int, ...]] = {}
    loops = [*reversed(part.loops)]
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
