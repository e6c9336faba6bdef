"""The compiled machine means what the definition means: random cases, compared with the oracle."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

import pytest

from tests.properties.cases import Case
from tests.properties.definitions import generate
from tests.properties.shape_cases import case_of
from tests.properties.shapes import CORPORA, shapes
from tests.properties.share import cases
from tests.properties.sorts import SORTS
from tests.properties.verdict import Verdict, judge, report

CASES = cases()
Record: TypeAlias = Callable[[str, object], None]
BATCH = 25
"""Cases in one test, so that several processes can share them."""


def batches() -> Iterator[tuple[str, int]]:
    each = -(-CASES // (BATCH * len(SORTS)))
    for sort in SORTS:
        for number in range(each):
            yield sort, number * BATCH


def judge_all(
    sort: str, cases: Iterator[tuple[int, Case]], record_property: Record, *, may_be_refused: bool = False
) -> None:
    """Fails with the first case that is not as the semantics says; counts what the others came to."""
    ends: Counter[str] = Counter()
    for number, case in cases:
        verdict = judge(case)
        if verdict.kind == "DiagnosticsError" and may_be_refused:
            verdict = Verdict()
        if verdict.kind:
            pytest.fail(f"{sort} {number}:\n{report(case)}", pytrace=False)
        ends[verdict.status.lower()] += 1
    record_property("random_cases", (sort, dict(ends)))


@pytest.mark.skipif(CORPORA not in os.environ, reason=f"{CORPORA} names no folder")
@pytest.mark.parametrize("first", range(0, max(CASES // 5, BATCH), BATCH))
def test_a_compiled_shape_runs_as_the_semantics_says(first: int, record_property: Record) -> None:
    some = shapes()
    randoms = [(number, Random(number)) for number in range(first, first + BATCH)]
    drawn = [(number, random.choice(some), random) for number, random in randoms]
    acyclic = ((number, case_of(shape, random)) for number, shape, random in drawn if not shape["back"])
    judge_all("shape", acyclic, record_property)
    cyclic = ((number, case_of(shape, random)) for number, shape, random in drawn if shape["back"])
    judge_all("shape with back edges", cyclic, record_property, may_be_refused=True)


@pytest.mark.parametrize(("sort", "first"), list(batches()))
def test_a_compiled_definition_runs_as_the_semantics_says(
    sort: str, first: int, record_property: Record
) -> None:
    seeds = range(first, first + BATCH)
    judge_all(
        sort, ((seed, generate(Random(f"{sort} {seed}"), SORTS[sort])) for seed in seeds), record_property
    )
