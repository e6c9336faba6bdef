"""Edits, pins and mocked errors, and the future that comes of them."""

from __future__ import annotations

import pytest

from tests.debugger.conftest import Calls, Made
from translator.debugger import Debugger, DebuggerError
from translator.debugger.edits import target_of
from translator.json_value import JsonValue


def until(session: Debugger, node: str) -> None:
    while node not in session.nodes:
        session.step()


def edit(session: Debugger, target: str, value: JsonValue) -> None:
    session.set(target_of(target, session.program), value)


def test_what_comes_after_an_edit_reads_the_new_value(debugger: Made, calls: Calls) -> None:
    session = debugger()
    until(session, "charge")
    edit(session, "$price.total", 700)
    assert session.evaluate("$price") == {"total": 700}
    session.resume()
    assert session.execution.output == {"shipped": None, "gift": "charge-0", "released": None}
    assert calls.made == ["reserve", "charge"]


def test_an_edit_is_there_when_one_comes_by_again_and_gone_once_undone(debugger: Made) -> None:
    session = debugger()
    until(session, "large")
    point = session.point
    edit(session, "limit", 10)
    session.resume()
    assert session.evaluate("$limit") == 10
    session.go(point - 1)
    assert session.evaluate("$limit") == 100
    session.into()
    assert session.evaluate("$limit") == 10
    session.undo()
    assert session.evaluate("$limit") == 100
    with pytest.raises(DebuggerError, match="nothing was set at this point"):
        session.undo()


def test_the_trigger_can_be_edited(debugger: Made) -> None:
    session = debugger()
    edit(session, "trigger.body.total", 300)
    session.step()
    assert session.evaluate("$price.total") == 300
    assert session.evaluate("$trigger.body") == {"total": 300}


def test_what_was_set_on_another_way_is_not_set_on_this_one(debugger: Made) -> None:
    session = debugger()
    until(session, "ship")
    edit(session, "charge.id", "edited")
    session.restart()
    session.fail("reserve", "Network", "gone")
    session.resume()
    assert session.execution.error == "Network"
    assert session.edits == []
    session.answers.drop("reserve")
    session.restart()
    session.resume()
    assert session.execution.output == {"shipped": {"id": "ship-0", "paid": "charge-0"}, "released": None}


def test_what_is_set_in_a_branch_is_set_beside_it_and_behind_it(debugger: Made) -> None:
    text = """\
id: branches
triggers: [{id: asked, type: webhook, path: branches}]
nodes:
  - {id: price, type: transform, parameters: {output: "{% {'total': $trigger.body.total} %}"}}
  - {id: left, type: function, parameters: {function: left, arguments: {n: "{% $price.total %}"}}}
  - {id: right, type: function, parameters: {function: right, arguments: {n: "{% $price.total %}"}}}
  - id: after
    type: function
    join: all
    parameters: {function: after, arguments: {n: "{% $price.total %}"}}
edges:
  - {from: price, to: left}
  - {from: price, to: right}
  - {from: left, to: after}
  - {from: right, to: after}
output: "{% [$left.n, $right.n, $after.n] %}"
"""
    session = debugger(text)
    until(session, "right")
    edit(session, "price.total", 7)
    session.resume()
    assert session.execution.output == [50, 7, 7]


def test_calls_that_are_the_same_after_an_edit_are_not_made_again(debugger: Made, calls: Calls) -> None:
    session = debugger()
    session.resume()
    session.restart()
    until(session, "large")
    edit(session, "limit", 10)
    session.resume()
    assert session.execution.output == {"shipped": None, "gift": "charge-0", "released": None}
    session.restart()
    until(session, "charge")
    edit(session, "price.total", 60)
    moved = session.resume()
    assert [(one.call.node, one.source) for one in moved.answered] == [
        ("charge", "called"),
        ("ship", "as before"),
    ]
    assert calls.made == ["reserve", "charge", "ship", "charge"]


def test_a_pinned_node_is_not_called(debugger: Made, calls: Calls) -> None:
    session = debugger()
    session.pin("charge", {"id": "pinned"})
    move = session.resume()
    assert "charge" not in calls.made
    assert [one.source for one in move.answered] == ["called", "pinned", "called"]
    assert session.execution.output["shipped"]["paid"] == "pinned"  # type: ignore[index, call-overload]


def test_a_pin_holds_where_one_has_been_before_too(debugger: Made, calls: Calls) -> None:
    session = debugger()
    session.resume()
    session.pin("charge", {"id": "pinned"})
    session.restart()
    session.resume()
    assert session.execution.output["shipped"]["paid"] == "pinned"  # type: ignore[index, call-overload]
    session.answers.drop("charge")
    session.restart()
    session.resume()
    assert session.execution.output["shipped"]["paid"] == "charge-0"  # type: ignore[index, call-overload]
    assert calls.made.count("charge") == 1


def test_going_back_keeps_the_way_that_was_gone(debugger: Made) -> None:
    session = debugger()
    until(session, "large")
    session.pin("charge", {"id": "pinned"})
    session.back_into()
    session.go(session.point - 1)
    session.step()
    assert session.evaluate("$reserve.id") == "reserve-0"
    session.resume()
    session.back_into()
    assert session.evaluate("$charge.id") == "pinned"


def test_an_error_for_once_is_followed_by_the_real_answer(debugger: Made, calls: Calls) -> None:
    session = debugger()
    session.fail("charge", "Timeout", "slow", times=1)
    move = session.resume()
    assert [one.source for one in move.answered] == ["called", "made to fail", "called", "called"]
    assert session.execution.status == "SUCCEEDED"
    session.restart()
    session.resume()
    assert [one.source for one in session.answers.journal.values()] == [
        "called",
        "made to fail",
        "called",
        "called",
    ]


def test_a_node_that_calls_nothing_is_not_pinned(debugger: Made) -> None:
    with pytest.raises(DebuggerError, match='node "price" is a transform, which calls nothing') as caught:
        debugger().pin("price", {})
    assert "set $price" in caught.value.hint


@pytest.mark.parametrize(
    ("target", "message", "hint"),
    [
        ("charge", '"charge" has not finished here', "pin charge"),
        ("limit", 'variable "limit" has no value yet', "--variable limit="),
        ("error", 'there is no "$error" at this point', "step to where"),
        ("run.id", "cannot be set", "variable"),
        ("chrge", 'there is no node or variable "chrge"', 'did you mean "charge"?'),
        ("$price.to tal", "cannot be set", "$charge.body.id"),
        ("trigger.body[3]", "there is no place [3] in it", "whole array"),
        ("trigger.type.x", 'a field "x" cannot be set', "whole value"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_changes(
    debugger: Made, target: str, message: str, hint: str
) -> None:
    session = debugger()
    before = session.snapshot()
    with pytest.raises(DebuggerError) as caught:
        edit(session, target, 1)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert session.snapshot() == before
    assert session.edits == []


def test_the_output_that_nothing_reads_is_not_set(debugger: Made) -> None:
    text = (
        "id: idle\nnodes:\n  - {id: one, type: function, parameters: {function: one, arguments: {}}}\n"
        "  - {id: two, type: transform, parameters: {output: 2}}\nedges: [{from: one, to: two}]\n"
    )
    session = debugger(text)
    until(session, "two")
    assert session.evaluate("$one.id") == "one-0"
    with pytest.raises(DebuggerError, match='nothing that comes reads the output of "one"'):
        edit(session, "one.id", 1)


def test_a_call_to_the_outside_is_refused_where_the_session_does_not_call(debugger: Made) -> None:
    text = (
        "id: asking\nnodes:\n  - {id: ask, type: http_request, parameters: {url: 'https://example.com'}}\n"
        "output: '{% $ask %}'\n"
    )
    session = debugger(text, live=False)
    before = session.snapshot()
    with pytest.raises(DebuggerError, match="would call GET https://example") as caught:
        session.resume()
    assert "pin ask" in caught.value.hint
    assert session.snapshot() == before
    session.pin("ask", 5)
    session.resume()
    assert session.execution.output == 5


def test_an_interrupt_while_a_node_is_called_leaves_the_run_where_it_was(
    debugger: Made, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = debugger()
    until(session, "charge")
    before = session.snapshot()

    def interrupted(payload: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Calls, "__call__", lambda self, payload: interrupted(payload))
        with pytest.raises(KeyboardInterrupt):
            session.resume()
    assert session.snapshot() == before
    session.resume()
    assert session.execution.status == "SUCCEEDED"
