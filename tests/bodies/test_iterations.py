"""What `for_each` and `while` do, run on the interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from translator.compiler import compile_data


class Ended(Protocol):
    ended: tuple[str, Any, str | None]
    calls: list[tuple[float, Mapping[str, Any]]]

    def keys(self) -> list[str]: ...


class Runner(Protocol):
    def __call__(self, definition: Mapping[str, Any], body: Any, answer: Any) -> Ended: ...


def node(name: str, kind: str, parent: str | None = None, **parameters: Any) -> dict[str, Any]:
    given = {"parent": parent} if parent else {}
    return {"id": name, "type": kind, "parameters": parameters, **given}


def call(name: str, parent: str, of: str = "{% $item %}") -> dict[str, Any]:
    return node(name, "function", parent, function="f", arguments={"of": of})


def item_of(payload: Mapping[str, Any]) -> Any:
    return payload["parameters"]["arguments"]["of"]


def fail_on(*items: Any) -> Any:
    def answer(payload: Mapping[str, Any]) -> Any:
        if item_of(payload) in items:
            raise ValueError("Network")
        return item_of(payload)

    return answer


def each(**parameters: Any) -> dict[str, Any]:
    return {
        "nodes": [
            node("each_one", "for_each", items="{% $trigger.body %}", **parameters),
            call("ask", "each_one"),
        ]
    }


def test_one_at_a_time_each_iteration_begins_when_the_one_before_has_ended(run: Runner) -> None:
    made = run(each(concurrency=1), ["a", "b", "c"], item_of)
    assert [(at, item_of(payload)) for at, payload in made.calls] == [(0.0, "a"), (1.0, "b"), (2.0, "c")]


def test_all_at_once_they_begin_together_and_their_results_are_in_the_order_of_the_items(run: Runner) -> None:
    made = run(each(output="{% $ask %}"), ["a", "b", "c"], item_of)
    assert [at for at, _ in made.calls] == [0.0, 0.0, 0.0]
    assert made.ended == ("SUCCEEDED", {"each_one": ["a", "b", "c"]}, None)


@pytest.mark.parametrize("items", [[[1, 2]], [[1], [2]], [[]], [None, 1], [{"a": [1]}]])
def test_results_that_are_lists_stay_lists(run: Runner, items: list[Any]) -> None:
    assert run(each(output="{% $item %}"), items, item_of).ended[1] == {"each_one": items}
    tolerant = run(each(output="{% $item %}", tolerated_failures=1), items, item_of).ended[1]
    assert tolerant == {"each_one": {"items": items, "failed": []}}


def test_a_failed_iteration_fails_the_node_with_its_error_and_no_further_one_begins(run: Runner) -> None:
    made = run(each(concurrency=1), ["a", "b", "c"], fail_on("b"))
    assert made.ended == ("FAILED", None, "Network")
    assert [item_of(payload) for _, payload in made.calls] == ["a", "b"]


@pytest.mark.parametrize("mode", ["inline", "distributed"])
@pytest.mark.parametrize(
    ("tolerance", "ends"),
    [
        ({"tolerated_failures": 1}, "SUCCEEDED"),
        ({"tolerated_failures": 0}, "FAILED"),
        ({"tolerated_failure_percentage": 25}, "SUCCEEDED"),
        ({"tolerated_failure_percentage": 24.5}, "FAILED"),
        ({"tolerated_failure_percentage": 100}, "SUCCEEDED"),
    ],
)
def test_as_many_iterations_may_fail_as_are_tolerated(
    run: Runner, mode: str, tolerance: dict[str, Any], ends: str
) -> None:
    made = run(each(mode=mode, output="{% $ask %}", **tolerance), [1, 2, 3, 4], fail_on(3))
    status, output, error = made.ended
    assert status == ends
    if status == "FAILED":
        assert error == "TooManyFailed"
    else:
        assert output == {"each_one": {"items": [1, 2, 4], "failed": [{"error": "Network", "index": 2}]}}


def test_auto_takes_executions_of_their_own_where_many_items_are_declared() -> None:
    def mode_of(**parameters: Any) -> str:
        machine = compile_data({"id": "w", **each(**parameters)}).machine
        mode: str = machine["States"]["Each one"]["ItemProcessor"]["ProcessorConfig"]["Mode"]
        return mode

    assert mode_of() == mode_of(max_items=1000) == "INLINE"
    assert mode_of(max_items=1001) == mode_of(mode="distributed") == "DISTRIBUTED"
    assert mode_of(max_items=1001, mode="inline") == "INLINE"


@pytest.mark.parametrize("mode", ["inline", "distributed"])
def test_every_piece_of_work_in_nested_bodies_has_a_key_of_its_own(run: Runner, mode: str) -> None:
    nodes = [
        node("rows", "for_each", items="{% $trigger.body %}", mode=mode),
        node(
            "tries",
            "while",
            "rows",
            condition="{% $tries = null or $tries.nth < 2 %}",
            output={"nth": "{% $ask %}"},
        ),
        node("cells", "for_each", "tries", items="{% $item %}"),
        call("look", "cells"),
        call("ask", "tries", "{% $tries = null ? 1 : $tries.nth + 1 %}"),
    ]
    made = run({"nodes": nodes, "edges": [{"from": "cells", "to": "ask"}]}, [["a", "b"], ["c"]], item_of)
    assert made.ended[0] == "SUCCEEDED"
    assert sorted(made.keys()) == sorted(set(made.keys()))
    assert sorted(made.keys()) == [
        *["r/ask/0/0", "r/ask/0/1", "r/ask/1/0", "r/ask/1/1"],
        *["r/look/0/0/0", "r/look/0/0/1", "r/look/0/1/0", "r/look/0/1/1", "r/look/1/0/0", "r/look/1/1/0"],
    ]


def test_a_while_runs_as_often_as_its_condition_holds_and_gives_the_last_result(run: Runner) -> None:
    nodes = [
        node("tries", "while", condition="{% $made < 3 %}"),
        node("more", "set_variable", "tries", values={"made": "{% $made + 1 %}"}),
        node("tell", "transform", "tries", output="{% $made %}"),
    ]
    definition = {
        "variables": [{"name": "made", "value": 0}],
        "nodes": nodes,
        "edges": [{"from": "more", "to": "tell"}],
        "output": {"made": "{% $made %}", "last": "{% $tries %}"},
    }
    assert run(definition, None, item_of).ended[1] == {"made": 3, "last": {"tell": 3}}


def test_a_node_of_a_body_is_null_again_when_the_next_iteration_begins(run: Runner) -> None:
    nodes = [
        node("tries", "while", condition="{% $made < 3 %}", output="{% $first %}"),
        node("more", "set_variable", "tries", values={"made": "{% $made + 1 %}"}),
        node("first", "transform", "tries", output="{% 'there' %}"),
    ]
    definition = {
        "variables": [{"name": "made", "value": 0}],
        "nodes": nodes,
        "edges": [{"from": "more", "to": "first", "when": "{% $made = 1 %}"}],
    }
    assert run(definition, None, item_of).ended[1] == {"tries": None}
