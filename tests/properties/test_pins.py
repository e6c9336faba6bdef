"""A definition with pinned nodes runs as if those had just ended, and a resumed run ends as the whole one."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest

from tests.properties.agreement import disagreements
from tests.properties.cases import Case
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, SEQUENTIAL, generate
from tests.properties.machine import compiled, execute
from tests.properties.pinning import cut_off

CASES = int(os.environ.get("STEPLOOM_PROPERTY_CASES", "500"))
BATCH = 20
SORTS = {
    "sequential": replace(SEQUENTIAL, nodes=12),
    "small": replace(ACYCLIC, nodes=8),
    "acyclic": replace(ACYCLIC, nodes=25),
    "cyclic": replace(CYCLIC, nodes=12),
    "handled": replace(HANDLED, nodes=12),
}
REFUSED = {"WF310", "WF362"}
"""What is read must be there: a node that is cut off from its reader is refused."""


def disagreement(case: Case) -> str:
    """What is wrong with the rest of the run, empty if nothing is."""
    compilation = compiled(case)
    if any(one.code in REFUSED for one in compilation.diagnostics):
        return ""
    found = disagreements(case, execute(case, compilation))
    return "\n".join([*found, case.to_yaml(), compilation.asl_text]) if found else ""


@pytest.mark.parametrize("first", range(0, max(CASES // (5 * len(SORTS)), BATCH), BATCH))
@pytest.mark.parametrize("sort", SORTS)
def test_what_pins_leave_of_a_run_ends_as_the_semantics_says(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        random = Random(f"pins {sort} {seed}")
        case = cut_off(generate(random, SORTS[sort]), random)
        wrong = disagreement(case)
        assert not wrong, f"{sort} {seed}:\n{wrong}"
