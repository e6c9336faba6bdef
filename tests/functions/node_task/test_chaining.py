"""Several nodes in one invocation: parameters in turn, retries by each one's policy, a record of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from functions.node_task.chaining import invoke_chain
from layers.runtime.json_value import JsonValue
from translator.chain import Timing
from translator.error_classes import Network, NodeError

Invoke = Callable[[Mapping[str, Any]], dict[str, JsonValue]]


class Clock:
    """Seconds that pass only by waiting and working."""

    def __init__(self) -> None:
        self.now = 100.0

    def pass_by(self, seconds: float) -> None:
        self.now += seconds

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self.pass_by, lambda: 0.5)


def link(node: str, **more: Any) -> dict[str, Any]:
    return {"node": node, "type": "function", "node_key": f"run/{node}", "parameters": {}, **more}


def payload(*links: dict[str, Any]) -> dict[str, Any]:
    return {"project": "main", "run": "r", "chain": list(links)}


def echo(clock: Clock) -> Invoke:
    """Work of a second, whose output is what it was called with."""

    def invoke(given: Mapping[str, Any]) -> dict[str, JsonValue]:
        clock.pass_by(1)
        return {"output": {"got": given["parameters"], "by": f"{given['project']}/{given['node_key']}"}}

    return invoke


def failing(clock: Clock, times: int) -> Invoke:
    left = [times]

    def invoke(given: Mapping[str, Any]) -> dict[str, JsonValue]:
        clock.pass_by(1)
        left[0] -= 1
        if left[0] >= 0:
            raise Network("the line is dead")
        return {"output": given["attempt"]}

    return invoke


def test_a_later_node_reads_the_answers_before_it_and_what_it_was_told() -> None:
    clock = Clock()
    second = link(
        "second",
        parameters={"fixed": 1},
        later={"x": "$chain__.first.output.got.a & $other", "y": "$states.context.Execution.Name"},
        known={"other": "!", "states": {"context": {"Execution": {"Name": "r"}}}},
    )
    answer = invoke_chain(payload(link("first", parameters={"a": "A"}), second), echo(clock), clock.timing)
    assert answer["chain"] == {
        "first": {
            "output": {"got": {"a": "A"}, "by": "main/run/first"},
            "began": 0.0,
            "ended": 1.0,
            "attempts": [],
        },
        "second": {
            "output": {"got": {"fixed": 1, "x": "A!", "y": "r"}, "by": "main/run/second"},
            "began": 1.0,
            "ended": 2.0,
            "attempts": [],
        },
    }


def test_a_node_is_tried_again_by_its_own_policy() -> None:
    clock = Clock()
    entry = {"errors": ["Network"], "max_attempts": 2, "interval_seconds": 4, "backoff_rate": 2.0}
    answer = invoke_chain(payload(link("one", retry=[entry])), failing(clock, 2), clock.timing)
    failed = {"error": "Network", "cause": "the line is dead"}
    assert answer["chain"] == {
        "one": {"output": 2, "began": 0.0, "ended": 15.0, "attempts": [failed, failed]}
    }


def test_full_jitter_waits_a_part_and_never_more_than_the_greatest_delay() -> None:
    clock = Clock()
    entry = {"errors": ["Network"], "max_attempts": 1, "interval_seconds": 40, "backoff_rate": 2.0}
    capped = {**entry, "max_delay_seconds": 10, "full_jitter": True}
    invoke_chain(payload(link("one", retry=[capped])), failing(clock, 1), clock.timing)
    assert clock.now == 100 + 1 + 5 + 1


@pytest.mark.parametrize("policy", [[], [{"errors": ["Timeout"], "max_attempts": 1}]])
def test_a_failure_keeps_its_name_and_tells_its_node(policy: list[dict[str, Any]]) -> None:
    clock = Clock()
    with pytest.raises(NodeError) as caught:
        invoke_chain(payload(link("one", retry=policy)), failing(clock, 1), clock.timing)
    assert (type(caught.value).__name__, str(caught.value)) == ("Network", "the line is dead (in node one)")


def test_an_expression_that_fails_is_the_failure_of_its_node_and_ends_the_chain() -> None:
    clock = Clock()
    with pytest.raises(NodeError) as caught:
        invoke_chain(
            payload(link("one"), link("two", later={"n": "$chain__.one.output + 1"}), link("three")),
            echo(clock),
            clock.timing,
        )
    assert type(caught.value).__name__ == "States.QueryEvaluationError"
    assert "parameter 'n'" in str(caught.value)
    assert str(caught.value).endswith("(in node two)")
    assert clock.now == 101
