"""Workflows that are split: their machines are as they were, and their own tests pass."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.golden.golden_file import remove_or_refuse, rewrite_or_compare
from tests.golden.test_constructs import result_of
from translator.compiler import Compilation, CompileOptions, compile_text

SPLITS: Final = Path(__file__).parent / "splits"
OPTIONS: Final = {
    "rounds-of-a-loop": CompileOptions(most_events=150),
    "items-of-a-list": CompileOptions(most_events=250),
    "by-size": CompileOptions(most_bytes=9_000),
    "inside-a-loop": CompileOptions(most_bytes=9_000),
}


@cache
def compiled(name: str) -> Compilation:
    return compile_text((SPLITS / f"{name}.yaml").read_text(), options=OPTIONS[name])


@pytest.mark.parametrize("name", OPTIONS)
def test_a_workflow_is_split_as_it_was(name: str) -> None:
    compilation = compiled(name)
    assert {"WF502", "WF571"} & {one.code for one in compilation.diagnostics}
    machines = {"": compilation.machine, **compilation.parts}
    rewrite_or_compare(SPLITS / f"{name}.json", json.dumps(machines, indent=2, ensure_ascii=False))
    source_map = json.dumps(compilation.source_map.to_json(), indent=2, ensure_ascii=False)
    rewrite_or_compare(SPLITS / f"{name}.source-map.json", source_map)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_split_workflow_does_what_its_own_tests_say(name: str) -> None:
    compilation = compiled(name)
    results = [result_of(compilation, case) for case in compilation.definition.tests]
    assert {result.name: result.problems for result in results if not result.passed} == {}
    assert results


def test_every_file_belongs_to_a_workflow() -> None:
    endings = (".yaml", ".json", ".source-map.json")
    remove_or_refuse(
        set(SPLITS.iterdir()) - {SPLITS / f"{name}{ending}" for name in OPTIONS for ending in endings}
    )
