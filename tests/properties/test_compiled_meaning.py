"""The compiled machine means what the definition means: random cases, compared with the oracle."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
import yaml

from tests.properties.agreement import oracle, summary
from tests.properties.cases import Case
from tests.properties.certainty import is_certain
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, JUMPING, RACING, SEQUENTIAL, generate
from tests.properties.machine import compiled, execute
from tests.properties.shape_cases import case_of
from tests.properties.shapes import CORPORA, shapes
from tests.properties.shrinking import shrink
from tests.properties.verdict import LEVELS, wrong

CASES = int(os.environ.get("STEPLOOM_PROPERTY_CASES", "500"))
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
    "racing": RACING,
    "jumping": JUMPING,
    "racing loop": replace(CYCLIC, nodes=8, first=0.5, races=0.9),
}


def batches() -> Iterator[tuple[str, int]]:
    each = -(-CASES // (BATCH * len(SORTS)))
    for sort in SORTS:
        for number in range(each):
            yield sort, number * BATCH


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
    some = shapes()
    for number in range(first, first + BATCH):
        random = Random(number)
        shape = random.choice(some)
        case = case_of(shape, random)
        kind, _ = wrong(case)
        is_refused = bool(shape["back"]) and kind.startswith("DiagnosticsError")
        if kind and not is_refused:
            pytest.fail(f"shape {number}:\n{report(case)}", pytrace=False)


@pytest.mark.parametrize(("sort", "first"), list(batches()))
def test_a_compiled_definition_runs_as_the_semantics_says(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        case = generate(Random(f"{sort} {seed}"), SORTS[sort])
        if wrong(case)[0]:
            pytest.fail(f"{sort} {seed}:\n{report(case)}", pytrace=False)
