"""Runs on the real clock, and the lines that tell about them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest

from steploom.local_run import LocalRun
from steploom.timeline_lines import LiveTimeline, duration, shortened
from translator.diagnostics import InternalError
from translator.error_classes import Timeout, Validation
from translator.interpreter import Execution, StateMachine


def task(node: str, **more: Any) -> dict[str, Any]:
    payload = {"node": node, "type": "function", "node_key": node, "parameters": {}}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "f", "Payload": payload},
        "Output": "{% $states.result.Payload.output %}",
        **more,
    }


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def execution(definition: Mapping[str, Any]) -> Execution:
    return Execution(
        StateMachine.parse(definition),
        input={},
        name="run-1",
        arn="arn:aws:states:eu-central-1:000000000000:execution:m:run-1",
        state_machine_arn="arn:aws:states:eu-central-1:000000000000:stateMachine:m",
        started_at=time.time(),
        seed=1,
    )


def source_map(*nodes: str) -> dict[str, Any]:
    return {
        "states": {node: {"node": node, "role": "task"} for node in nodes},
        "nodes": {node: {"name": node, "type": "function", "states": [node]} for node in nodes},
    }


def finish(definition: Mapping[str, Any], work: Any, *nodes: str) -> tuple[Execution, list[str]]:
    running, lines = execution(definition), []
    timeline = LiveTimeline(source_map(*nodes), lambda text: lines.append(text.plain))
    LocalRun(running, work, time.time, lambda changed: timeline.update(changed.history)).finish()
    return running, lines


def test_branches_run_at_the_same_time() -> None:
    both_are_there = threading.Barrier(2, timeout=5)

    def work(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        both_are_there.wait()
        return {"output": payload["node"]}

    branches = [{"StartAt": name, "States": {name: task(name, End=True)}} for name in ("one", "two")]
    ended, lines = finish(
        machine(both={"Type": "Parallel", "Branches": branches, "End": True}), work, "one", "two"
    )
    assert (ended.status, ended.output) == ("SUCCEEDED", ["one", "two"])
    assert sorted(line.split()[1] for line in lines) == ["one", "two"]


def test_a_wait_takes_its_real_time() -> None:
    started = time.monotonic()
    ended, _ = finish(machine(wait={"Type": "Wait", "Seconds": 1, "End": True}), None)
    assert ended.status == "SUCCEEDED"
    assert time.monotonic() - started >= 0.9


def test_attempts_that_fail_are_told_as_they_happen() -> None:
    answers = iter([Timeout("late"), None])

    def work(_: Mapping[str, Any]) -> Mapping[str, Any]:
        error = next(answers)
        if error:
            raise error
        return {"output": 1}

    retry = [{"ErrorEquals": ["Timeout"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    _, lines = finish(machine(call=task("call", Retry=retry, End=True)), work, "call")
    assert lines[0] == "  ↻ call  attempt 1 failed  Timeout: late"
    assert lines[1].startswith("  ✓ call  call  succeeded")
    assert lines[1].endswith("1 retry")
    assert len(lines) == 2


def test_a_node_that_fails_says_why() -> None:
    def refuse(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise Validation("card refused")

    ended, lines = finish(machine(pay=task("pay", End=True)), refuse, "pay")
    assert ended.status == "FAILED"
    assert lines[0].startswith("  ✗ pay  pay  failed")
    assert lines[0].endswith("Validation: card refused")


def test_a_bug_of_ours_ends_the_run_loudly() -> None:
    def broken(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise KeyError("oops")

    with pytest.raises(InternalError, match="please report it"):
        finish(machine(call=task("call", End=True)), broken, "call")


def test_an_interrupt_stops_the_run_and_tells_what_was_under_way() -> None:
    running, lines = execution(machine(call=task("call", End=True))), []
    timeline = LiveTimeline(source_map("call"), lambda text: lines.append(text.plain))

    def interrupt(changed: Execution) -> None:
        timeline.update(changed.history)
        if changed.status == "RUNNING":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalRun(running, lambda _: {"output": 1}, time.time, interrupt).finish()
    assert running.status == "ABORTED"
    assert "cancelled" in lines[0]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0004, "0 ms"),
        (0.24, "240 ms"),
        (3.21, "3.2 s"),
        (59.96, "60.0 s"),
        (320, "5 min 20 s"),
        (259_205, "3 d 5 s"),
    ],
)
def test_durations_are_written_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_long_text_is_cut_to_one_line() -> None:
    assert shortened("a\n b") == "a b"
    assert len(shortened("x" * 500)) == 160
