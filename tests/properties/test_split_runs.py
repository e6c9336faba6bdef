"""A run that was split because its history would be too long does what it did as one execution."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from tests.properties.cases import Case
from tests.properties.definitions import generate
from tests.properties.parting import assert_same_end
from tests.properties.share import cases
from tests.properties.sorts import SORTS
from translator.compiler import CompileOptions, compile_text

CASES = cases(20, ordinary=50)
BATCH = 5
FEW = 300
"""Events of an execution: so that loops and Maps of small definitions are too long."""
WHOLE = {name: SORTS[name] for name in ("cyclic", "racing", "racing loop", "bodied", "nested", "jumping")}
EACH = -(-CASES // (BATCH * len(WHOLE)))
BATCHES = [(sort, number * BATCH) for sort in WHOLE for number in range(EACH)]


def options(case: Case) -> CompileOptions:
    """As if every loop and Map were declared to repeat ten times."""
    return CompileOptions(most_events=FEW, counts={node["id"]: 10 for node in case.definition["nodes"]})


def drawn(sort: str, seed: int) -> Case:
    return generate(Random(f"runs {sort} {seed}"), replace(WHOLE[sort], unhandled=0.4))


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_a_split_run_ends_as_the_whole_one(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        case = drawn(sort, seed)
        text = json.dumps(case.definition)
        whole, split = compile_text(text), compile_text(text, options=options(case))
        codes = {one.code for one in split.diagnostics}
        if "WF571" not in codes or "WF570" in codes:
            continue
        assert_same_end(case, whole.machine, split, f"{sort} {seed}\n{case.to_yaml()}")
