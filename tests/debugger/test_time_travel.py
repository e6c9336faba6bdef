"""Forward and back: what was there once is there again, and the run is the one that runs by itself."""

from __future__ import annotations

import zlib
from random import Random

import pytest

from tests.debugger.conftest import BEGIN, Calls, Made
from tests.properties.definitions import generate
from tests.properties.machine import compiled
from tests.properties.sorts import SORTS
from translator.debugger import (
    Answers,
    Debugger,
    DebuggerError,
    Outside,
    Snapshot,
    Start,
    input_of,
    launch_of,
    program_of,
)
from translator.debugger.calls import Call, call_of
from translator.interpreter import Execution, TaskAnswer, TaskFailed, TaskRequest, TaskSucceeded, run_virtual
from translator.json_value import JsonValue

CASES = 4


class Fixed:
    """A world whose answer to a call depends on nothing but the call."""

    def answer(self, request: TaskRequest, call: Call, now: float, number: int) -> TaskAnswer:
        draw = zlib.crc32(f"{call.key} {call.attempt}".encode())
        if draw % 5 == 0:
            return TaskAnswer(TaskFailed(("Timeout", "Network", "Validation")[draw % 3], "drawn"), draw % 3)
        output: JsonValue = {"v": call.key, "n": draw % 10}
        if not request.resource.endswith("lambda:invoke"):
            return TaskAnswer(TaskSucceeded({"Output": output, "ExecutionArn": "a:b"}), draw % 3)
        return TaskAnswer(TaskSucceeded({"Payload": {"output": output}, "StatusCode": 200}), draw % 3)

    def is_open(self, call: Call) -> bool:
        return False


def drawn(sort: str, number: int, level: int) -> Debugger:
    case = generate(Random(f"{sort} {number}"), SORTS[sort])
    program = program_of(compiled(case, level))  # type: ignore[arg-type]
    start = Start("main-drawn-20260101T000000-00000000", input_of(program, case.trigger), BEGIN)
    return Debugger(program, launch_of(program, start), Answers(Outside(Calls()), recording=Fixed()))


def alone(session: Debugger) -> Execution:
    """The same run, driven by nobody."""
    execution = session._launch()
    run_virtual(execution, lambda request: Fixed().answer(request, call_of(request), 0, 0))
    return execution


@pytest.mark.parametrize("number", range(CASES))
@pytest.mark.parametrize("sort", sorted(SORTS))
def test_a_run_that_is_stepped_through_is_the_run_that_runs_by_itself(sort: str, number: int) -> None:
    session = drawn(sort, number, number % 2)
    while not session.has_ended:
        session.into()
    assert list(session.execution.history) == list(alone(session).history)
    assert (session.execution.output, session.execution.error) == (
        alone(session).output,
        alone(session).error,
    )


@pytest.mark.parametrize("number", range(CASES))
@pytest.mark.parametrize("sort", sorted(SORTS))
def test_back_as_far_as_forward_is_where_it_began(sort: str, number: int) -> None:
    session = drawn(sort, number, number % 2)
    seen: list[Snapshot] = [session.snapshot()]
    while not session.has_ended and session.point < 60:
        session.into()
        seen.append(session.snapshot())
    random = Random(number)
    for _ in range(6):
        target = random.randint(1, len(seen))
        session.go(target)
        assert session.snapshot() == seen[target - 1]
    while session.point > 1 and len(seen) - session.point < 3:
        session.back_into()
        assert session.snapshot() == seen[session.point - 1]


def test_stepping_by_nodes_and_back_comes_to_the_same_points(debugger: Made, calls: Calls) -> None:
    session = debugger()
    seen = [session.snapshot()]
    while not session.has_ended:
        session.step()
        seen.append(session.snapshot())
    assert [one.at for one in seen] == ["Price", "Reserve", "Charge the card", "Large", "Ship", None]
    for expected in reversed(seen[:-1]):
        session.back()
        assert session.snapshot() == expected
    assert calls.made == ["reserve", "charge", "ship"]


def test_two_sessions_give_identical_histories(debugger: Made) -> None:
    first, second = debugger(), debugger()
    first.resume()
    while not second.has_ended:
        second.into()
    assert list(first.execution.history) == list(second.execution.history)


def test_going_forward_again_calls_nothing_again(debugger: Made, calls: Calls) -> None:
    session = debugger()
    session.resume()
    session.restart()
    session.resume()
    assert calls.made == ["reserve", "charge", "ship"]
    assert session.execution.status == "SUCCEEDED"


def test_the_first_point_has_nothing_before_it_and_the_last_nothing_after(debugger: Made) -> None:
    session = debugger()
    with pytest.raises(DebuggerError, match="first point"):
        session.back_into()
    with pytest.raises(DebuggerError, match="first point"):
        session.reverse()
    session.resume()
    with pytest.raises(DebuggerError, match="ended"):
        session.step()
    session.restart()
    with pytest.raises(DebuggerError, match="ended before it came to point 99"):
        session.go(99)
