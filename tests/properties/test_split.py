"""A workflow that was split into several state machines does what it did as one."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from tests.properties.cases import Case
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, SEQUENTIAL, generate
from tests.properties.parting import assert_same_end
from tests.properties.share import cases
from translator.compiler import Compilation, CompileOptions, compile_text
from translator.legalize import sent_bytes

CASES = cases(20, ordinary=50)
BATCH = 5
SMALL = 20_000
"""Bytes of a machine that holds about twenty nodes."""
SORTS = {
    "sequential": replace(SEQUENTIAL, nodes=80),
    "acyclic": replace(ACYCLIC, nodes=60),
    "cyclic": replace(CYCLIC, nodes=50),
    "handled": replace(HANDLED, nodes=50),
}
EACH = -(-CASES // (BATCH * len(SORTS)))
BATCHES = [(sort, number * BATCH) for sort in SORTS for number in range(EACH)]


def compilations(case: Case) -> tuple[Compilation, Compilation]:
    """The case's definition as one machine, and split where it is large."""
    text = json.dumps(case.definition)
    options = CompileOptions(most_bytes=SMALL)
    return compile_text(text), compile_text(text, options=options)


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_a_split_workflow_ends_as_the_whole_one(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        case = generate(Random(f"split {sort} {seed}"), SORTS[sort])
        whole, split = compilations(case)
        codes = {one.code for one in split.diagnostics}
        if {"WF310", "WF501"} & codes:
            continue
        assert_same_end(case, whole.machine, split, f"{sort} {seed}\n{case.to_yaml()}")


def test_most_large_definitions_can_be_split() -> None:
    split = refused = 0
    for seed in range(25):
        case = generate(Random(f"split acyclic {seed}"), SORTS["acyclic"])
        _, compilation = compilations(case)
        codes = {one.code for one in compilation.diagnostics}
        split += "WF502" in codes
        refused += "WF501" in codes
        if "WF502" in codes and "WF501" not in codes:
            texts = (compilation.sent_text, *compilation.sent_parts.values())
            assert max(map(sent_bytes, texts)) <= SMALL
    assert split > refused
