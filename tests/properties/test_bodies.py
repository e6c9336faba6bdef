"""The oracle by itself: each rule of docs/semantics.md (Bodies), one case by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.properties.cases import Attempt, Case
from tests.properties.oracle import Result, run
from tests.properties.sketch import PARALLEL, condition, for_each, inside, repeat, sketch, transform

BROKEN = (Attempt(error="Broken"),)
STOP = {"type": "terminate", "parameters": {"status": "succeeded", "output": "{% $item %}"}}


def ran(case: Case) -> Result:
    return run(case.model(), case.trigger, case.answer)


def ends(result: Result, node: str) -> list[tuple[tuple[int, ...], str]]:
    """The endings of a node, by the iterations around it, innermost first."""
    return [(one.iteration, one.status) for one in result.runs if one.node == node]


def times(result: Result, node: str) -> list[float]:
    return [one.started_at for one in result.runs if one.node == node and one.status != "skipped"]


def echo(**more: Any) -> dict[str, dict[str, Any]]:
    """The body of `l`: `a` gives the item and its index."""
    return inside("l", {"a": transform("{% [$item, $index] %}"), **more})


def test_a_for_each_runs_its_body_once_per_item_and_gives_the_results_in_item_order() -> None:
    attempts = {"a[0]": [Attempt(9)], "a[1]": [Attempt(2)]}
    nodes = {"l": for_each(["x", "y"], output="{% $a.v & $item & $index %}"), **inside("l", "a")}
    result = ran(sketch("s>l l>z", nodes, attempts=attempts, output="{% $l %}"))
    assert result.output == ["a[0]/0x0", "a[1]/0y1"]
    assert times(result, "a") == [1, 1]
    assert times(result, "z") == [10]


def test_an_iteration_without_output_gives_the_outputs_of_its_last_nodes() -> None:
    nodes = {"l": for_each([7]), **inside("l", {"a": {}, "b": transform(1), "c": transform(2)})}
    case = sketch("l a>b a>c", nodes, when={"a>c": "false"})
    assert ran(case).output == {"l": [{"b": 1}]}


@pytest.mark.parametrize(
    ("items", "output"),
    [
        ([], []),
        ("{% $trigger.body.missing %}", []),
        ("{% null %}", []),
        ("{% 'one' %}", [{"a": ["one", 0]}]),
        ("{% [1, 2][$ > 1] %}", [{"a": [2, 0]}]),
        ("{% [{'x': 1}] %}", [{"a": [{"x": 1}, 0]}]),
    ],
)
def test_nothing_is_no_item_and_what_is_no_array_is_one(items: Any, output: Any) -> None:
    result = ran(sketch("l", {"l": for_each(items), **echo()}))
    assert result.output == {"l": output}
    assert (ends(result, "a") == [((), "skipped")]) is (output == [])


def test_concurrency_says_how_many_iterations_run_at_once() -> None:
    nodes = {"l": for_each([1, 2, 3, 4], concurrency=2), **inside("l", "a b")}
    case = sketch("l a>b", nodes, attempts={"a[0]": [Attempt(5)], "a": [Attempt(2)]})
    assert times(ran(case), "a") == [0, 0, 3, 6]


def test_the_innermost_for_each_gives_the_item() -> None:
    nodes = {
        "l": for_each([[1, 2], [3]]),
        **inside("l", {"m": for_each("{% $item %}"), "o": transform("{% $index %}")}),
        **inside("m", {"a": transform("{% $item * 10 + $index %}")}),
    }
    result = ran(sketch("l m>o", nodes))
    assert result.output == {"l": [{"o": 0}, {"o": 1}]}
    assert [iteration for iteration, _ in ends(result, "a")] == [(0, 0), (1, 0), (0, 1)]


def test_a_while_asks_before_each_iteration_and_gives_the_last_result() -> None:
    nodes = {"w": repeat("$w.a.n < 1 or $w = null"), **inside("w", "a")}
    result = ran(sketch("w>z", nodes, output="{% $w %}"))
    assert times(result, "a") == [0, 1]
    assert result.output["a"]["n"] == 1


def test_a_while_that_never_holds_gives_null_and_skips_its_body() -> None:
    result = ran(sketch("w", {"w": repeat("false"), **inside("w", "a")}))
    assert result.output == {"w": None}
    assert ends(result, "a") == [((), "skipped")]


def test_a_while_that_holds_after_its_last_iteration_fails() -> None:
    nodes = {"w": repeat("true", max_iterations=2), **inside("w", "a")}
    result = ran(sketch("w w.error[TooManyIterations]>z", nodes))
    assert times(result, "a") == [0, 1]
    assert times(result, "z") == [2]


def test_the_body_reads_what_the_iteration_before_gave() -> None:
    nodes = {
        "w": repeat("$count($w) < 3", output="{% $a %}"),
        **inside("w", {"a": transform("{% $append($w, 1) %}")}),
    }
    assert ran(sketch("w", nodes)).output == {"w": [None, 1, 1]}


def test_a_new_iteration_begins_with_its_nodes_reset() -> None:
    nodes = {
        "w": repeat("$count($w) < 2", output="{% [$w ? $w : [], $exists($b)] %}"),
        **inside("w", "a b"),
    }
    case = sketch("w a>b", nodes, when={"a>b": "$a.n = 0"})
    assert ran(case).output == {"w": [True, False]}


def test_a_variable_set_in_a_while_keeps_its_value() -> None:
    count = {"type": "set_variable", "parameters": {"values": {"n": "{% $n + 1 %}"}}}
    nodes = {"w": repeat("$n < 3"), **inside("w", {"a": count})}
    case = sketch("w", nodes, variables=[{"name": "n", "value": 0}], output="{% $n %}")
    assert ran(case).output == 3


def test_a_parallel_gives_an_object_by_branch() -> None:
    nodes = {
        "p": PARALLEL,
        **inside("p", {"a": {}, "b": transform(1), "c": transform(2), "e": {}, "d": transform(3)}),
    }
    result = ran(sketch("p a>b a>c d e>d", nodes, attempts={"a": [Attempt(3)]}))
    assert result.output == {"p": {"a": {"b": 1, "c": 2}, "e": {"d": 3}}}
    assert times(result, "a") == times(result, "e") == [0]


def test_a_branch_may_be_given_a_name() -> None:
    nodes = {
        "p": {"type": "parallel", "parameters": {"branches": {"left": "a"}}},
        **inside("p", {"a": transform(1), "b": transform(2)}),
    }
    assert ran(sketch("p", nodes)).output == {"p": {"left": {"a": 1}, "b": {"b": 2}}}


def test_an_error_edge_inside_keeps_the_iteration_going() -> None:
    nodes = {"l": for_each([1, 2], output="{% $b.v %}"), **inside("l", "a b")}
    result = ran(sketch("l a.error>b", nodes, attempts={"a[1]": BROKEN}))
    assert ends(result, "b") == [((0,), "skipped"), ((1,), "succeeded")]
    assert result.output == {"l": [None, "b[1]/0"]}


def test_an_unhandled_failure_inside_cancels_all_iterations_and_takes_the_body_nodes_error_edge() -> None:
    nodes = {
        "l": for_each([1, 2, 3], concurrency=2),
        **inside("l", "a b"),
        "z": transform("{% [$error.error, $error.node, $error.cause, $exists($l)] %}"),
    }
    attempts = {"a[0]": [Attempt(5)], "a[1]": [Attempt(1, "Broken")]}
    result = ran(sketch("l a>b l.error>z", nodes, attempts=attempts))
    assert result.output == {"z": ["Broken", "a", "a[1]/0", False]}
    assert ends(result, "a") == [((1,), "failed"), ((0,), "cancelled")]


def test_what_no_edge_takes_fails_the_run_with_the_error_inside() -> None:
    nodes = {"p": PARALLEL, **inside("p", "a b")}
    result = ran(sketch("s>p s>t", nodes, attempts={"a": BROKEN, "t": [Attempt(9)]}))
    assert (result.status, result.error, result.cause) == ("failed", "Broken", "a/0")
    assert ends(result, "t") == [((), "cancelled")]


def test_a_bodys_handler_runs_when_its_iterations_have_ended_and_then_its_node_fails() -> None:
    handlers = [{"of": "l", "node": "h"}]
    nodes = {"l": for_each([1, 2]), **inside("l", "a"), "h": {}}
    attempts = {"a[0]": BROKEN, "a[1]": [Attempt(9)]}
    result = ran(sketch("s>l l.error>z s>t t>u", nodes, attempts=attempts, error_handlers=handlers))
    assert ends(result, "a") == [((0,), "failed"), ((1,), "cancelled")]
    assert (times(result, "h"), times(result, "z")) == ([2], [3])
    assert ends(result, "u") == [((), "succeeded")]


def test_a_resolved_body_has_succeeded_with_null() -> None:
    handlers = [{"of": "w", "node": "h", "resolve": True}]
    nodes = {"w": repeat("true"), **inside("w", "a"), "h": transform("{% $error.node %}")}
    result = ran(sketch("w>z", nodes, attempts={"a": BROKEN}, error_handlers=handlers, output="{% [$w] %}"))
    assert (result.status, result.output) == ("succeeded", [None])
    assert (times(result, "h"), times(result, "z")) == ([1], [1])


def test_a_failure_in_the_handling_fails_the_body_node() -> None:
    handlers = [{"of": "p", "node": "h", "resolve": True}]
    nodes = {"p": PARALLEL, **inside("p", "a"), "h": {}}
    attempts = {"a": BROKEN, "h": [Attempt(error="Worse")]}
    result = ran(sketch("p p.error[Worse]>z", nodes, attempts=attempts, error_handlers=handlers))
    assert (result.status, times(result, "z")) == ("succeeded", [2])


def test_a_failure_goes_outwards_through_the_bodies_to_the_workflow() -> None:
    handlers = [{"of": "l", "node": "h", "errors": ["Broken"]}, {"node": "g", "resolve": True}]
    nodes = {
        "l": for_each([1]),
        **inside("l", {"p": PARALLEL}),
        **inside("p", "a"),
        "h": transform(1),
        "g": transform("{% $error.node %}"),
    }
    result = ran(sketch("l", nodes, attempts={"a": BROKEN}, error_handlers=handlers))
    assert (result.status, result.output) == ("succeeded", {"g": "a"})
    assert times(result, "h") == [1]


def test_tolerated_failures_are_listed_and_cancel_nothing() -> None:
    nodes = {"l": for_each([1, 2, 3], tolerated_failures=1, output="{% $item %}"), **inside("l", "a")}
    attempts = {"a[1]": BROKEN, "a[2]": [Attempt(9)]}
    result = ran(sketch("l>z", nodes, attempts=attempts, output="{% $l %}"))
    assert result.output == {"items": [1, 3], "failed": [{"error": "Broken", "index": 1}]}
    assert times(result, "z") == [9]


@pytest.mark.parametrize(
    "tolerance", [{"tolerated_failures": 1}, {"tolerated_failure_percentage": 66}, {"tolerated_failures": 0}]
)
def test_more_failures_than_are_tolerated_fail_the_node_in_the_end(tolerance: dict[str, Any]) -> None:
    nodes = {"l": for_each([1, 2, 3], **tolerance), **inside("l", "a")}
    attempts = {"a[0]": [Attempt(9)], "a[1]": BROKEN, "a[2]": BROKEN}
    result = ran(sketch("l.error[TooManyFailed]>z", nodes, attempts=attempts))
    assert times(result, "z") == [9]


@pytest.mark.parametrize(
    "body",
    [
        for_each("{% $number('x') %}"),
        for_each([1], output="{% $number('x') %}"),
        repeat("$number('x')"),
    ],
)
def test_an_expression_of_the_body_node_that_fails_is_its_failure(body: dict[str, Any]) -> None:
    nodes = {"b": body, **inside("b", {"a": transform(1)}), "z": transform("{% $error.node %}")}
    assert ran(sketch("b.error[Validation]>z", nodes)).output == {"z": "b"}


def test_terminate_inside_ends_the_run_whatever_is_tolerated() -> None:
    nodes = {"l": for_each([1, 2], concurrency=1, tolerated_failures=9), **inside("l", {"t": STOP})}
    result = ran(sketch("l s", nodes))
    assert (result.status, result.output) == ("succeeded", 1)
    assert ends(result, "s") == [((), "cancelled")]


def test_the_nodes_of_a_skipped_body_are_skipped() -> None:
    nodes = {"p": PARALLEL, **inside("p", {"l": for_each([1])}), **inside("l", "a")}
    result = ran(sketch("s>p", nodes, when={"s>p": "false"}))
    assert [ends(result, one) for one in "pla"] == [[((), "skipped")]] * 3


def test_a_loop_inside_a_body_and_a_body_inside_a_loop_begin_afresh() -> None:
    nodes = {
        "l": for_each([1, 2]),
        **inside("l", {"a": {}, "c": condition(("again", "$a.n < 1"), default="done")}),
        "g": condition(("again", "$s.n < 1"), default="done"),
    }
    result = ran(sketch("s>l l>g g.again>s a>c c.again>a", nodes))
    assert sorted({one.iteration for one in result.runs if one.node == "a"}) == [
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (0, 1, 1),
        (1, 0, 0),
        (1, 1, 0),
    ]
