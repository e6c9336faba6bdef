"""The random definitions are valid, reproducible and hold what they are meant to hold."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from tests.properties.cases import Case
from tests.properties.certainty import is_certain
from tests.properties.definitions import (
    ACYCLIC,
    BODIED,
    CYCLIC,
    HANDLED,
    NESTED,
    RACING,
    SEQUENTIAL,
    Features,
    cases,
    generate,
)
from tests.properties.draft import BODIES
from tests.properties.graph import normal_part
from tests.properties.loops import loops_of
from tests.properties.oracle import Result, run
from tests.properties.world import is_body
from translator.nodes import load


def ran(case: Case) -> Result:
    return run(case.model(), case.trigger, case.answer)


@pytest.mark.parametrize("features", [SEQUENTIAL, ACYCLIC, HANDLED, CYCLIC, RACING, BODIED, NESTED])
def test_every_drawn_definition_is_valid_and_its_run_ends(features: Features) -> None:
    for seed in range(100):
        case = generate(Random(seed), features)
        for node in case.model().nodes:
            if not is_body(node):
                load(node.type).Parameters.model_validate(node.parameters)
        assert is_certain(case)
        assert ran(case).status in ("succeeded", "failed")


def test_the_same_seed_draws_the_same_case() -> None:
    assert generate(Random(7), CYCLIC) == generate(Random(7), CYCLIC)


def test_what_is_drawn_holds_every_feature() -> None:
    drawn = [generate(Random(seed), CYCLIC) for seed in range(200)]
    results = [ran(case) for case in drawn]
    ends = Counter(one.status for result in results for one in result.runs)
    assert min(ends[status] for status in ("succeeded", "failed", "skipped", "cancelled")) > 20
    assert 0.1 < sum(result.status == "failed" for result in results) / len(results) < 0.5
    assert sum(bool(loops_of(normal_part(case.model()))) for case in drawn) > 100
    assert sum(any(any(one.iteration) for one in result.runs) for result in results) > 50


def test_what_is_drawn_holds_bodies_of_every_kind_whose_iterations_end_in_every_way() -> None:
    drawn = [generate(Random(seed), NESTED) for seed in range(200)]
    results = [ran(case) for case in drawn]
    kinds = Counter(node.type for case in drawn for node in case.model().nodes)
    assert min(kinds[kind] for kind in BODIES) > 100
    inner = Counter(one.status for result in results for one in result.runs if one.items)
    assert min(inner[status] for status in ("succeeded", "failed", "skipped", "cancelled")) > 20
    assert sum(any(len(one.items) > 1 for one in result.runs) for result in results) > 10


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(Features(nodes=8)))
def test_hypothesis_draws_cases_too(case: Case) -> None:
    assert ran(case).status in ("succeeded", "failed")
