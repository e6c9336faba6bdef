"""A node that repeats its body is one run in the timeline, however often its condition was asked."""

from __future__ import annotations

from typing import Any

from layers.runtime.timeline import build_timeline
from translator.compiler import compile_data
from translator.definition.model import TestCase
from translator.testing import run_case

DEFINITION: dict[str, Any] = {
    "id": "w",
    "nodes": [
        {"id": "rows", "type": "for_each", "parameters": {"items": "{% $trigger.body %}"}},
        {
            "id": "tries",
            "type": "while",
            "parent": "rows",
            "parameters": {
                "condition": "{% $count($tries.seen) < $item %}",
                "output": {"seen": "{% $seen %}"},
            },
        },
        {"id": "ask", "type": "function", "parent": "tries", "parameters": {"function": "f"}},
        {
            "id": "seen",
            "type": "transform",
            "parent": "tries",
            "parameters": {"output": "{% $append($tries.seen, 1) %}"},
        },
    ],
    "edges": [{"from": "ask", "to": "seen"}],
}


def runs_of(
    mock: dict[str, Any], *items: int, definition: dict[str, Any] = DEFINITION
) -> list[tuple[str, str, float | None, Any, str | None]]:
    case = TestCase.model_validate(
        {"name": "one", "trigger": {"body": list(items)}, "mocks": {"ask": mock}, "expect": {}}, strict=False
    )
    result = run_case(compile_data(definition), case, lambda _: {"output": None}, build_timeline)
    return [
        (
            run.node,
            run.status,
            getattr(run, "duration_seconds", None),
            getattr(run, "output", None),
            getattr(run, "error", None),
        )
        for run in result.node_runs
        if run.node == "tries"
    ]


def test_it_lasts_from_the_first_asking_to_the_last_and_gives_the_last_result() -> None:
    assert runs_of({"output": 1, "seconds": 2}, 3, 1) == [
        ("tries", "succeeded", 6.0, {"seen": [1, 1, 1]}, None),
        ("tries", "succeeded", 2.0, {"seen": 1}, None),
    ]


def test_without_any_iteration_it_gives_null() -> None:
    assert runs_of({"output": 1}, 0) == [("tries", "succeeded", 0.0, None, None)]


def test_it_has_failed_where_its_body_has() -> None:
    assert runs_of({"error": "Network", "seconds": 2}, 1) == [("tries", "failed", 2.0, None, "Network")]


FAILING = "States.QueryEvaluationError"


def test_it_has_failed_where_the_condition_of_an_edge_in_its_body_has() -> None:
    edges = [{"from": "ask", "to": "seen", "when": "{% $number($ask) = 1 %}"}]
    failed = runs_of({"output": "x", "seconds": 2}, 1, definition=DEFINITION | {"edges": edges})
    assert failed == [("tries", "failed", 2.0, None, FAILING)]


def test_it_is_cancelled_where_the_body_of_another_iteration_has_failed() -> None:
    again = {"id": "again", "type": "delay", "parent": "tries", "parameters": {"seconds": 9}}
    nodes = [*DEFINITION["nodes"], again]
    edges = [
        {"from": "ask", "to": "seen", "when": "{% $index = 1 or $number($ask) = 1 %}"},
        {"from": "seen", "to": "again"},
    ]
    definition = DEFINITION | {"nodes": nodes, "edges": edges}
    assert runs_of({"output": "x", "seconds": 2}, 1, 1, definition=definition) == [
        ("tries", "failed", 2.0, None, FAILING),
        ("tries", "cancelled", 2.0, None, None),
    ]
