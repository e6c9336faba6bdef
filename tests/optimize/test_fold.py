"""States that only move data or compute nothing become part of their neighbours; others stay."""

from __future__ import annotations

import json
from typing import Any

import pytest

from translator.compiler import Compilation, CompileOptions, compile_data

LEVEL_1 = CompileOptions(optimize=1)


def compiled(nodes: list[dict[str, Any]], *edges: str, options: CompileOptions = LEVEL_1) -> Compilation:
    """A workflow of these nodes; an edge is written `from to` or `from port to`."""
    pairs = [edge.split() for edge in edges]
    return compile_data(
        {
            "id": "folding",
            "nodes": nodes,
            "edges": [
                {"from": one[0], "to": one[-1], **({"port": one[1]} if len(one) == 3 else {})}
                for one in pairs
            ],
        },
        options=options,
    )


def transform(node: str, output: Any) -> dict[str, Any]:
    return {"id": node, "type": "transform", "parameters": {"output": output}}


def function(node: str, **arguments: Any) -> dict[str, Any]:
    return {"id": node, "type": "function", "parameters": {"function": "work", "arguments": arguments}}


def test_a_fixed_value_behind_a_task_is_assigned_by_the_task() -> None:
    machine = compiled(
        [function("work"), transform("mark", 1), function("more", m="{% $mark %}")], "work mark", "mark more"
    ).machine
    assert list(machine["States"]) == ["Work", "More"]
    assert machine["States"]["Work"]["Assign"] == {"mark": 1}
    assert machine["States"]["Work"]["Comment"] == "then: Mark"


def test_a_fixed_value_at_the_start_is_written_where_the_next_state_reads_it() -> None:
    machine = compiled([transform("mark", 1), function("work", m="{% $mark %}")], "mark work").machine
    work = machine["States"]["Work"]
    assert machine["StartAt"] == "Work"
    assert work["Arguments"]["Payload"]["parameters"]["arguments"] == '{% {"m": 1} %}'
    assert work["Assign"] == {"mark": 1}


def test_the_output_of_the_run_is_that_of_the_vanished_last_state() -> None:
    machine = compiled([function("work"), transform("last", "{% $work %}")], "work last").machine
    assert machine["States"]["Work"]["Output"] == {"last": "{% $states.result.Payload.output %}"}


@pytest.mark.parametrize("output", ["{% $work + 1 %}", {"a": "{% $work %}"}])
def test_a_state_that_computes_stays_at_level_1(output: Any) -> None:
    machine = compiled([function("work"), transform("sum_up", output)], "work sum_up").machine
    assert list(machine["States"]) == ["Work", "Sum up"]


def test_a_choice_cannot_end_a_scope_for_a_last_state() -> None:
    choose = {"id": "choose", "type": "condition", "parameters": {"when": "{% $trigger.body.a %}"}}
    states = compiled([choose, transform("last", 1)], "choose true last").machine["States"]
    assert list(states) == ["Choose", "End", "Last"]


def test_a_value_that_changes_by_each_look_is_not_looked_at_twice() -> None:
    nodes = [transform("drawn", "{% $random() %}"), transform("again", "{% $drawn %}")]
    machine = compiled(nodes, "drawn again").machine
    assert list(machine["States"]) == ["Drawn", "Again"]


def test_each_state_is_there_at_level_0() -> None:
    nodes = [function("work"), transform("mark", 1), function("more")]
    machine = compiled(nodes, "work mark", "mark more", options=CompileOptions(optimize=0)).machine
    assert list(machine["States"]) == ["Work", "Mark", "More"]


def test_a_condition_that_may_fail_stays_apart_from_what_has_ended_before_it() -> None:
    """In a Choice that asks for both nobody could tell whether the transform ran."""
    choose = {"id": "choose", "type": "condition", "parameters": {"when": "{% $trigger.body.a %}"}}
    data = {
        "id": "folding",
        "nodes": [choose, transform("mark", 1), function("work")],
        "edges": [
            {"from": "choose", "port": "false", "to": "mark"},
            {"from": "mark", "to": "work", "when": "{% $number($trigger.body.b) = 1 %}"},
        ],
    }
    states = compile_data(data, options=LEVEL_1).machine["States"]
    assert len([one for one in states.values() if one["Type"] == "Choice"]) == 2
    safe = json.loads(json.dumps(data).replace("$number($trigger.body.b) = 1", "$trigger.body.b"))
    states = compile_data(safe, options=LEVEL_1).machine["States"]
    assert len([one for one in states.values() if one["Type"] == "Choice"]) == 1


def test_a_condition_is_not_asked_in_place_of_what_it_reads_where_that_may_fail() -> None:
    """The condition cannot fail, the transform can: whose failure it is could not be told."""
    first, second = ({"id": one, "type": "condition", "parameters": {"when": when}} for one, when in READING)
    nodes = [function("work"), first, transform("mark", "{% $number($trigger.body.b) %}"), second]
    options = CompileOptions(optimize=2)
    machine = compiled(nodes, "work first", "first true mark", "mark second", options=options).machine
    assert len([one for one in machine["States"].values() if one["Type"] == "Choice"]) == 2
    nodes[2] = transform("mark", "{% $trigger.body.b %}")
    machine = compiled(nodes, "work first", "first true mark", "mark second", options=options).machine
    assert len([one for one in machine["States"].values() if one["Type"] == "Choice"]) == 1


READING = (("first", "{% $trigger.body.a %}"), ("second", "{% $mark = 1 %}"))
