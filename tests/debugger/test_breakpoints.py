"""Where a run stops by itself, forward and backward."""

from __future__ import annotations

import pytest

from tests.debugger.conftest import Made
from translator.debugger import Debugger
from translator.debugger.expression import question


def if_true(session: Debugger, text: str) -> object:
    return question(text, session.program)


def test_a_breakpoint_on_a_node_stops_before_it(debugger: Made) -> None:
    session = debugger()
    session.add_breakpoint(node="charge")
    move = session.resume()
    assert session.nodes == ("charge",)
    assert [hit.breakpoint.to_text() for hit in move.hits] == ["charge"]
    assert [(run.node, run.status) for run in move.ended] == [
        ("price", "succeeded"),
        ("reserve", "succeeded"),
    ]


def test_a_condition_is_asked_on_the_values_there(debugger: Made) -> None:
    session = debugger()
    session.add_breakpoint(node="charge", condition=if_true(session, "$price.total > 100"))
    session.resume()
    assert session.has_ended
    session = debugger(body={"total": 500})
    session.add_breakpoint(node="charge", condition=if_true(session, "{% $price.total > 100 %}"))
    session.resume()
    assert session.nodes == ("charge",)


def test_a_condition_that_fails_stops_and_says_why(debugger: Made) -> None:
    session = debugger()
    session.add_breakpoint(node="charge", condition=if_true(session, "$price.total > 'a'"))
    (hit,) = session.resume().hits
    assert hit.problem is not None
    assert "fails here" in hit.problem


@pytest.mark.parametrize(
    ("total", "edge", "stops"),
    [
        (50, ("large", "ship"), True),
        (50, ("large", "gift"), False),
        (500, ("large", "gift"), True),
        (500, ("charge", "ship"), False),
        (5000, ("charge", "ship"), True),
        (50, ("charge", "release"), False),
    ],
)
def test_a_breakpoint_on_an_edge_stops_where_it_is_taken(
    debugger: Made, total: int, edge: tuple[str, str], stops: bool
) -> None:
    session = debugger(body={"total": total})
    session.add_breakpoint(edge=edge)
    move = session.resume()
    assert session.has_ended is not stops
    assert (edge in move.edges) is stops


def test_an_error_edge_is_taken_once_the_retries_are_used_up(debugger: Made) -> None:
    session = debugger()
    session.fail("charge", "Timeout", "no answer")
    session.add_breakpoint(edge=("charge", "release"))
    move = session.resume()
    charge = next(run for run in move.ended if run.node == "charge")
    assert (charge.status, charge.error, len(charge.attempts)) == ("failed", "Timeout", 2)
    assert session.nodes == ("release",)
    assert session.evaluate("$error.cause") == "no answer"


def test_a_breakpoint_on_failures_stops_behind_one_whether_it_is_caught_or_not(debugger: Made) -> None:
    session = debugger()
    session.fail("reserve", "Network", "gone")
    session.add_breakpoint(on_failure=True)
    move = session.resume()
    assert [run.node for run in move.ended if run.status == "failed"] == ["reserve"]
    assert [hit.breakpoint.to_text() for hit in move.hits] == ["error"]
    assert session.execution.error == "Network"


def test_an_expression_alone_stops_where_it_becomes_true(debugger: Made) -> None:
    session = debugger()
    session.add_breakpoint(condition=if_true(session, "$exists($charge)"))
    session.resume()
    assert session.nodes == ("large",)
    session.resume()
    assert session.has_ended


def test_reverse_continue_stops_at_the_last_breakpoint_before(debugger: Made) -> None:
    session = debugger()
    session.add_breakpoint(node="price")
    session.add_breakpoint(node="charge")
    session.restart()
    while not session.has_ended:
        session.resume()
    session.reverse()
    assert session.nodes == ("charge",)
    session.reverse()
    assert session.nodes == ("price",)
