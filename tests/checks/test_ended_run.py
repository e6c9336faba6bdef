"""Which nodes of an earlier run count as ended for one that goes on from it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from translator.analyses.loops import find_loops
from translator.compiler import Compilation, compile_text
from translator.diagnostics import Severity
from translator.pins.ended_run import NodeEnd, pins_of_run

FUNCTION = {"type": "function", "parameters": {"function": "f"}}
CONDITION = {"type": "condition", "parameters": {"when": "{% $a > 1 %}"}}


def workflow(edges: list[str], **nodes: Any) -> Compilation:
    """Edges are written `a>b`, `q:true>b` or `a!>b` for the error port."""
    written = []
    for edge in edges:
        source, target = edge.split(">")
        name, _, port = source.partition(":")
        port = "error" if name.endswith("!") else port
        written.append({"from": name.rstrip("!"), "to": target, **({"port": port} if port else {})})
    listed = [{"id": name, **FUNCTION, **more} for name, more in nodes.items()]
    return compile_text(yaml.safe_dump({"id": "w", "nodes": listed, "edges": written}))


def ended(compilation: Compilation, ran: str, *begin: str) -> dict[str, Any]:
    """`ran` names nodes in order; `a!` failed, `a?` was cancelled."""
    states = {"!": "failed", "?": "cancelled"}
    ends = [NodeEnd(one.rstrip("!?"), states.get(one[-1], "succeeded"), "Network") for one in ran.split()]
    pins = pins_of_run(compilation.graph, find_loops(compilation.graph), ends, begin)
    found = compilation.pinned(pins, {}, "manual").diagnostics
    assert [one.message for one in found if one.severity is Severity.ERROR] == []
    return {
        name: (pin.output or {}).get("port") or (pin.iteration if pin.iteration else pin.status)
        for name, pin in pins.items()
    }


def test_what_succeeded_has_ended_and_what_failed_or_was_cut_short_runs_again() -> None:
    fork = workflow(["a>b", "a>c", "b>j", "c>j"], a={}, b={}, c={}, j={"join": "all"})
    assert ended(fork, "a b! c?") == {"a": "succeeded"}
    assert ended(fork, "a c b!") == {"a": "succeeded", "c": "succeeded"}


def test_a_failure_that_an_error_edge_took_has_ended_too() -> None:
    caught = workflow(["a!>told", "told>b"], a={}, told={}, b={})
    assert ended(caught, "a! told b!") == {"a": "failed", "told": "succeeded"}
    assert ended(caught, "a! told b!", "a") == {}


def test_with_a_node_all_that_follows_it_runs_again_and_what_is_beside_it_does_not() -> None:
    fork = workflow(["a>b", "a>c", "b>d", "c>j", "d>j"], a={}, b={}, c={}, d={}, j={"join": "all"})
    assert ended(fork, "a b c d j", "b") == {"a": "succeeded", "c": "succeeded"}


@pytest.mark.parametrize(("ran", "port"), [("a q b c!", "true"), ("a q c!", "false")])
def test_the_port_of_a_condition_is_read_off_what_ran_behind_it(ran: str, port: str) -> None:
    branch = workflow(["a>q", "q:true>b", "b>c", "q:false>c"], a={}, q=CONDITION, b={}, c={})
    assert ended(branch, ran)["q"] == port


def test_a_condition_behind_which_nothing_ran_is_decided_anew() -> None:
    branch = workflow(["a>q", "q:true>b", "q:false>c"], a={}, q=CONDITION, b={}, c={})
    assert ended(branch, "a q") == {"a": "succeeded"}


def test_of_a_loop_what_ended_in_the_iteration_under_way_counts() -> None:
    loop = workflow(["s>a", "a>b", "b>q", "q:true>a", "q:false>c"], s={}, a={}, b={}, q=CONDITION, c={})
    assert ended(loop, "s a b q a b q a b!") == {"s": "succeeded", "a": (2,)}
    assert ended(loop, "s a b q a b q c!") == {"s": "succeeded", "a": (1,), "b": (1,), "q": "false"}
    assert ended(loop, "s a b q a b q c", "b") == {"s": "succeeded", "a": (1,)}


def test_of_a_loop_inside_another_both_iterations_count() -> None:
    nested = workflow(
        ["a>b", "b>q", "q:true>b", "q:false>r", "r:true>a", "r:false>c"],
        a={},
        b={},
        q=CONDITION,
        r=CONDITION,
        c={},
    )
    assert ended(nested, "a b q b q r a b q b q b!") == {"a": (1,)}
    assert ended(nested, "a b q r a b q b q b q r!")["b"] == (1, 2)


def test_a_node_that_a_loop_passed_by_in_its_last_iteration_is_skipped() -> None:
    loop = workflow(
        ["a>p", "p:true>b", "b>q", "p:false>q", "q:true>a", "q:false>c"],
        a={},
        p=CONDITION,
        b={},
        q=CONDITION,
        c={},
    )
    found = ended(loop, "a p b q a p q c!")
    assert (found["b"], found["p"], found["q"]) == ("skipped", "false", "false")


def test_a_node_that_was_pinned_before_stays_as_it_was() -> None:
    branch = workflow(["a>q", "q:true>b", "q:false>c", "b>d", "c>d"], a={}, q=CONDITION, b={}, c={}, d={})
    ends = [NodeEnd("a", "succeeded"), NodeEnd("q", "succeeded", port="false"), NodeEnd("c", "skipped")]
    pins = pins_of_run(branch.graph, find_loops(branch.graph), ends, ())
    assert {name: pin.status for name, pin in pins.items()} == {
        "a": "succeeded",
        "q": "succeeded",
        "c": "skipped",
    }
    assert pins["q"].output == {"port": "false"}
