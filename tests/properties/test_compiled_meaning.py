"""The compiled machine means what the definition means: random cases, compared with the oracle."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Literal, TypeAlias

import pytest
import yaml

from tests.properties.agreement import delays, disagreements, oracle, summary
from tests.properties.cases import Case
from tests.properties.certainty import is_certain
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, SEQUENTIAL, generate
from tests.properties.machine import compiled, execute
from tests.properties.shapes import CORPORA, case_of, shapes
from tests.properties.shrinking import shrink

CASES = int(os.environ.get("STEPLOOM_PROPERTY_CASES", "500"))
Level: TypeAlias = Literal[0, 1, 2]
LEVELS: tuple[Level, ...] = (0, 1, 2)
BATCH = 25
"""Cases in one test, so that several processes can share them."""
SORTS = {
    "sequential": SEQUENTIAL,
    "small": replace(ACYCLIC, nodes=10),
    "acyclic": ACYCLIC,
    "computing": replace(ACYCLIC, nodes=15, transforms=0.5, variables=0.2),
    "loop": replace(CYCLIC, nodes=10),
    "cyclic": CYCLIC,
    "handled": HANDLED,
}


def batches() -> Iterator[tuple[str, int]]:
    each = -(-CASES // (BATCH * len(SORTS)))
    for sort in SORTS:
        for number in range(each):
            yield sort, number * BATCH


def wrong(case: Case) -> tuple[str, list[str]]:
    """The kind of failure at the first optimize level that has one, empty if none has, and what it is."""
    for level in LEVELS:
        kind, lines = wrong_at(case, level)
        if kind:
            return f"{kind} at level {level}", lines
    return "", []


def wrong_at(case: Case, level: Level) -> tuple[str, list[str]]:
    """The kind of failure, empty if there is none, and what it is.

    A drawn loop may read what an inner loop has always forgotten by then: that must be refused.
    """
    try:
        compilation = compiled(case, level)
        if any(one.code == "WF310" for one in compilation.diagnostics):
            return "", []
        machine = execute(case, compilation)
    except Exception as error:
        return type(error).__name__, [str(error), *traceback.format_tb(error.__traceback__)[-3:]]
    found = disagreements(case, machine)
    if found:
        return "disagreement", found
    has_barrier = any(one.code.startswith("WF4") for one in compilation.diagnostics)
    late = [] if has_barrier else delays(case, machine)
    return ("delay without a note" if late else "", late)


def report(case: Case) -> str:
    """The smallest case that fails in the same way, with the machine and both runs."""
    kind, _ = wrong(case)
    small = shrink(case, lambda smaller: is_certain(smaller) and wrong(smaller)[0] == kind)
    lines = [*wrong(small)[1], "", small.to_yaml()]
    if kind.startswith(("disagreement", "delay without a note")):
        compilation = compiled(small, LEVELS[int(kind[-1])])
        machine = execute(small, compilation)
        runs = summary(machine, oracle(small, machine))
        lines += [
            compilation.asl_text,
            yaml.safe_dump(json.loads(json.dumps(runs)), sort_keys=False, width=110),
        ]
    return "\n".join(lines)


@pytest.mark.skipif(CORPORA not in os.environ, reason=f"{CORPORA} names no folder")
@pytest.mark.parametrize("first", range(0, max(CASES // 5, BATCH), BATCH))
def test_a_compiled_shape_runs_as_the_semantics_says(first: int) -> None:
    acyclic = [shape for shape in shapes() if not shape["back"]]
    for number in range(first, first + BATCH):
        random = Random(number)
        case = case_of(random.choice(acyclic), random)
        if wrong(case)[0]:
            pytest.fail(f"shape {number}:\n{report(case)}", pytrace=False)


@pytest.mark.parametrize(("sort", "first"), list(batches()))
def test_a_compiled_definition_runs_as_the_semantics_says(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        case = generate(Random(f"{sort} {seed}"), SORTS[sort])
        if wrong(case)[0]:
            pytest.fail(f"{sort} {seed}:\n{report(case)}", pytrace=False)
