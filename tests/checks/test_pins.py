"""Pins that cannot be are told, each with what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from translator.compiler import Compilation, compile_text
from translator.definition.model import Pin

LOOP = """\
id: w
variables: [{name: left, value: 3}]
triggers: [{id: a, type: manual, entry: first}, {id: b, type: manual, entry: other}]
nodes:
  - {id: first, type: transform, parameters: {output: 1}}
  - {id: outer, type: function, parameters: {function: f}}
  - {id: inner, type: function, parameters: {function: f}}
  - {id: more, type: condition, parameters: {when: "{% $inner %}"}}
  - {id: again, type: condition, parameters: {when: "{% $inner %}"}}
  - {id: other, type: transform, parameters: {output: 1}}
  - {id: parts, type: parallel}
  - {id: one, type: function, parent: parts, parameters: {function: f}}
edges:
  - {from: first, to: outer}
  - {from: outer, to: inner}
  - {from: inner, to: more}
  - {from: more, port: "true", to: inner}
  - {from: more, port: "false", to: again}
  - {from: again, port: "true", to: outer}
  - {from: again, port: "false", to: parts}
output: "{% $first %}"
"""


def told(pins: dict[str, Any], trigger: str | None = "a", **variables: Any) -> list[str]:
    given = {node: Pin.model_validate(pin) for node, pin in pins.items()}
    compilation = compile_text(LOOP, file_name="w.yaml").pinned(given, variables, trigger)
    return [f"{one.code} {one.message}" for one in compilation.diagnostics if one.code.startswith("WF36")]


GOOD = {
    "first": {"output": 1},
    "outer": {"output": 2, "iteration": [3]},
    "inner": {"output": True, "iteration": [3, 1]},
}


def test_pins_that_say_where_the_loops_stand_are_taken() -> None:
    assert told(GOOD, left=2) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"inner": {"output": True}}, 'WF363 node "inner" is pinned, and it is part of a loop'),
        ({"inner": {"output": True, "iteration": [3]}}, 'WF363 node "inner" is pinned, and it is part'),
        ({"inner": {"output": True, "iteration": [2, 1]}}, 'the loop of "outer" is in another iteration'),
        ({"outer": None}, '"outer", which comes before it in the loop, is not'),
        ({"one": {"output": 1}}, 'WF363 node "one" is pinned, and it is inside the body of "parts"'),
        ({"nobody": {"output": 1}}, 'WF360 "nobody" is pinned, and no such node runs'),
        ({"first": {"status": "failed", "error": "Timeout"}}, "and no error edge takes that"),
    ],
)
def test_a_pin_that_cannot_be_is_told(changes: dict[str, Any], said: str) -> None:
    pins = {node: pin for node, pin in {**GOOD, **changes}.items() if pin is not None}
    (only,) = told(pins)
    assert said in only


def test_a_run_whose_trigger_makes_a_difference_must_be_named() -> None:
    assert told(GOOD, None) == [
        "WF363 the triggers enter different nodes, so the pins do not tell what else is to run"
    ]
    assert told(GOOD, "c") == ['WF360 there is no trigger "c"']


def test_a_variable_that_is_not_there_is_told() -> None:
    assert told(GOOD, lft=2) == ['WF360 there is no variable "lft" to be given another value']


RACE = """\
id: w
nodes:
  - {id: fork, type: function, parameters: {function: f}}
  - {id: fast, type: function, parameters: {function: f}}
  - {id: slow, type: function, parameters: {function: f}}
  - {id: slower, type: function, parameters: {function: f}}
  - {id: winner, type: function, join: first, parameters: {function: f}}
  - {id: last, type: transform, parameters: {output: "{% [$fast, $slower] %}"}}
edges:
  - {from: fork, to: fast}
  - {from: fork, to: slow}
  - {from: slow, to: slower}
  - {from: fast, to: winner, when: "{% $fork = 1 %}"}
  - {from: slower, to: winner}
  - {from: winner, to: last}
output: "{% [$last, $slower] %}"
"""


def rest_of(text: str, pins: dict[str, Any]) -> Compilation:
    given = {node: Pin.model_validate(pin) for node, pin in pins.items()}
    compilation = compile_text(text, file_name="w.yaml").pinned(given, {}, None)
    assert [one.code for one in compilation.diagnostics if one.code.startswith("WF36")] == []
    return compilation


@pytest.mark.parametrize(
    "ended", [{"winner": {"output": 3}}, {"slow": {"output": 2}, "winner": {"output": 3}}]
)
def test_who_lost_a_race_that_is_over_does_not_run_and_is_null_whoever_reads_it(
    ended: dict[str, Any],
) -> None:
    pins = {"fork": {"output": 1}, "fast": {"output": 2}, **ended}
    states = rest_of(RACE, pins).machine["States"]
    assert list(states) == ["Last"]
    assert "null" in states["Last"]["Output"]


def test_who_still_races_with_an_edge_that_is_asked_for_runs() -> None:
    states = rest_of(RACE, {"fork": {"output": 1}, "fast": {"output": 2}}).machine["States"]
    assert "Slow" in str(states)


def test_a_race_that_a_pinned_node_has_won_is_over() -> None:
    text = RACE.replace(', when: "{% $fork = 1 %}"', "")
    states = rest_of(text, {"fork": {"output": 1}, "fast": {"output": 2}}).machine["States"]
    assert list(states) == ["Winner", "Last"]


def test_what_the_edge_to_a_pinned_node_reads_need_not_be_there() -> None:
    pins = {"fast": {"output": 2}, "winner": {"output": 3}}
    assert list(rest_of(RACE, pins).machine["States"]) == ["Last"]
