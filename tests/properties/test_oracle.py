"""The oracle by itself: each rule of docs/semantics.md (Meaning of a graph), one case by hand."""

from __future__ import annotations

import pytest

from tests.properties.cases import Attempt, Case
from tests.properties.loops import Refused
from tests.properties.oracle import Result, run
from tests.properties.sketch import condition, sketch, transform

BROKEN = (Attempt(error="Broken"),)
TWO_TRIGGERS = [{"id": "t1", "type": "manual", "entry": "a"}, {"id": "t2", "type": "manual", "entry": "b"}]


def ran(case: Case) -> Result:
    return run(case.model(), case.trigger, case.answer)


def ends(result: Result) -> dict[str, str]:
    """Each node's last ending."""
    return {one.node: one.status for one in result.runs}


def started(result: Result, node: str) -> list[float]:
    return [one.started_at for one in result.runs if one.node == node and one.status != "skipped"]


def test_a_definition_without_triggers_starts_at_all_its_first_nodes() -> None:
    result = ran(sketch("a>b c>d"))
    assert ends(result) == dict.fromkeys("abcd", "succeeded")
    assert started(result, "a") == started(result, "c") == [0]


def test_a_loop_that_nothing_leads_to_is_entered_at_the_node_listed_first() -> None:
    assert started(ran(sketch("a>b b>a", when={"b>a": "$b.n < 1"})), "a") == [0, 2]


def test_a_run_starts_at_the_entry_of_the_trigger_that_fired_and_the_other_triggers_edges_are_dead() -> None:
    case = sketch("a>x b>y x>j y>j", triggers=TWO_TRIGGERS, fired="t2")
    assert ends(ran(case)) == {
        "a": "skipped",
        "x": "skipped",
        "b": "succeeded",
        "y": "succeeded",
        "j": "succeeded",
    }


def test_the_fired_triggers_entry_runs_whatever_its_join_says() -> None:
    case = sketch("a>b", {"b": {"join": "all"}}, triggers=TWO_TRIGGERS, fired="t2")
    assert ends(ran(case)) == {"a": "skipped", "b": "succeeded"}


def test_a_join_all_that_another_trigger_enters_too_is_skipped_as_that_triggers_edge_is_dead() -> None:
    case = sketch("a>b", {"b": {"join": "all"}}, triggers=TWO_TRIGGERS, fired="t1")
    assert ends(ran(case)) == {"a": "succeeded", "b": "skipped"}


def test_what_no_trigger_reaches_is_left_out_with_its_edges() -> None:
    case = sketch(
        "a>b u>b", {"b": {"join": "all"}}, triggers=[{"id": "t", "type": "manual", "entry": "a"}], fired="t"
    )
    assert ends(ran(case)) == {"a": "succeeded", "b": "succeeded"}


def test_join_any_waits_for_every_edge_to_end_and_runs_if_one_was_taken() -> None:
    case = sketch("a>b a>c b>j c>j", when={"c>j": "false"}, attempts={"b": [Attempt(1)], "c": [Attempt(5)]})
    assert started(ran(case), "j") == [6]


def test_join_all_is_skipped_if_one_edge_is_dead() -> None:
    case = sketch("a>b a>c b>j c>j j>k", {"j": {"join": "all"}}, when={"c>j": "false"})
    result = ran(case)
    assert ends(result)["j"] == ends(result)["k"] == "skipped"


def test_join_all_runs_if_all_edges_were_taken() -> None:
    assert ends(ran(sketch("a>b a>c b>j c>j", {"j": {"join": "all"}})))["j"] == "succeeded"


def test_a_skipped_nodes_edges_are_dead_so_no_join_waits_for_it() -> None:
    result = ran(sketch("a>b b>c c>j a>j", when={"a>b": "false"}))
    assert ends(result) == {"a": "succeeded", "b": "skipped", "c": "skipped", "j": "succeeded"}


def test_several_taken_edges_run_concurrently() -> None:
    result = ran(sketch("a>b a>c"))
    assert started(result, "b") == started(result, "c") == [1]


def test_a_when_that_yields_nothing_is_false() -> None:
    assert ends(ran(sketch("a>b", when={"a>b": "$trigger.body.missing"})))["b"] == "skipped"


def test_a_condition_takes_exactly_one_port() -> None:
    node = condition(("big", "$trigger.body.n > 5"), ("odd", "$trigger.body.n % 2 = 1"), default="other")
    case = sketch("c.big>x c.odd>y c.other>z", {"c": node}, body={"n": 7})
    assert ends(ran(case)) == {"c": "succeeded", "x": "succeeded", "y": "skipped", "z": "skipped"}


def test_a_condition_without_match_and_default_fails_with_no_match() -> None:
    result = ran(sketch("c.big>x", {"c": condition(("big", "false"))}))
    assert (result.status, result.error) == ("failed", "NoMatch")


def test_no_match_may_take_an_error_edge() -> None:
    result = ran(sketch("c.big>x c.error[NoMatch]>y", {"c": condition(("big", "false"))}))
    assert (result.status, ends(result)["y"]) == ("succeeded", "succeeded")


def test_a_failure_takes_its_matching_error_edge_and_leaves_the_others_dead() -> None:
    case = sketch(
        "a>b a.error[Timeout]>c a.error[Network]>d a.error>e",
        attempts={"a": [Attempt(error="Lambda.Unknown"), Attempt(error="Network")]},
    )
    assert ends(ran(case)) == {
        "a": "failed",
        "b": "skipped",
        "c": "skipped",
        "d": "skipped",
        "e": "succeeded",
    }


def test_an_error_edge_that_names_the_error_goes_before_one_for_all() -> None:
    case = sketch("a.error>all a.error[Broken]>named", attempts={"a": BROKEN})
    assert ends(ran(case)) == {"a": "failed", "all": "skipped", "named": "succeeded"}


def test_an_error_class_names_all_its_names_on_the_service() -> None:
    case = sketch("a.error[Timeout]>c", attempts={"a": [Attempt(error="States.Timeout")]})
    assert ends(ran(case)) == {"a": "failed", "c": "succeeded"}


def test_siblings_of_a_caught_failure_go_on_and_its_target_joins_all_its_edges() -> None:
    case = sketch("f>a f>b a.error>j b>j", attempts={"a": [Attempt(1, "Broken")], "b": [Attempt(9)]})
    result = ran(case)
    assert ends(result)["b"] == "succeeded"
    assert started(result, "j") == [10]


def test_the_node_on_an_error_path_reads_the_error() -> None:
    case = sketch(
        "a.error>b", {"b": transform("{% $error.error & ' of ' & $error.node %}")}, attempts={"a": BROKEN}
    )
    assert ran(case).output == {"b": "Broken of a"}


def test_an_unhandled_failure_cancels_what_is_under_way_and_fails_the_run() -> None:
    case = sketch("f>a f>b b>c", attempts={"a": [Attempt(1, "Broken")], "b": [Attempt(9)]})
    result = ran(case)
    assert (result.status, result.error, result.cause) == ("failed", "Broken", "a/0")
    assert ends(result) == {"f": "succeeded", "a": "failed", "b": "cancelled"}


def test_the_first_matching_handler_runs_alone_and_the_run_fails_with_the_original_error() -> None:
    handlers = [{"errors": ["Network"], "node": "n"}, {"node": "h"}, {"node": "n"}]
    result = ran(sketch("a>b h>i n", attempts={"a": BROKEN}, error_handlers=handlers))
    assert (result.status, result.error) == ("failed", "Broken")
    assert ends(result) == {"a": "failed", "h": "succeeded", "i": "succeeded"}


def test_a_handler_that_resolves_ends_the_run_succeeded_with_the_handlers_output() -> None:
    handlers = [{"node": "h", "resolve": True}]
    case = sketch(
        "a h", {"h": transform("{% $error.error %}")}, attempts={"a": BROKEN}, error_handlers=handlers
    )
    result = ran(case)
    assert (result.status, result.output) == ("succeeded", {"h": "Broken"})


def test_terminate_in_a_handler_decides_how_the_run_ends() -> None:
    stop = {"type": "terminate", "parameters": {"status": "succeeded", "output": 1}}
    result = ran(sketch("a h>t", {"t": stop}, attempts={"a": BROKEN}, error_handlers=[{"node": "h"}]))
    assert (result.status, result.output) == ("succeeded", 1)


def test_a_failure_inside_a_handler_is_not_handled_again() -> None:
    attempts = {"a": BROKEN, "h": [Attempt(error="Worse")]}
    result = ran(sketch("a h", attempts=attempts, error_handlers=[{"node": "h", "resolve": True}]))
    assert (result.status, result.error) == ("failed", "Worse")


def test_terminate_ends_the_whole_run_and_cancels_the_rest() -> None:
    stop = {"type": "terminate", "parameters": {"status": "failed", "error": "Enough", "cause": "{% $a.v %}"}}
    result = ran(sketch("f>a f>b a>t", {"t": stop}, attempts={"b": [Attempt(9)]}))
    assert (result.status, result.error, result.cause) == ("failed", "Enough", "a/0")
    assert ends(result)["b"] == "cancelled"


def test_an_expression_that_fails_is_a_failure_of_class_validation() -> None:
    case = sketch("a.error[Validation]>b", {"a": transform("{% $number('x') %}")})
    assert ends(ran(case)) == {"a": "failed", "b": "succeeded"}


def test_retries_come_before_the_error_edge() -> None:
    policy = [{"errors": ["Network"], "max_attempts": 2, "interval_seconds": 3, "backoff_rate": 2}]
    case = sketch(
        "a>b a.error>c",
        {"a": {"retry_policy": policy}},
        attempts={"a": [Attempt(1, "Network"), Attempt(1, "Network"), Attempt(1)]},
    )
    result = ran(case)
    assert started(result, "b") == [1 + 3 + 1 + 6 + 1]
    assert ends(result)["c"] == "skipped"


def test_a_back_edge_repeats_the_loop_until_it_is_not_taken() -> None:
    result = ran(sketch("a>b b>c c>b c>d", when={"c>b": "$b.n < 2", "c>d": "$b.n >= 2"}))
    assert len(started(result, "b")) == 3
    assert started(result, "d") == [7]


def test_an_iteration_ends_when_everything_it_started_has_ended() -> None:
    case = sketch(
        "a>b b>log b>c c.again>a c.done>d",
        {"c": condition(("again", "$b.n < 1"), default="done")},
        attempts={"log": [Attempt(50)]},
    )
    result = ran(case)
    assert started(result, "log") == [2, 54]
    assert started(result, "d") == [104]


def test_a_new_iteration_begins_with_its_nodes_reset() -> None:
    nodes = {
        "once": transform("{% $a.n %}"),
        "c": condition(("again", "$a.n < 1"), default="done"),
        "d": transform("{% $exists($once) %}"),
    }
    case = sketch("a>once once>c a>c c.again>a c.done>d", nodes, when={"a>once": "$a.n = 0"})
    assert ran(case).output == {"d": False}


def test_an_inner_loop_starts_afresh_in_every_outer_iteration() -> None:
    nodes = {
        "inner": condition(("again", "$b.n % 2 = 0"), default="done"),
        "outer": condition(("again", "$a.n < 1"), default="done"),
    }
    result = ran(sketch("a>b b>inner inner.again>b inner.done>outer outer.again>a outer.done>d", nodes))
    assert [one.iteration for one in result.runs if one.node == "b"] == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_a_side_branch_of_a_loop_that_is_also_entered_from_outside_is_refused() -> None:
    case = sketch("s>a s>log a>log a>c c.again>a", {"c": condition(("again", "false"), default="done")})
    with pytest.raises(Refused, match='"log"'):
        ran(case)


def test_a_loop_with_two_ways_in_and_a_fork_is_refused() -> None:
    with pytest.raises(Refused, match="more than one way in and a fork"):
        ran(sketch("c.p>a c.q>b a>b a>x b>a", {"c": condition(("p", "true"), default="q")}))


def test_a_loop_that_two_edges_enter_at_once_is_refused() -> None:
    with pytest.raises(Refused, match="two ways into a, b"):
        ran(sketch("s>a s>b a>b b>a"))


def test_a_loop_with_two_ways_in_and_no_fork_is_jumps_and_nothing_is_reset() -> None:
    nodes = {
        "c": condition(("p", "$trigger.body.p"), default="q"),
        "d": condition(("on", "$b.n < 3"), default="off"),
        "x": transform({"a": "{% $exists($a) %}", "n": "{% $b.n %}"}),
    }
    case = sketch("c.p>a c.q>b a>b b>d d.on>a d.off>x", nodes, body={"p": False})
    result = ran(case)
    assert [one.node for one in result.runs if one.status == "succeeded"] == list("cbdabdabdabdx")
    assert result.output == {"x": {"a": True, "n": 3}}


def test_the_output_is_what_the_nodes_without_outgoing_forward_edges_gave() -> None:
    nodes = {"x": transform(1), "y": transform(2), "z": transform(3)}
    assert ran(sketch("a>x a>y a>z", nodes, when={"a>y": "false"})).output == {"x": 1, "z": 3}


def test_output_replaces_the_leaves_and_a_skipped_nodes_output_is_null() -> None:
    output = {"x": "{% $x %}", "y": "{% $y %}", "gone": "{% $y.v %}", "there": "{% $exists($y) %}"}
    case = sketch("a>x a>y", {"x": transform(1)}, when={"a>y": "false"}, output=output)
    assert ran(case).output == {"x": 1, "y": None, "there": False}


def test_join_first_runs_as_soon_as_one_edge_is_taken_and_cancels_what_is_under_way() -> None:
    case = sketch(
        "f>a f>b f>c c>d a>j b>j d>j",
        {"j": {"join": "first"}},
        attempts={"a": [Attempt(5)], "b": [Attempt(2)], "c": [Attempt(9)]},
    )
    result = ran(case)
    assert started(result, "j") == [3]
    assert ends(result) == {
        "f": "succeeded",
        "a": "cancelled",
        "b": "succeeded",
        "c": "cancelled",
        "d": "skipped",
        "j": "succeeded",
    }


def test_after_a_join_first_only_what_led_to_the_winner_has_an_output() -> None:
    nodes = {"j": {"join": "first", **transform({"w": "{% $exists($a) %}", "l": "{% $exists($b) %}"})}}
    attempts = {"a": [Attempt(2)], "b": [Attempt(1)], "c": [Attempt(9)]}
    assert ran(sketch("f>a f>b b>c a>j c>j", nodes, attempts=attempts)).output == {
        "j": {"w": True, "l": False}
    }


def test_a_join_first_whose_edges_all_die_is_skipped() -> None:
    case = sketch("f>a f>b a>j b>j", {"j": {"join": "first"}}, when={"a>j": "false", "b>j": "false"})
    assert ends(ran(case))["j"] == "skipped"


def test_a_join_first_is_refused_if_what_lies_before_it_leads_elsewhere() -> None:
    with pytest.raises(Refused, match='"a" leads to "x" too'):
        ran(sketch("f>a f>b a>j b>j a>x", {"j": {"join": "first"}}))
