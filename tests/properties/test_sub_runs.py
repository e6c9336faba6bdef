"""Nodes that run another workflow mean in every graph what nodes that call a function mean."""

from __future__ import annotations

import copy
from dataclasses import replace
from random import Random

import pytest

from tests.properties.agreement import disagreements
from tests.properties.cases import Case
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, generate
from tests.properties.machine import compiled, execute
from tests.properties.share import cases

CASES = cases(10, ordinary=100)
BATCH = 20
SORTS = {
    "acyclic": replace(ACYCLIC, nodes=20, error_edges=0.25),
    "cyclic": replace(CYCLIC, nodes=10),
    "handled": replace(HANDLED, nodes=15),
}


def with_sub_runs(case: Case, random: Random) -> Case:
    """The case with workflows in place of some functions; what nodes are tried again stays."""
    definition = copy.deepcopy(dict(case.definition))
    for node in definition["nodes"]:
        if node["type"] == "function" and "retry_policy" not in node and random.random() < 0.6:
            node["type"] = "workflow"
            node["parameters"] = {"workflow": "other", "body": node["parameters"].get("arguments")}
    return replace(case, definition=definition)


@pytest.mark.parametrize("first", range(0, max(CASES // len(SORTS), BATCH), BATCH))
@pytest.mark.parametrize("sort", SORTS)
def test_a_definition_with_sub_runs_runs_as_the_semantics_says(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        random = Random(f"sub-runs {sort} {seed}")
        case = with_sub_runs(generate(random, SORTS[sort]), random)
        compilation = compiled(case)
        if any(one.code == "WF310" for one in compilation.diagnostics):
            continue  # a drawn loop may read what an inner loop has always forgotten by then
        found = disagreements(case, execute(case, compilation))
        assert not found, f"{sort} {seed}: {found}\n{case.to_yaml()}\n{compilation.asl_text}"
