"""Runs whose history would be too long: what is given to other executions, and what is refused."""

from __future__ import annotations

import pytest

from translator.compiler import Compilation, CompileOptions, compile_text
from translator.legalize.events.weight import Weighing, executions

LOOP = """\
id: pages
nodes:
  - id: all
    type: while
    parameters: {condition: "{% $all = null %}", output: "{% $get.body %}", max_iterations: 9000}
  - {id: get, type: http_request, parent: all, parameters: {url: "https://example.com"}}
"""
LIST = """\
id: import
nodes:
  - {id: lines, type: for_each, parameters: {items: "{% $trigger.body %}", max_items: 1000, mode: inline}}
  - {id: first, type: function, parent: lines, parameters: {function: first}}
  - {id: again, type: function, parent: lines, parameters: {function: again}}
  - {id: third, type: function, parent: lines, parameters: {function: third}}
  - {id: last, type: function, parent: lines, parameters: {function: last}}
  - {id: more, type: function, parent: lines, parameters: {function: more}}
edges:
  - {from: first, to: again}
  - {from: again, to: third}
  - {from: third, to: last}
  - {from: last, to: more}
"""


def codes(compilation: Compilation) -> list[str]:
    return [one.code for one in compilation.diagnostics]


def longest(compilation: Compilation) -> int:
    """The events of the longest execution, as forecast."""
    split = compilation._split
    weighing = Weighing(compilation._declared, dict(split.rounds))
    scopes = (scope for one in split.machines for scope in executions(one.states))
    return max(weighing.of_run(scope).events for scope in scopes)


def test_a_run_that_has_room_is_one_execution() -> None:
    compilation = compile_text(LOOP.replace("9000", "3000"))
    assert codes(compilation) == []
    assert compilation.parts == {}
    assert not compilation.is_parted


def test_a_loop_that_is_too_long_runs_some_rounds_in_each_of_several_executions() -> None:
    compilation = compile_text(LOOP)
    assert codes(compilation) == ["WF571"]
    assert "63,008 history events" in compilation.diagnostics[0].message
    (part,) = compilation.parts.values()
    assert "Part from All: another time?" in part["States"]
    assert longest(compilation) <= 20_000


def test_the_items_of_a_list_that_is_too_long_are_executions() -> None:
    compilation = compile_text(LIST)
    assert codes(compilation) == ["WF571"]
    lines = compilation.machine["States"]["Lines"]["ItemProcessor"]
    assert lines["States"][lines["StartAt"]]["Resource"].endswith("startExecution.sync:2")
    assert longest(compilation) <= 20_000


TWO = (
    LIST.replace("1000", "600").partition("edges:")[0]
    + """\
  - {id: pages, type: while, parameters: {condition: "{% $pages = null %}", max_iterations: 1500}}
  - {id: get, type: function, parent: pages, parameters: {function: get}}
edges:
  - {from: lines, to: pages}
"""
)


def test_what_takes_most_is_given_away_as_a_whole_if_it_fits_into_one_execution() -> None:
    compilation = compile_text(TWO)
    assert codes(compilation) == ["WF571"]
    (part,) = compilation.parts.values()
    assert part["StartAt"] == "Lines"
    assert longest(compilation) <= 20_000


@pytest.mark.parametrize("bound", ["", ", max_items: 100"])
def test_what_nobody_has_declared_is_no_reason_to_split(bound: str) -> None:
    compilation = compile_text(LIST.replace(", max_items: 1000", bound))
    assert codes(compilation) == []


def test_what_cannot_be_divided_is_refused_with_its_figures() -> None:
    (refusal,) = compile_text(LIST.replace("1000", "9000")).diagnostics
    assert refusal.code == "WF570"
    assert refusal.message == (
        "a run may take 243,006 history events, and the service ends an execution at 25,000; "
        "divided as far as it can be, one of its executions still takes 81,006: "
        '"lines" has up to 9,000 items, of 9 events each'
    )
    assert refusal.position.line == 3
    assert "mode: distributed" in refusal.hint


def test_children_of_a_distributed_map_have_histories_of_their_own() -> None:
    assert codes(compile_text(LIST.replace("inline", "distributed").replace("1000", "90000"))) == []
    batched = LIST.replace(
        "max_items: 1000, mode: inline", "max_items: 90000, mode: distributed, batch_size: 1000"
    )
    assert codes(compile_text(batched)) == ["WF571"]
    assert longest(compile_text(batched)) <= 20_000
    assert codes(compile_text(batched.replace("batch_size", "execution: express, batch_size"))) == []


def test_an_express_run_has_no_such_quota() -> None:
    text = LOOP.replace("get, type", "get, effect: read, type") + "settings: {type: express}\n"
    assert codes(compile_text(text)) == []


def test_equal_definitions_are_split_into_equal_bytes() -> None:
    one, two = compile_text(LOOP), compile_text(LOOP)
    assert (one.asl_text, one.sent_parts) == (two.asl_text, two.sent_parts)


def test_a_count_that_is_known_from_outside_counts_as_declared() -> None:
    options = CompileOptions(counts={"lines": 1000})
    assert codes(compile_text(LIST.replace(", max_items: 1000", ""), options=options)) == ["WF571"]
