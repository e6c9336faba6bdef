"""What pins leave of a definition: every test case's machine is as it was, and does what the case says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.golden.golden_file import remove_or_refuse, rewrite_or_compare
from tests.golden.test_constructs import result_of
from translator.compiler import Compilation, compile_text
from translator.definition.model import TestCase

PINNED: Final = Path(__file__).parent / "pins"


def compiled(definition: Path) -> Compilation:
    return compile_text(definition.read_text(), file_name=definition.name)


CASES: Final = [
    (definition, case)
    for definition in sorted(PINNED.glob("*.yaml"))
    for case in compiled(definition).definition.tests
]
each_case = pytest.mark.parametrize(
    ("definition", "case"), CASES, ids=[f"{definition.stem}: {case.name}" for definition, case in CASES]
)


def golden_file(definition: Path, case: TestCase) -> Path:
    words = re.sub(r"[^a-z]+", "-", case.name)
    return definition.with_name(f"{definition.stem}.{words}.asl.json")


@each_case
def test_what_is_left_compiles_to_what_it_compiled_to(definition: Path, case: TestCase) -> None:
    compilation = compiled(definition).pinned(case.pins, case.variables, None)
    rewrite_or_compare(golden_file(definition, case), compilation.asl_text)


@each_case
def test_what_is_left_does_what_its_test_says_and_pinned_nodes_do_not_run(
    definition: Path, case: TestCase
) -> None:
    result = result_of(compiled(definition), case)
    assert result.problems == ()
    ended = {node for node, pin in case.pins.items() if pin.iteration is None}
    assert {run.node for run in result.node_runs} & ended == set()


def test_every_machine_belongs_to_a_test_case() -> None:
    wanted = {golden_file(definition, case) for definition, case in CASES}
    remove_or_refuse(set(PINNED.iterdir()) - wanted - {definition for definition, _ in CASES})
