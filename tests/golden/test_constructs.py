"""One small definition for every construct: its printed forms are as they were, and its own tests pass."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.timeline import build_timeline
from steploom.large_values import ValuesInMemory
from steploom.phases import FORMS
from tests.golden.golden_file import remove_or_refuse, rewrite_or_compare
from translator.compiler import Compilation, compile_text
from translator.definition.model import TestCase
from translator.json_value import JsonValue
from translator.testing import CaseResult, run_case
from translator.testing.mocks import OF_THE_MACHINE

CONSTRUCTS: Final = Path(__file__).parent / "constructs"
DEFINITIONS: Final = sorted(CONSTRUCTS.glob("*.yaml"))
PRINTED: Final = ("asl", "regions", "source-map")


@cache
def compiled(definition: Path) -> Compilation:
    return compile_text(definition.read_text(), file_name=definition.name)


def golden_file(definition: Path, form: str) -> Path:
    return definition.with_name(definition.stem + FORMS[form].suffix)


def result_of(compilation: Compilation, case: TestCase) -> CaseResult:
    """How a case of the definition goes where no node runs for real."""
    values = ValuesInMemory(compilation.manifest.trigger_keep)

    def refuse(payload: Mapping[str, Any]) -> Mapping[str, JsonValue]:
        assert not OF_THE_MACHINE.isdisjoint(payload), f"node {payload['node']} has no mock"
        return invoke_node(payload, MemoryRecords(), lambda: 0.0, objects=values.objects)

    return run_case(compilation, case, refuse, build_timeline, values=values)


@pytest.mark.parametrize("form", PRINTED)
@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda file: file.stem)
def test_a_construct_compiles_to_what_it_compiled_to(definition: Path, form: str) -> None:
    rewrite_or_compare(golden_file(definition, form), FORMS[form].text(compiled(definition)))


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda file: file.stem)
def test_a_construct_does_what_its_own_tests_say_and_they_reach_all_of_it(definition: Path) -> None:
    compilation = compiled(definition)
    document = compilation.definition
    results = [result_of(compilation, case) for case in document.tests]
    assert {result.name: result.problems for result in results if not result.passed} == {}
    assert all(case.expect.status for case in document.tests)
    reached = {run.node for result in results for run in result.node_runs}
    assert {node.id for node in document.nodes} - reached == set()
    assert document.id == definition.stem


def test_every_printed_form_belongs_to_a_construct() -> None:
    wanted = {golden_file(definition, form) for definition in DEFINITIONS for form in PRINTED}
    remove_or_refuse(set(CONSTRUCTS.iterdir()) - wanted - set(DEFINITIONS))
