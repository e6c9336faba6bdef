"""Activation with the real compiler, on the example workflows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.activate.activation import Activator, check
from functions.activate.dispatch import answer
from functions.activate.handler import compile_definition
from layers.runtime.store import Store
from layers.runtime.store.versions import find_source_map
from layers.runtime.store.workflows import Draft, WorkflowHead, create_workflow
from tests.functions.fakes import FakeStepFunctions

WORKFLOWS = sorted((Path(__file__).parents[3] / "workflows").glob("*.yaml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_example_is_activated_with_the_functions_arn_and_its_source_map(
    path: Path, activator: Activator, store: Store, step_functions: FakeStepFunctions
) -> None:
    real = replace(activator, compile=compile_definition)
    text = path.read_text()
    described: Any = check(real.compile, text, "yaml", "main")["workflow"]
    head = WorkflowHead(described["id"], described["name"], "", "draft", 1, "", "")
    create_workflow(store, head, Draft(text, "yaml", described["triggers"]))
    answered = answer({"action": "activate", "workflow": described["id"]}, real)
    assert answered.get("problem") is None
    [[machine]] = step_functions.machines.values()
    assert "${NodeTaskFunction}" not in machine
    assert activator.parts["NodeTaskFunction"] in machine
    source_map = find_source_map(store, described["id"], 1)
    assert source_map is not None
    assert set(json.loads(machine)["States"]) <= set(source_map["states"])


def test_all_mistakes_of_a_definition_are_told_at_once_with_their_places(activator: Activator) -> None:
    text = "id: broken\nnodes:\n  - {id: a, type: teleport}\nedges:\n  - {from: a, to: nowhere}\n"
    real = replace(activator, compile=compile_definition)
    problem: Any = answer({"action": "check", "text": text, "format": "yaml"}, real)["problem"]
    assert (problem["status"], problem["code"]) == (422, "invalid_definition")
    assert sorted(one["line"] for one in problem["diagnostics"]) == [3, 5]
