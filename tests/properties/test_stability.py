"""The order of a file changes nothing; a node's name changes only what names it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.properties.definitions import generate
from tests.properties.graph import parts
from tests.properties.share import cases
from tests.properties.sorts import SORTS
from translator.compiler import Compilation, compile_data
from translator.definition.model import WorkflowDefinition

CASES = cases(10, ordinary=50)
EACH = max(CASES // len(SORTS), 4)


def drawn(sort: str, seed: int) -> dict[str, Any]:
    """Every node has a name of its own, so that a state's name does not come from its id."""
    definition = json.loads(json.dumps(generate(Random(f"stability {sort} {seed}"), SORTS[sort]).definition))
    for number, node in enumerate(definition["nodes"]):
        node["name"] = f"Node {number}"
    assert isinstance(definition, dict)
    return definition


def compiled(definition: Mapping[str, Any]) -> Compilation | None:
    """None for what a drawn loop may read and cannot."""
    compilation = compile_data(definition)
    return None if any(one.code == "WF310" for one in compilation.diagnostics) else compilation


def starts_in_a_circle(definition: Mapping[str, Any]) -> bool:
    """Whether a part begins in a loop that nothing leads to: there the node listed first is the first."""
    graphs = parts(WorkflowDefinition.model_validate(definition))
    return any(
        graph.entering(entry) for graph in graphs for group in graph.entries.values() for entry in group
    )


@pytest.mark.parametrize("sort", SORTS)
def test_the_order_of_nodes_and_edges_changes_nothing(sort: str) -> None:
    for seed in range(EACH):
        definition, random = drawn(sort, seed), Random(seed)
        compilation = compiled(definition)
        if compilation is None or starts_in_a_circle(definition):
            continue
        mixed = {
            **definition,
            "nodes": random.sample(definition["nodes"], len(definition["nodes"])),
            "edges": random.sample(definition.get("edges", []), len(definition.get("edges", []))),
        }
        assert compile_data(mixed).asl_text == compilation.asl_text, f"{sort} {seed}"


def other_id(definition: Mapping[str, Any], node: str) -> str | None:
    """One with the same place in the alphabet, which orders what nothing else does."""
    ids = sorted(one["id"] for one in definition["nodes"])
    for new in (f"{node}0", f"{node}_", f"{node}00", f"{node}a"):
        renamed = sorted({*ids, new} - {node})
        if new not in ids and renamed.index(new) == ids.index(node):
            return new
    return None


@pytest.mark.parametrize("sort", SORTS)
def test_another_name_of_a_node_changes_only_what_names_it(sort: str) -> None:
    for seed in range(EACH):
        definition = drawn(sort, seed)
        compilation = compiled(definition)
        old = Random(seed).choice(definition["nodes"])["id"]
        new = other_id(definition, old)
        if compilation is None or new is None:
            continue
        text = re.sub(rf"(?<![A-Za-z0-9_]){old}(?![A-Za-z0-9_])", new, json.dumps(definition))
        renamed = compile_data(json.loads(text)).asl_text
        back = re.sub(rf"(?:(?<=__)|(?<![A-Za-z0-9_])){new}(?=__|[^A-Za-z0-9_])", old, renamed)
        assert json.loads(back) == compilation.machine, f"{sort} {seed}: {old}"
