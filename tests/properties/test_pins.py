"""A definition with pinned nodes runs as if those had just ended, and a resumed run ends as the whole one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.properties.agreement import disagreements
from tests.properties.cases import Case
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, RACING, SEQUENTIAL, generate
from tests.properties.machine import compiled, execute
from tests.properties.oracle import run
from tests.properties.pinning import cut_off
from tests.properties.share import cases
from translator.compiler import compile_text
from translator.definition.model import Pin
from translator.diagnostics import Severity

CASES = cases(5, ordinary=100)
BATCH = 20
SORTS = {
    "sequential": replace(SEQUENTIAL, nodes=12),
    "small": replace(ACYCLIC, nodes=8),
    "acyclic": replace(ACYCLIC, nodes=25),
    "cyclic": replace(CYCLIC, nodes=12),
    "handled": replace(HANDLED, nodes=12),
    "racing": RACING,
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


@pytest.mark.parametrize("first", range(0, max(CASES // len(SORTS), BATCH), BATCH))
@pytest.mark.parametrize("sort", SORTS)
def test_what_pins_leave_of_a_run_ends_as_the_semantics_says(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        random = Random(f"pins {sort} {seed}")
        case = cut_off(generate(random, SORTS[sort]), random)
        wrong = disagreement(case)
        assert not wrong, f"{sort} {seed}:\n{wrong}"


@pytest.mark.parametrize("first", range(0, max(CASES // len(SORTS), BATCH), BATCH))
@pytest.mark.parametrize("sort", SORTS)
def test_a_run_can_be_resumed_from_any_moment(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        random = Random(f"resumed {sort} {seed}")
        case = generate(random, SORTS[sort])
        if any(one.code == "WF310" for one in compiled(case).diagnostics):
            continue  # a drawn loop may read what an inner loop has always forgotten by then
        resumed = cut_off(case, random, whole_moments=True)
        found = disagreements(resumed, execute(resumed, compiled(resumed)))
        assert not found, f"{sort} {seed}: {found}\n{resumed.to_yaml()}"


@pytest.mark.parametrize("first", range(0, max(CASES, BATCH), BATCH))
def test_a_run_that_is_resumed_ends_as_the_whole_run_did(first: int) -> None:
    for seed in range(first, first + BATCH):
        random = Random(f"ended {seed}")
        case = generate(random, replace(ACYCLIC, nodes=12, variables=0, terminates=0))
        whole = run(case.model(), case.trigger, case.answer)
        resumed = cut_off(case, random, whole_moments=True)
        if whole.status != "succeeded" or any(one.status == "cancelled" for one in whole.runs):
            continue
        rest = execute(resumed, compiled(resumed))
        assert rest.output == whole.output, f"{seed}: {resumed.to_yaml()}"
        ran = {one.node for one in whole.runs if one.status != "skipped"} - resumed.given.pins.keys()
        assert {span.node for span in rest.spans} == ran & rest.seen, f"{seed}: {resumed.to_yaml()}"


CONSTRUCTS = sorted((Path(__file__).parent.parent / "golden" / "constructs").glob("*.yaml"))


@pytest.mark.parametrize("definition", CONSTRUCTS, ids=lambda file: file.stem)
def test_whatever_is_pinned_there_is_a_machine_or_a_diagnostic(definition: Path) -> None:
    whole = compile_text(definition.read_text(), file_name=definition.name)
    for seed in range(12):
        random = Random(f"{definition.stem} {seed}")
        nodes = [node.id for node in whole.definition.nodes]
        chosen = random.sample(nodes, random.randint(1, len(nodes)))
        pins = {node: any_pin(random) for node in chosen}
        rest = whole.pinned(pins, {}, random.choice([None, *whole.graph.triggers]))
        if not any(one.severity is Severity.ERROR for one in rest.diagnostics):
            assert rest.machine["States"]


def any_pin(random: Random) -> Pin:
    status = random.choice(("succeeded", "succeeded", "skipped", "failed"))
    return Pin(
        status=status,
        output=random.choice((None, 1, {"port": random.choice(("true", "false", "out"))}, [])),
        error=random.choice(("Timeout", "Mine")) if status == "failed" else None,
        iteration=random.choice((None, None, (0,), (1,), (0, 2))),
    )
