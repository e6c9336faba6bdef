"""The runner of test cases, on hand-written machines: mocks, virtual time, expectations."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from layers.runtime.timeline import build_timeline
from translator.definition.model import Pin, TestCase, WorkflowDefinition
from translator.error_classes import Validation, named_error
from translator.testing import CaseResult, run_case

ARGUMENTS = {"FunctionName": "${NodeTaskFunction}"}
RETRY = [{"ErrorEquals": ["Timeout"], "MaxAttempts": 2, "IntervalSeconds": 10, "BackoffRate": 1}]


def task(node: str, type_: str, parameters: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    payload = {
        "project": "main",
        "run": "r",
        "node": node,
        "type": type_,
        "node_key": f"r/{node}",
        "attempt": "{% $states.context.State.RetryCount %}",
        "effect": "once",
        "timeout_seconds": 20,
        "parameters": parameters,
    }
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {**ARGUMENTS, "Payload": payload},
        "Assign": {node: "{% $states.result.Payload.output %}"},
        "Output": "{% $states.result.Payload.output %}",
        "Retry": RETRY,
        **more,
    }


MACHINE = {
    "QueryLanguage": "JSONata",
    "StartAt": "Call",
    "States": {
        "Call": task("call", "http_request", {"method": "POST", "url": "https://x.example"}, Next="Wait"),
        "Wait": {"Type": "Wait", "Seconds": 259_200, "Next": "Work"},
        "Work": task("work", "function", {"function": "f", "arguments": {"x": "{% $call.body %}"}}, End=True),
    },
}
SOURCE_MAP = {
    "workflow": "w",
    "states": {
        "Call": {"node": "call", "role": "task"},
        "Wait": {"node": "pause", "role": "wait"},
        "Work": {"node": "work", "role": "task"},
    },
    "nodes": {
        "call": {"name": "Call", "type": "http_request", "states": ["Call"]},
        "pause": {"name": "Wait", "type": "delay", "states": ["Wait"]},
        "work": {"name": "Work", "type": "function", "states": ["Work"]},
    },
}
DEFINITION = WorkflowDefinition.model_validate(
    {
        "id": "w",
        "triggers": [{"id": "hook", "type": "webhook", "path": "x"}],
        "nodes": [
            {"id": "call", "type": "http_request"},
            {"id": "pause", "type": "delay"},
            {"id": "work", "type": "function"},
        ],
    }
)


@dataclass(frozen=True)
class HandWritten:
    definition: WorkflowDefinition
    whole_machine: Mapping[str, Any]
    source_map: Any
    pinned_input: Mapping[str, Any] = field(default_factory=dict)
    is_parted: bool = False

    def pinned(self, pins: Mapping[str, Pin], variables: Mapping[str, Any], trigger: str) -> HandWritten:
        assert not pins
        assert not variables
        return self


COMPILED = HandWritten(DEFINITION, MACHINE, SimpleNamespace(to_json=lambda: SOURCE_MAP))


def doubled(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"output": 2 * payload["parameters"]["arguments"]["x"]}


def run(case: Mapping[str, Any], work: Any = doubled) -> CaseResult:
    given = {"name": "case", "expect": {}, **case}
    return run_case(COMPILED, TestCase.model_validate(given), work, build_timeline)


GOOD = {"call": {"output": {"body": 21}, "seconds": 2}}


def test_mocked_nodes_answer_and_functions_run_for_real() -> None:
    result = run({"mocks": GOOD, "expect": {"status": "succeeded", "output": 42}})
    assert result.problems == ()
    assert result.output == 42


def test_three_days_pass_in_no_time() -> None:
    started = time.monotonic()
    assert run({"mocks": GOOD}).elapsed_seconds == pytest.approx(259_202)
    assert time.monotonic() - started < 1


def test_a_list_of_mocks_answers_attempt_by_attempt() -> None:
    answers = [{"error": "Timeout", "cause": "late"}, {"output": {"body": 1}}]
    result = run({"mocks": {"call": answers}, "expect": {"status": "succeeded", "ran": ["call"]}})
    assert result.passed
    assert result.elapsed_seconds == pytest.approx(259_210)


def test_the_last_answer_of_a_list_is_given_again() -> None:
    result = run({"mocks": {"call": [{"error": "Timeout"}]}})
    assert (result.status, result.error) == ("failed", "Timeout")
    assert result.elapsed_seconds == pytest.approx(20)


def test_a_mocked_error_comes_as_a_function_would_raise_it() -> None:
    result = run({"mocks": {"call": {"error": "Validation", "cause": "card refused"}}})
    assert result.error == "Validation"
    assert '"errorMessage": "card refused"' in str(result.cause)


def test_an_http_request_without_a_mock_fails_the_case_and_calls_nobody() -> None:
    result = run({})
    assert result.problems == ('node "call" would call POST https://x.example: give it a mock under "mocks"',)


def test_an_error_that_the_function_raises_fails_the_run() -> None:
    def refuse(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise named_error("OutOfStock", "no lamps left")

    result = run(
        {"mocks": GOOD, "expect": {"status": "failed", "error": "OutOfStock", "failed": ["work"]}}, refuse
    )
    assert result.problems == ()


def test_a_function_may_be_mocked_too() -> None:
    def never(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise Validation("was called")

    assert run({"mocks": {**GOOD, "work": {"output": "x"}}, "expect": {"output": "x"}}, never).passed


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ({"status": "failed"}, "status: expected failed, was succeeded"),
        ({"error": "Timeout"}, "error: expected Timeout, was None"),
        ({"output": 41}, "output: expected 41\n             was 42"),
        ({"output": None}, "output: expected null\n             was 42"),
        ({"elapsed_seconds": 5}, "elapsed_seconds: expected 5, was 259202"),
        ({"skipped": ["work"]}, 'skipped: node "work" ran and succeeded'),
        ({"failed": ["call"]}, 'failed: node "call" succeeded'),
    ],
)
def test_what_is_not_as_expected_is_told(expect: Mapping[str, Any], problem: str) -> None:
    assert run({"mocks": GOOD, "expect": expect}).problems == (problem,)


def test_a_node_that_was_expected_and_did_not_run_is_told() -> None:
    result = run(
        {"mocks": {"call": {"error": "Validation"}}, "expect": {"ran": ["work"], "failed": ["work"]}}
    )
    assert result.problems == ('ran: node "work" did not run', 'failed: node "work" did not run')


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ({"mocks": {"cal": {"output": 1}}}, '"mocks" names node "cal", which the workflow does not have'),
        (
            {"mocks": {"pause": {"output": 1}}},
            '"mocks" names node "pause", a delay, which calls nothing: remove the mock',
        ),
        ({"expect": {"ran": ["x"]}}, '"expect.ran" names node "x", which the workflow does not have'),
        ({"trigger": {"id": "hok"}}, 'the workflow has no trigger "hok": it has "hook"'),
        ({"start": "soon"}, '"start" is "soon": write a moment like 2026-01-01T00:00:00Z'),
    ],
)
def test_a_case_that_cannot_be_run_says_why(case: Mapping[str, Any], problem: str) -> None:
    assert run(case).problems == (problem,)
