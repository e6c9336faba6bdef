"""What a graph means that its author cannot have meant."""

from __future__ import annotations

from tests.checks.conftest import Check
from translator.diagnostics import Severity

TWO = """\
nodes:
  - {id: first, type: transform, parameters: {output: 1}}
  - {id: second, type: transform, parameters: {output: "{% $first %}"}}
"""


def test_a_loop_that_nothing_ends_is_refused_at_the_edge_that_leads_back(check: Check) -> None:
    (found,) = check(
        TWO.replace('"{% $first %}"', "2")
        + "edges: [{from: first, to: second}, {from: second, to: first}]\n"
        + "triggers: [{id: by_hand, type: manual, entry: first}]\n"
    )
    assert (found.code, found.severity) == ("WF304", Severity.ERROR)
    assert '"first"' in found.message


ENTERED_TWICE = (
    TWO.replace('"{% $first %}"', "2")
    + "  - {id: third, type: transform, parameters: {output: 3}}\n"
    + "triggers: [{id: one, type: manual, entry: first}, {id: other, type: manual, entry: second}]\n"
    + 'edges:\n  - {from: first, to: second, when: "{% $trigger.body.on %}"}\n  - {from: second, to: first}\n'
)


def test_a_loop_that_is_entered_at_two_nodes_is_jumps(check: Check) -> None:
    assert {one.code for one in check(ENTERED_TWICE)} == {"WF301"}


def test_a_loop_that_is_entered_at_two_nodes_and_forks_names_them_and_the_fork(check: Check) -> None:
    (found,) = check(ENTERED_TWICE + "  - {from: second, to: third}\n")
    assert (found.code, found.severity) == ("WF302", Severity.ERROR)
    assert '"first" → "second" → "first"' in found.message
    assert '"first" (from a trigger) and "second" (from a trigger)' in found.message
    assert '"second" → "third" can be taken together' in found.message


def test_a_loop_that_two_edges_enter_at_once_is_refused_with_both(check: Check) -> None:
    (found,) = check(
        ENTERED_TWICE.replace("entry: first", "entry: third")
        + "  - {from: third, to: first}\n  - {from: third, to: second}\n"
    )
    assert found.code == "WF302"
    assert '"third" → "first" and "third" → "second" can be taken together' in found.message


def test_a_node_beside_another_cannot_read_it(check: Check) -> None:
    (found,) = check(TWO)
    assert found.code == "WF310"
    assert found.hint == 'the two run side by side: lead an edge from "first" to "second"'


def test_a_node_cannot_read_itself(check: Check) -> None:
    (found,) = check(TWO.replace("{% $first %}", "{% $second %}"))
    assert found.message == 'node "second" reads its own output'


def test_the_condition_of_an_edge_may_read_its_source(check: Check) -> None:
    edge = 'edges: [{from: first, to: second, when: "{% $first = 1 %}"}]\n'
    assert check(TWO + edge) == []


def test_an_error_that_no_edge_carries_is_warned_about_in_the_output_too(check: Check) -> None:
    (found,) = check('nodes: [{id: a, type: transform, parameters: {output: 1}}]\noutput: "{% $error %}"\n')
    assert (found.code, found.severity) == ("WF311", Severity.WARNING)
    assert found.message.startswith("the output reads $error")


def test_a_join_of_exclusive_edges_names_both_sources(check: Check) -> None:
    (found,) = check(
        'nodes:\n  - {id: asked, type: condition, parameters: {when: "{% true %}"}}\n'
        "  - {id: a, type: transform, parameters: {output: 1}}\n"
        "  - {id: b, type: transform, parameters: {output: 1}, join: all}\n"
        'edges:\n  - {from: asked, port: "true", to: a}\n  - {from: asked, port: "false", to: b}\n'
        "  - {from: a, to: b}\n"
    )
    assert (found.code, found.severity) == ("WF314", Severity.WARNING)
    assert '"a" and "asked"' in found.message


def test_two_writers_of_one_variable_side_by_side_are_refused_and_one_after_the_other_are_not(
    check: Check,
) -> None:
    writers = (
        "variables: [{name: x, value: 0}]\noutput: '{% $x %}'\nnodes:\n"
        "  - {id: a, type: set_variable, parameters: {values: {x: 1}}}\n"
        "  - {id: b, type: set_variable, parameters: {values: {x: 2}}}\n"
    )
    assert [found.code for found in check(writers)] == ["WF312"]
    assert check(f"{writers}edges: [{{from: a, to: b}}]\n") == []


def test_a_barrier_is_noted_at_the_edge_that_leads_over_it(check: Check) -> None:
    nodes = "".join(
        f'  - {{id: {name}, type: http_request, parameters: {{url: "https://example.com"}}}}\n'
        for name in ("left", "right", "both", "alone")
    )
    edges = "edges:\n  - {from: left, to: both}\n  - {from: right, to: both}\n  - {from: right, to: alone}\n"
    (found,) = check(f"nodes:\n{nodes}{edges}")
    assert (found.code, found.severity) == ("WF401", Severity.NOTE)
    assert found.position.line == 8


def test_a_loop_that_only_the_error_edge_of_what_cannot_fail_leaves_never_ends(check: Check) -> None:
    around = """\
  - {{id: out, type: transform, parameters: {{output: 1}}}}
edges: [{{from: turn, to: turn{port}}}, {{from: turn, to: out, port: error{errors}}}]
"""
    plain = "nodes:\n  - {id: turn, type: transform, parameters: {output: '{% $trigger.body %}'}}\n"
    failing = plain.replace("$trigger.body", "$number($trigger.body)")
    body = "nodes:\n  - {id: turn, type: parallel, parameters: {}}\n"
    body += "  - {id: inner, parent: turn, type: transform, parameters: {output: 2}}\n"
    once = around.format(port="", errors="")
    assert [found.code for found in check(plain + once)] == ["WF304"]
    assert [found.code for found in check(body + once)] == ["WF304"]
    assert [found.code for found in check(failing + once)] == []
    unfit = around.format(port="", errors=", errors: [Network]")
    assert [found.code for found in check(failing + unfit)] == ["WF304"]
