"""A test run with values that no state machine could hold: mocks, a trigger, an output."""

from __future__ import annotations

import time
from typing import Any

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.timeline import build_timeline
from steploom.large_values import ValuesInMemory
from translator.compiler import compile_data
from translator.testing import CaseResult, run_case

LINES = [{"amount": number, "text": "x" * 100} for number in range(5_000)]
ORDER: dict[str, Any] = {"id": 7, "lines": LINES}
TOTAL = {"id": "total", "type": "transform", "parameters": {"output": "{% $sum($fetch.lines.amount) %}"}}


def result(total: dict[str, Any], output: Any, trigger: Any = None) -> CaseResult:
    fetch = {
        "id": "fetch",
        "type": "http_request",
        "parameters": {"method": "GET", "url": "https://a.example"},
    }
    expected = {"status": "succeeded", "output": output}
    case = {
        "name": "large",
        "trigger": {"body": trigger},
        "mocks": {"fetch": {"output": ORDER}},
        "expect": expected,
    }
    definition = {
        "id": "large",
        "nodes": [{**fetch, "effect": "read"}, total],
        "edges": [{"from": "fetch", "to": "total"}],
        "output": {"id": "{% $fetch.id %}", "total": "{% $total %}", "lines": "{% $trigger.body.lines %}"},
        "tests": [case],
    }
    return result_of(definition)


def result_of(definition: dict[str, Any]) -> CaseResult:
    """How the definition's one case goes."""
    compilation = compile_data(definition)
    values, records = ValuesInMemory(compilation.manifest.trigger_keep), MemoryRecords()

    def work(payload: Any) -> Any:
        return invoke_node(payload, records, time.time, objects=values.objects)

    [given] = compilation.definition.tests
    return run_case(compilation, given, work, build_timeline, values=values)


def test_a_mocks_large_output_a_large_trigger_and_the_runs_output_are_as_if_they_were_small() -> None:
    output = {"id": 7, "total": sum(range(5_000)), "lines": LINES}
    assert result({**TOTAL, "resources": "small"}, output, ORDER).problems == ()


@pytest.mark.parametrize(
    ("expression", "total"),
    [
        ("$sum($fetch.lines.amount)", sum(range(5_000))),
        ("$sum($fetch.lines.amount) + $trigger.body.id", sum(range(5_000)) + 7),
        ("$filter($fetch.lines, function($line) {$line.amount < 2}).amount", [0, 1]),
        ("$count($fetch.nowhere) & $max($fetch.nowhere)", "0"),
        ("$filter($fetch.lines, function($line) {$line.amount < 3000})", LINES[:3_000]),
        ("$join($fetch.lines.('-'), '()')", "()".join("-" * 5_000)),
    ],
)
def test_a_call_over_a_large_output_is_worked_out_by_the_function_that_gave_it(
    expression: str, total: Any
) -> None:
    node = {**TOTAL, "parameters": {"output": f"{{% {expression} %}}"}}
    assert result(node, {"id": 7, "total": total, "lines": [1]}, {"id": 7, "lines": [1]}).problems == ()


def test_a_call_over_a_large_output_that_fails_fails_where_it_stands() -> None:
    node = {**TOTAL, "parameters": {"output": "{% $sum($fetch.lines.text) %}"}}
    assert result(node, None).error == "States.QueryEvaluationError"


def test_too_much_that_an_expression_reads_fails_the_node_that_gave_it_and_says_what_to_do() -> None:
    ended = result(
        {**TOTAL, "parameters": {"output": "{% $fetch.lines[amount < $count($trigger)].text %}"}}, None
    )
    assert ended.error == "Validation"
    assert "`resources: small`" in str(ended.cause)


def over_executions(read: str) -> dict[str, Any]:
    """A definition that goes over executions and reads what they gave."""
    every: dict[str, Any] = {
        "items": "{% [1..300] %}",
        "mode": "distributed",
        "output": "{% {'n': $item, 'text': $pad('', 1000, 'x')} %}",
    }
    return {
        "id": "large",
        "nodes": [
            {"id": "every", "type": "for_each", "parameters": every},
            {"id": "one", "type": "transform", "parent": "every", "parameters": {"output": 1}},
            {"id": "told", "type": "transform", "parameters": {"output": read}},
            {"id": "failed", "type": "transform", "parameters": {"output": "{% $error.error %}"}},
        ],
        "edges": [{"from": "every", "to": "told"}, {"from": "every", "port": "error", "to": "failed"}],
        "output": {"told": "{% $told %}", "failed": "{% $failed %}"},
        "tests": [{"name": "large", "trigger": {"body": None}, "expect": {"status": "succeeded"}}],
    }


def test_what_executions_gave_is_one_run_of_the_node_with_all_that_is_read_of_it() -> None:
    read = "{% [$sum($every.n), $count($every), $every[-1].n, $length($every[0].text)] %}"
    given = result_of(over_executions(read))
    assert given.output == {"told": [45_150, 300, 300, 1_000], "failed": None}
    (run,) = [run for run in given.node_runs if run.node == "every"]
    assert run.status == "succeeded"


def test_too_much_of_what_executions_gave_is_a_failure_of_the_node_that_an_error_edge_takes() -> None:
    given = result_of(over_executions("{% $string($every) %}"))
    assert given.output == {"told": None, "failed": "Validation"}
    (run,) = [run for run in given.node_runs if run.node == "every"]
    assert run.status == "failed"


def collecting(**collect: Any) -> dict[str, Any]:
    """A loop of a hundred iterations, each of which puts 5 kB behind a list."""
    more = {"cases": [{"port": "more", "when": "{% $turn < 100 %}"}], "default": "done"}
    added = "{% $append($list, [$pad('', 5000, 'x')]) %}"
    values = {"list": "{% $made %}", "turn": "{% $turn + 1 %}"}
    return {
        "id": "large",
        "variables": [
            {"name": "list", "type": "array", "value": []},
            {"name": "turn", "type": "number", "value": 0},
        ],
        "nodes": [
            {"id": "made", "type": "transform", "parameters": {"output": added}, **collect},
            {"id": "kept", "type": "set_variable", "parameters": {"values": values}},
            {"id": "enough", "type": "condition", "parameters": more},
            {
                "id": "told",
                "type": "transform",
                "parameters": {"output": "{% $length($string($list)) %}"},
                "resources": "small",
            },
            {"id": "failed", "type": "transform", "parameters": {"output": "{% $error.cause %}"}},
        ],
        "edges": [
            {"from": "made", "to": "kept"},
            {"from": "kept", "to": "enough"},
            {"from": "kept", "port": "error", "errors": ["Validation"], "to": "failed"},
            {"from": "enough", "port": "more", "to": "made"},
            {"from": "enough", "port": "done", "to": "told"},
        ],
        "output": {"told": "{% $told %}", "failed": "{% $failed %}"},
        "tests": [{"name": "large", "trigger": {"body": None}, "expect": {"status": "succeeded"}}],
    }


def test_a_variable_that_a_loop_makes_too_large_is_a_typed_error_that_names_the_way_out() -> None:
    given = result_of(collecting())
    assert isinstance(given.output, dict)
    assert given.output["told"] is None
    said = 'variable "list" has grown to more than 240,000 bytes'
    assert said in given.output["failed"]
    assert "let a transform with `resources: small` make its value" in given.output["failed"]


def test_a_variable_that_a_function_makes_larger_may_have_any_size() -> None:
    assert result_of(collecting(resources="small")).output == {"told": 100 * 5_003 + 1, "failed": None}
