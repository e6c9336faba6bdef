"""The forecast of small definitions, figure by figure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from translator.asl import Distributed, Machine, Map, Origin, State, States, Task
from translator.compiler import CompileOptions, compile_text
from translator.forecast import Forecast
from translator.forecast.limits import MAX_EVENTS
from translator.forecast.measured import measure
from translator.legalize import Split

LOOP = """\
id: correction
nodes:
  - {id: draft, type: function, parameters: {function: draft}}
  - {id: check, type: function, parameters: {function: check}}
  - {id: good, type: condition, parameters: {when: "{% $check.good %}"}}
  - {id: publish, type: function, parameters: {function: publish}}
edges:
  - {from: draft, to: check}
  - {from: check, to: good}
  - {from: good, port: "false", to: draft}
  - {from: good, port: "true", to: publish}
"""
NESTED = """\
id: nested
nodes:
  - {id: outer, type: function, parameters: {function: outer}}
  - {id: inner, type: function, parameters: {function: inner}}
  - {id: again, type: condition, parameters: {when: "{% $inner.again %}"}}
  - {id: more, type: condition, parameters: {when: "{% $outer.more %}"}}
edges:
  - {from: outer, to: inner}
  - {from: inner, to: again}
  - {from: again, port: "true", to: inner}
  - {from: again, port: "false", to: more}
  - {from: more, port: "true", to: outer}
"""
BESIDE = """\
id: beside
nodes:
  - {id: left, type: function, parameters: {function: left}}
  - {id: right, type: function, parameters: {function: right}}
  - {id: nap, type: delay, parameters: {seconds: 30}}
edges:
  - {from: right, to: nap}
"""


def forecast(text: str, options: CompileOptions | None = None) -> Forecast:
    return compile_text(text, options=options).forecast


def alone(state: State) -> Split:
    return Split(Machine("", States("only", {"only": state})), ())


def test_a_loop_is_a_count_in_every_figure() -> None:
    spans = forecast(LOOP).spans
    # Two functions and a condition repeat: 5 + 5 + 2 events; the last passage and its function are fixed.
    assert spans["history_events"].most.to_text().endswith("·draft")
    assert spans["lambda_calls"].most.to_text() == "3 + 2·draft"
    assert spans["lambda_calls"].least.to_text() == "3 + 2·draft"


def test_a_loop_in_a_loop_multiplies_their_counts() -> None:
    one = forecast(NESTED)
    assert one.spans["lambda_calls"].most.to_text() == "2 + inner + 2·outer + inner·outer"
    assert one.given({"inner": 0, "outer": 0}).most("lambda_calls") == 2
    with pytest.raises(KeyError):
        one.given({"innner": 0})


def test_a_loop_is_warned_about_where_it_passes_the_events_that_a_run_may_have() -> None:
    one = forecast(LOOP)
    (limit,) = one.limits
    assert limit.latest == limit.earliest
    assert one.given({"draft": limit.earliest - 1}).most("history_events") > MAX_EVENTS
    assert one.given({"draft": limit.earliest - 2}).most("history_events") <= MAX_EVENTS
    assert limit.to_text() == (
        f'the loop at "draft" reaches 25,000 history events at iteration {limit.earliest:,}'
    )
    assert not limit.binds
    assert one.given({"draft": 3_000}).limits[0].binds


def test_side_by_side_calls_add_up_and_the_longest_time_counts() -> None:
    one = forecast(BESIDE)
    assert one.most("lambda_calls") == 2
    assert one.most("milliseconds") == 200 + 30_000
    known = forecast(BESIDE, CompileOptions(estimates={"left": 40.0}))
    assert known.most("milliseconds") == 40_000


def test_the_items_of_a_map_are_a_count() -> None:
    call = Task(Origin("call", "task"), None, "arn:aws:states:::lambda:invoke", {})
    inside = States("call", {"call": call})
    each = Map(Origin("each", "body"), None, [], {}, inside, max_concurrency=4)
    spans = measure(alone(each), {}, Decimal("0.4")).spans
    assert spans["lambda_calls"].most.to_text() == "each"
    assert spans["history_events"].most.to_text() == "6 + 7·each"
    assert spans["milliseconds"].most.to_text() == "400 + 100·each"
    apart = replace(each, distributed=Distributed("STANDARD"))
    spans = measure(alone(apart), {}, Decimal("0.4")).spans
    assert spans["transitions"].most.to_text() == "1 + each"
    assert spans["history_events"].most.to_text() == "8"


def test_money_is_transitions_requests_and_the_time_of_calls_at_list_price() -> None:
    one = forecast(LOOP).given({"draft": 0})
    # 5 transitions at 0.000025, and 3 calls at 0.0000002 + 0.2 s × 0.5 GB × 0.0000133334
    assert (one.most("transitions"), one.most("lambda_calls")) == (5, 3)
    assert f"{one.most_dollars:f}" == "0.0001296"


def test_an_express_run_costs_its_time_and_has_no_quota_of_events() -> None:
    one = forecast(f"{LOOP}settings: {{type: standard}}\n")
    quick = replace(one, is_express=True).given({"draft": 0})
    # 1 request at 0.000001, 0.6 s × 0.0625 GB × 0.00001667, and 3 calls as above
    assert f"{quick.most_dollars:f}" == "0.0000062"
    assert quick.limits == ()


PAGES = """\
id: pages
nodes:
  - id: all_pages
    type: while
    parameters: {condition: "{% $all_pages = null %}", output: "{% $fetch.body %}", max_iterations: 9000}
  - {id: fetch, type: http_request, parent: all_pages, parameters: {url: "https://example.com"}}
"""


def test_a_declared_bound_is_the_count() -> None:
    compilation = compile_text(PAGES.replace("9000", "900"))
    (count,) = compilation.forecast.measured.counts
    assert (count.name, count.value, count.is_declared) == ("all_pages", 900, True)
    assert compilation.diagnostics == ()


def test_a_loop_that_is_divided_counts_its_executions_and_the_rounds_of_each() -> None:
    forecast = compile_text(PAGES).forecast
    executions, rounds = forecast.measured.counts
    assert (executions.kind, executions.value) == ("executions", 4)
    assert (rounds.kind, rounds.value) == ("repeats", 1_800)
    # As many calls as iterations, one more for each execution whose last passage might still make it.
    assert 9_000 <= forecast.most("lambda_calls") <= 9_005
    assert forecast.most("history_events") < 100
    assert forecast.limits == ()
    assert "how many executions more than one" in forecast.to_text()


def test_a_batch_has_no_more_items_than_it_may() -> None:
    text = """\
id: batches
nodes:
  - {id: lines, type: for_each, parameters: {items: [1], mode: distributed, max_items: 90000, batch_size: 50}}
  - {id: send, type: function, parent: lines, parameters: {function: send}}
"""
    counts = compile_text(text).forecast.measured.counts
    assert [(count.kind, count.value) for count in counts] == [("items", 90_000), ("items", 50)]


def test_what_only_has_a_bound_is_nothing_in_the_least_run_unless_it_is_given() -> None:
    forecast = compile_text(PAGES.replace("9000", "900")).forecast
    assert (forecast.least("lambda_calls"), forecast.most("lambda_calls")) == (0, 900)
    assert "is repeated, 0 to 900" in forecast.to_text()
    given = forecast.given({"all_pages": 7})
    assert (given.least("lambda_calls"), given.most("lambda_calls")) == (7, 7)
