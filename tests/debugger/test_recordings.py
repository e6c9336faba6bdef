"""A run of the account is rebuilt from its history, and forked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.debugger.conftest import ORDERS, Calls
from tests.debugger.recordings import NAME, exported, recorded_text, run_of
from tests.debugger.test_time_travel import Fixed
from tests.properties.definitions import generate
from tests.properties.machine import compiled
from tests.properties.sorts import SORTS
from translator.compiler import Compilation, CompileOptions, compile_text
from translator.debugger import Answers, Debugger, DebuggerError, Outside
from translator.debugger.edits import target_of
from translator.debugger.recording import Recorded, differences, read_export
from translator.debugger.recording.rebuild import rebuild
from translator.definition.model import MockAnswer
from translator.testing.mocks import Work

CASES = 3


@pytest.fixture
def orders() -> Compilation:
    return compile_text(ORDERS, file_name="orders.yaml")


def rebuilt(compilation: Compilation, text: str, calls: Calls | None = None, **more: Any) -> Debugger:
    return rebuild(compilation, Recorded(read_export(text)), Outside(calls or Calls()), **more)


def told(session: Debugger) -> list[tuple[str, Any]]:
    """Types and states of the events: what time and chance do not change."""
    return [
        (event["type"], event.get("stateEnteredEventDetails", {}).get("name"))
        for event in session.execution.history
    ]


@pytest.mark.parametrize("number", range(CASES))
@pytest.mark.parametrize("sort", sorted(set(SORTS) - {"distributed"}))
def test_a_recorded_run_is_rebuilt_event_by_event(sort: str, number: int) -> None:
    case = generate(Random(f"{sort} {number}"), SORTS[sort])
    compilation = compiled(case, number % 3)  # type: ignore[arg-type]
    original = run_of(compilation, Answers(Outside(Calls()), recording=Fixed()), case.trigger, seed=number)
    original.resume()
    if any(event["type"] == "MapRunStarted" for event in original.execution.history):
        pytest.skip("its iterations are executions of their own")
    session = rebuilt(compilation, exported(original))
    assert told(session) == told(original)
    assert session.execution.output == original.execution.output
    session.restart()
    while not session.has_ended:
        session.into()
    assert told(session) == told(original)


@pytest.mark.parametrize("number", range(CASES))
def test_the_service_may_take_its_time_between_events(number: int) -> None:
    case = generate(Random(f"acyclic {number}"), SORTS["acyclic"])
    compilation = compiled(case, 1)
    original = run_of(compilation, Answers(Outside(Calls()), recording=Fixed()), case.trigger)
    original.resume()
    session = rebuilt(compilation, exported(original, late=0.012))
    assert (session.execution.status, session.execution.output) == (
        original.execution.status,
        original.execution.output,
    )


def test_a_recorded_failure_stands_at_its_end_and_nothing_is_called(
    orders: Compilation, calls: Calls
) -> None:
    text = recorded_text(orders, Outside(calls, {"reserve": _failing("Network", "no route")}), {"total": 50})
    calls.made.clear()
    session = rebuilt(orders, text, calls)
    assert (session.has_ended, session.execution.error, session.execution.name) == (True, "Network", NAME)
    assert session.trace.ended[-1].node == "reserve"
    session.back()
    assert session.nodes == ("reserve",)
    assert calls.made == []


def _failing(error: str, cause: str) -> MockAnswer:
    return MockAnswer(error=error, cause=cause)


def _failed(orders: Compilation) -> str:
    return recorded_text(
        orders, Outside(Calls(), {"charge": _failing("Timeout", "no answer")}), {"total": 50}
    )


def test_a_fork_leaves_the_recorded_way_at_its_point(orders: Compilation, calls: Calls) -> None:
    session = rebuilt(orders, _failed(orders), calls)
    assert session.execution.output["released"]["of"] == "reserve-0"  # type: ignore[index, call-overload]
    while "charge" not in session.nodes:
        session.back()
    point = session.point
    assert session.fork()
    session.resume()
    assert calls.made == []  # all was called in the same way then
    session.go(point)
    session.pin("charge", {"id": "paid"})
    session.resume()
    assert session.execution.output == {
        "shipped": {"id": "ship-0", "paid": "paid"},
        "released": None,
    }
    assert calls.made == ["ship"]
    assert not session.fork()


def test_live_leaves_the_recorded_way_too_and_really_calls(calls: Calls) -> None:
    text = (
        "id: asking\ntriggers: [{id: asked, type: webhook, path: asking}]\nnodes:\n"
        "  - {id: one, type: http_request, parameters: {url: 'https://example.com/1'}}\n"
        "  - {id: two, type: http_request, parameters: {url: 'https://example.com/{% $one.n %}'}}\n"
        "edges: [{from: one, to: two}]\n"
    )
    compilation = compile_text(text)
    mocks = {"one": MockAnswer(output={"n": 2}), "two": MockAnswer(error="Validation", cause="404")}
    outside = Outside(calls_parameters(calls))
    session = rebuild(
        compilation, Recorded(read_export(recorded_text(compilation, Outside(Calls(), mocks), None))), outside
    )
    assert session.execution.error == "Validation"
    session.back()
    session.fork()
    session.resume()
    assert session.execution.error == "Validation"  # the same call has the same answer
    session.back()
    session.answers.forget("two")
    session.live()
    session.resume()
    assert session.execution.output == {"two": "https://example.com/2"}
    assert calls.made == ["two"]


def calls_parameters(calls: Calls) -> Work:
    """Functions that answer the address that they were given."""

    def work(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        calls.made.append(payload["node"])
        return {"output": payload["parameters"]["url"]}

    return work


def test_what_comes_before_the_fork_stays_as_it_was_recorded(orders: Compilation) -> None:
    session = rebuilt(orders, _failed(orders))
    while "charge" not in session.nodes:
        session.back()
    session.set(target_of("price.total", session.program), 500)
    session.resume()
    session.restart()
    while "charge" not in session.nodes:
        session.step()
    assert session.evaluate("$reserve.id") == "reserve-0"
    assert session.answers.journal[next(iter(session.answers.journal))].source == "recorded"


def test_what_was_drawn_by_chance_then_is_not_put_into_another_way() -> None:
    text = """\
id: again
triggers: [{id: asked, type: webhook, path: again}]
nodes:
  - {id: first, type: function, parameters: {function: first, arguments: {}}}
  - {id: made, type: transform, parameters: {output: "{% {'of': $first.id, 'u': $uuid()} %}"}}
  - {id: last, type: function, parameters: {function: last, arguments: {of: "{% $made.of %}"}}}
edges: [{from: first, to: made}, {from: made, to: last}]
output: "{% $made %}"
"""
    compilation = compile_text(text, options=CompileOptions(optimize=0))
    original = run_of(compilation, Answers(Outside(Calls())), {"id": "asked", "type": "webhook"})
    original.resume()
    session = rebuilt(compilation, exported(original, late=0.25))
    session.back()
    session.pin("first", {"id": "other"})
    session.restart()
    session.resume()
    assert session.execution.output["of"] == "other"  # type: ignore[index, call-overload]


def test_an_edit_that_is_refused_does_not_leave_the_recorded_way(orders: Compilation) -> None:
    session = rebuilt(orders, _failed(orders))
    session.restart()
    with pytest.raises(DebuggerError):
        session.set(target_of("ship.id", session.program), 1)
    with pytest.raises(DebuggerError):
        session.pin("price", 1)
    assert session.answers.recording is not None
    assert session.following is not None
    assert session.following.until is None


CHANCE = """\
id: chance
triggers: [{id: asked, type: webhook, path: chance}]
nodes:
  - {id: draw, type: transform, parameters: {output: "{% {'u': $uuid(), 'r': $random(), 'at': $now()} %}"}}
  - {id: high, type: condition, parameters: {when: "{% $draw.r > 0.5 %}"}}
  - {id: more, type: function, parameters: {function: more, arguments: {of: "{% $draw.u %}"}}}
  - {id: less, type: function, parameters: {function: less, arguments: {of: "{% $draw.u %}"}}}
edges:
  - {from: draw, to: high}
  - {from: high, port: "true", to: more}
  - {from: high, port: "false", to: less}
output: {draw: "{% $draw %}", more: "{% $more.of %}", less: "{% $less.of %}"}
"""


@pytest.mark.parametrize("seed", range(6))
def test_what_chance_and_the_clock_gave_is_taken_from_the_recording(seed: int) -> None:
    compilation = compile_text(CHANCE)
    original = run_of(compilation, Answers(Outside(Calls())), {"id": "asked", "type": "webhook"}, seed=seed)
    original.resume()
    session = rebuilt(compilation, exported(original, late=0.5))
    assert session.execution.output == original.execution.output
    assert told(session) == told(original)


def test_a_run_that_was_still_under_way_ends_where_the_recording_does(
    orders: Compilation, calls: Calls
) -> None:
    whole = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    called = [event["id"] for event in whole if event["type"] == "TaskStarted"]
    text = json.dumps({"events": whole[: called[1]]})
    session = rebuilt(orders, text, calls)
    assert (session.has_ended, session.nodes) == (False, ("charge",))
    with pytest.raises(DebuggerError, match="the recording ends here"):
        session.resume()
    session.fork()
    session.resume()
    assert session.execution.status == "SUCCEEDED"
    assert calls.made == ["charge", "ship"]


def test_a_run_that_was_stopped_is_stopped_again(orders: Compilation) -> None:
    whole = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    called = [event["id"] for event in whole if event["type"] == "TaskStarted"]
    kept = whole[: called[1]]
    stopped = {
        "id": len(kept) + 1,
        "previousEventId": len(kept),
        "type": "ExecutionAborted",
        "timestamp": kept[-1]["timestamp"],
        "executionAbortedEventDetails": {"error": "Mine", "cause": "enough"},
    }
    session = rebuilt(orders, json.dumps([*kept, stopped]))
    assert (session.execution.status, session.execution.error, session.execution.cause) == (
        "ABORTED",
        "Mine",
        "enough",
    )


def test_another_version_is_debugged_on_the_machine_that_ran(orders: Compilation) -> None:
    old = compile_text(
        ORDERS.replace("Charge the card", "Take the money").replace("$price.total > 1000", "false")
    )
    text = recorded_text(old, Outside(Calls()), {"total": 50})
    with pytest.raises(DebuggerError, match='the state "Take the money" is not in this one') as caught:
        rebuilt(orders, text)
    assert "describe-state-machine-for-execution" in caught.value.hint
    deployed = json.loads(
        old.sent_text.replace("${NodeTaskFunction}", "arn:aws:lambda:eu-south-1:1:function:node")
    )
    session = rebuilt(orders, text, deployed=deployed)
    assert [run.node for run in session.trace.ended] == ["price", "reserve", "charge", "large", "ship"]
    assert any('"Take the money"' in sentence for sentence in differences(deployed, orders.machine))
    assert (
        differences(json.loads(orders.sent_text.replace("${NodeTaskFunction}", "arn:x")), orders.machine)
        == ()
    )


def test_a_machine_that_comes_to_another_end_is_refused(orders: Compilation) -> None:
    events = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    end = {**events[-1], "type": "ExecutionFailed", "executionFailedEventDetails": {"error": "Network"}}
    with pytest.raises(
        DebuggerError, match="came to FAILED with Network, and this machine comes to SUCCEEDED"
    ):
        rebuilt(orders, json.dumps([*events[:-1], end]))


def test_a_machine_that_calls_what_was_not_called_then_is_refused(orders: Compilation) -> None:
    events = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    first = next(event for event in events if event["type"] == "TaskSucceeded")
    failed = {
        **first,
        "type": "TaskFailed",
        "taskFailedEventDetails": {"error": "Lambda.TooManyRequestsException"},
    }
    with pytest.raises(DebuggerError, match='"reserve" was not called so in the recorded run'):
        rebuilt(orders, json.dumps([failed if event is first else event for event in events]))


def test_a_history_of_another_workflow_or_of_pinned_nodes_is_refused(orders: Compilation) -> None:
    text = recorded_text(orders, Outside(Calls()), {"total": 50})
    other = compile_text(ORDERS.replace("id: orders", "id: returns", 1))
    with pytest.raises(DebuggerError, match='one of the workflow "orders", not of "returns"'):
        rebuilt(other, text)
    with pytest.raises(DebuggerError, match="began with pinned nodes"):
        rebuilt(orders, text.replace('\\"run\\":{', '\\"pins\\":{},\\"run\\":{', 1))


def test_levels_of_optimization_are_those_of_the_machine_that_ran() -> None:
    fused = compile_text(ORDERS, options=CompileOptions(optimize=2))
    session = rebuilt(fused, recorded_text(fused, Outside(Calls()), {"total": 50}))
    assert session.execution.output["shipped"]["id"] == "ship-0"  # type: ignore[index, call-overload]
