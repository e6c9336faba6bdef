"""Shapes of published automation workflows map onto definitions, which the semantics accepts."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from tests.properties.graph import normal_part
from tests.properties.loops import Refused, loops_of
from tests.properties.oracle import run
from tests.properties.shape_cases import case_of
from tests.properties.shapes import CORPORA, definition_of, shapes
from translator.definition.model import WorkflowDefinition
from translator.nodes import load

needs_corpora = pytest.mark.skipif(CORPORA not in os.environ, reason=f"{CORPORA} names no folder")

SHAPE = {
    "kinds": ["trigger", "http", "if", "action", "merge", "action", "trigger", "loop"],
    "edges": [
        [0, 0, 1, 0],
        [0, 0, 2, 0],
        [1, 1, 4, 0],
        [1, 1, 3, 0],
        [2, 0, 3, 0],
        [2, 1, 7, 0],
        [7, 1, 7, 0],
    ],
    "back": [[7, 7]],
    "ai": [[5, 3, "ai_tool"]],
}


def test_a_shape_maps_onto_a_definition() -> None:
    definition = definition_of(SHAPE)
    assert [node["id"] for node in definition["nodes"]] == ["n0", "n1", "n1_failed", "n2", "n3", "n4", "n7"]
    assert definition["triggers"] == [{"id": "t0", "type": "manual", "entry": "n0"}]
    assert {(edge["from"], edge.get("port"), edge["to"]) for edge in definition["edges"]} == {
        ("n0", None, "n1"),
        ("n0", None, "n2"),
        ("n1", "error", "n1_failed"),
        ("n1_failed", None, "n4"),
        ("n1_failed", None, "n3"),
        ("n2", "true", "n3"),
        ("n2", "false", "n7"),
        ("n7", "again", "n7"),
    }


def test_a_loop_that_every_way_leads_back_in_gets_a_condition_on_its_back_edge() -> None:
    endless = {"kinds": ["trigger", "action", "wait"], "edges": [[0, 0, 1, 0], [1, 0, 2, 0], [2, 0, 1, 0]]}
    definition = definition_of({**endless, "back": [[2, 1]], "ai": []})
    assert [edge.get("when") for edge in definition["edges"]] == [None, "{% $trigger.body.again_n2_n1 %}"]


def test_a_loop_that_a_port_leads_out_of_keeps_its_back_edge_as_it_is() -> None:
    polling = {"kinds": ["trigger", "http", "if"], "edges": [[0, 0, 1, 0], [1, 0, 2, 0], [2, 1, 1, 0]]}
    definition = definition_of({**polling, "back": [[2, 1]], "ai": []})
    assert [edge.get("when") for edge in definition["edges"]] == [None, None]


@needs_corpora
def test_what_the_shapes_map_onto_is_valid_and_has_a_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for shape in shapes():
        definition = definition_of(shape)
        if not definition["nodes"]:
            counts["nothing but triggers"] += 1
            continue
        model = WorkflowDefinition.model_validate(definition)
        for node in model.nodes:
            load(node.type).Parameters.model_validate(node.parameters)
        try:
            loops_of(normal_part(model))
            counts["accepted"] += 1
        except Refused:
            counts["refused"] += 1
    with capsys.disabled():
        print(f"\nautomation shapes with a meaning: {counts['accepted']}/{counts.total()}")  # noqa: T201
    assert counts["accepted"] > 0.99 * counts.total()


@needs_corpora
def test_shapes_without_a_cycle_run_to_their_end() -> None:
    random = Random(1)
    for shape in random.sample([one for one in shapes() if not one["back"]], 100):
        case = case_of(shape, random)
        assert run(case.model(), case.trigger, case.answer).status == "succeeded"
