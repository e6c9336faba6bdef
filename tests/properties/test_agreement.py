"""The judge sees what is wrong with a run, and accepts what nesting may change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Literal

import pytest

from tests.properties.agreement import delays, disagreements
from tests.properties.cases import Attempt, Case
from tests.properties.definitions import BODIED, CYCLIC, HANDLED, NESTED, RACING, Features, generate
from tests.properties.draft import BODIES
from tests.properties.observed import MachineRun, Span
from tests.properties.oracle import run
from tests.properties.schedule import NodeRun
from tests.properties.sketch import condition, sketch


def lawful(case: Case) -> MachineRun:
    """The run of an ideal machine: the oracle's own."""
    result = run(case.model(), case.trigger, case.answer)
    types = {node["id"]: node["type"] for node in case.definition["nodes"]}
    spans = tuple(
        span(one, is_open=one.status == "cancelled" or types[one.node] == "terminate")
        for one in result.runs
        if one.status != "skipped" and types[one.node] not in BODIES
    )
    seen = frozenset(node for node in types if types[node] not in BODIES)
    return MachineRun(result.status.upper(), result.output, result.error, result.cause, spans, seen)


def span(one: NodeRun, *, is_open: bool) -> Span:
    if is_open:
        return Span(one.node, one.started_at, None, "open", one.items)
    status: Literal["succeeded", "failed"] = "failed" if one.status == "failed" else "succeeded"
    return Span(one.node, one.started_at, one.ended_at, status, one.items)


def later(machine: MachineRun, node: str, seconds: float) -> MachineRun:
    """The same run with one node begun and ended so much later."""
    spans = [
        replace(one, started_at=one.started_at + seconds, ended_at=(one.ended_at or 0) + seconds)
        if one.node == node
        else one
        for one in machine.spans
    ]
    return replace(machine, spans=tuple(spans))


@pytest.mark.parametrize("features", [HANDLED, CYCLIC, RACING, BODIED, NESTED])
def test_the_semantics_agrees_with_itself(features: Features) -> None:
    for seed in range(40):
        case = generate(Random(seed), features)
        assert disagreements(case, lawful(case)) == []
        assert delays(case, lawful(case)) == []


def test_a_node_that_nesting_delays_is_accepted_and_told() -> None:
    case = sketch("a>b a>c")
    machine = later(lawful(case), "b", 30)
    assert disagreements(case, machine) == []
    assert delays(case, machine) == ["b began at 31, and may begin at 1"]


def test_a_node_that_begins_before_what_it_waits_for_has_ended_is_not_accepted() -> None:
    case = sketch("a>b")
    assert "b was started at 0.5" in disagreements(case, later(lawful(case), "b", -0.5))[0]


def test_a_delay_decides_which_of_two_failures_ends_the_run() -> None:
    case = sketch("a>b a>c", attempts={"b": [Attempt(1, "First")], "c": [Attempt(5, "Second")]})
    machine = lawful(case)
    assert machine.error == "First"
    spans = (Span("a", 0, 1, "succeeded"), Span("b", 5.5, None, "open"), Span("c", 1, None, "open"))
    delayed = replace(machine, error="Second", cause="c/0", spans=spans)
    assert disagreements(case, delayed) == []


def test_what_ends_at_the_very_instant_of_a_terminate_may_be_left_or_not() -> None:
    stop = {"type": "terminate", "parameters": {"status": "succeeded", "output": 1}}
    case = sketch("a>t b", {"t": stop})
    machine = lawful(case)
    spans = [replace(one, ended_at=None, status="open") if one.node == "b" else one for one in machine.spans]
    assert disagreements(case, replace(machine, spans=tuple(spans))) == []


def with_last(machine: MachineRun, span: Span) -> MachineRun:
    return replace(machine, spans=(*machine.spans[:-1], span))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda one: replace(one, output={"d": 0}), "output"),
        (lambda one: replace(one, status="FAILED", error="Oops"), "status"),
        (lambda one: replace(one, spans=one.spans[:-1]), "never started"),
        (lambda one: with_last(one, Span("skipped", 4, 5, "succeeded")), "never started"),
        (lambda one: replace(one, spans=(*one.spans, Span("skipped", 4, 5, "succeeded"))), "skipped ran 1"),
        (lambda one: with_last(one, replace(one.spans[-1], status="failed")), "d failed"),
    ],
)
def test_what_is_wrong_with_a_run_is_told(spoil: Callable[[MachineRun], MachineRun], told: str) -> None:
    node = condition(("yes", "false"), default="no")
    case = sketch("a>c c.yes>skipped c.no>d", {"c": node})
    assert told in disagreements(case, spoil(lawful(case)))[0]
