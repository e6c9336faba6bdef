"""Whatever an author makes of a definition, compiling gives a machine or diagnostics, never anything else."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.diagnostics.examples import EVERY_CONSTRUCT, changed
from tests.diagnostics.growth import CAREFUL
from tests.diagnostics.mutations import CARELESS
from tests.properties.definitions import ACYCLIC, BODIED, CYCLIC, HANDLED, NESTED, RACING, generate
from tests.properties.share import cases
from translator.compiler import Compilation, compile_data, compile_text
from translator.diagnostics import DiagnosticsError, Severity

CASES = cases(10, ordinary=75)
"""Of each of four kinds."""

wholly = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))


DRAWN = [
    dict(generate(Random(f"totality {seed}"), replace(features, nodes=8)).definition)
    for features in (ACYCLIC, BODIED, CYCLIC, HANDLED, NESTED, RACING)
    for seed in range(10)
]


def compile_wholly(compilation: Compilation) -> bool:
    """Whether there was a machine; raises whatever is no DiagnosticsError."""
    found = compilation.diagnostics
    assert all(one.hint and one.message for one in found)
    assert len(set(found)) == len(found)
    if any(one.severity is Severity.ERROR for one in found):
        return False
    text = compilation.asl_text
    assert json.loads(text) == compilation.machine
    shown = compilation.source_map.to_json()["nodes"].keys()
    assert compilation.graph.nodes.keys() <= shown <= {node.id for node in compilation.definition.nodes}
    calls = [node for node in compilation.manifest.functions if node]
    assert bool(compilation.manifest.to_text()) or not calls
    assert compilation.forecast.to_text()
    return True


def read(text: str) -> Compilation | None:
    try:
        return compile_text(text, file_name="workflow.json")
    except DiagnosticsError as error:
        refused = error.diagnostics
    assert refused
    assert all(one.position.line >= 1 for one in refused)
    return None


def compile_both_ways(data: dict[str, Any]) -> None:
    compilation = read(json.dumps(data))
    if compilation is not None and compile_wholly(compilation):
        assert compile_data(data).asl_text == compilation.asl_text


@wholly
@given(changed(CARELESS, 4))
def test_a_definition_that_was_changed_without_care_compiles_or_is_refused(data: dict[str, Any]) -> None:
    compile_both_ways(data)


@wholly
@given(changed(CARELESS, 4, EVERY_CONSTRUCT))
def test_a_construct_that_was_changed_without_care_compiles_or_is_refused(data: dict[str, Any]) -> None:
    compile_both_ways(data)


@wholly
@given(changed(CARELESS, 2, DRAWN))
def test_a_drawn_definition_that_was_changed_without_care_compiles_or_is_refused(
    data: dict[str, Any],
) -> None:
    compile_both_ways(data)


@wholly
@given(changed(CAREFUL, 8))
def test_a_definition_that_grew_compiles_or_is_refused(data: dict[str, Any]) -> None:
    compile_both_ways(data)
