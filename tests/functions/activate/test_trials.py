"""The tests of a definition before its activation, and differences of versions, with the real compiler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.activate import trials
from functions.activate.activation import Activator, check
from functions.activate.dispatch import answer
from functions.activate.handler import compile_definition
from layers.runtime.store import Store
from layers.runtime.store.changes import list_changes
from layers.runtime.store.workflows import (
    Draft,
    WorkflowHead,
    create_workflow,
    find_head,
    next_change,
    replace_draft,
)
from tests.functions.fakes import FakeStepFunctions
from translator.expressions.watch import Watch

Write = Callable[..., WorkflowHead]
SUM = """
id: sums
nodes:
  - {id: add, type: transform, parameters: {output: "{% $trigger.body.a + $trigger.body.b %}"}}
output: "{% $add %}"
tests:
  - {name: two numbers, trigger: {body: {a: 1, b: 2}}, expect: {status: succeeded, output: 3}}
"""
CALL = """
id: sums
nodes:
  - {id: add, type: function, parameters: {function: add}}
tests:
  - {name: calls, expect: {status: succeeded}}
"""


@pytest.fixture
def real(activator: Activator) -> Activator:
    return replace(activator, compile=compile_definition)


@pytest.fixture
def write(real: Activator, store: Store) -> Write:
    """Stores a definition as the draft, of a new workflow or of the one that is there."""

    def put(text: str, **more: Any) -> WorkflowHead:
        described: Any = check(real.compile, text, "yaml", "main")["workflow"]
        draft = Draft(text, "yaml", described["triggers"])
        head = find_head(store, described["id"])
        if head is not None:
            replace_draft(store, head, draft, next_change(head, "changed", "ann", ""))
            return head
        head = WorkflowHead(described["id"], "", "", "draft", 1, "", "", **more)
        create_workflow(store, head, draft)
        return head

    return put


def activated(real: Activator, **order: Any) -> Any:
    return answer({"action": "activate", "workflow": "sums", "by": "ann", **order}, real)


def test_tests_that_pass_are_told_with_the_activation(real: Activator, write: Write) -> None:
    write(SUM)
    assert activated(real)["tests"] == [{"name": "two numbers", "status": "passed", "problems": []}]


def test_a_test_that_fails_stops_the_activation_and_names_its_place(
    real: Activator, write: Write, step_functions: FakeStepFunctions
) -> None:
    write(SUM.replace("output: 3", "output: 4"))
    problem = activated(real)["problem"]
    assert (problem["status"], problem["code"]) == (422, "tests_failed")
    [found] = problem["diagnostics"]
    assert (found["code"], found["pointer"], found["severity"]) == ("AC120", "/tests/0", "error")
    assert "expected 4" in found["message"]
    assert step_functions.machines == {}


@pytest.mark.parametrize(("policy", "told"), [("warn", ["AC120"]), ("off", [])])
def test_a_laxer_policy_activates_all_the_same(
    policy: str, told: list[str], real: Activator, write: Write
) -> None:
    write(SUM.replace("output: 3", "output: 4"), tests=policy)
    answered = activated(real)
    assert (answered["version"], [one["code"] for one in answered["diagnostics"]]) == (1, told)


def test_who_activates_may_ask_for_more_than_the_policy_but_not_for_less(
    real: Activator, write: Write
) -> None:
    write(SUM.replace("output: 3", "output: 4"), tests="warn")
    assert activated(real, tests="required")["problem"]["code"] == "tests_failed"
    assert activated(real, tests="off")["version"] == 1


def test_a_test_that_needs_the_projects_code_is_skipped_and_stops_nothing(
    real: Activator, write: Write
) -> None:
    write(CALL)
    answered = activated(real)
    [trial] = answered["tests"]
    assert (answered["version"], trial["status"]) == (1, "skipped")
    assert "mock it" in trial["problems"][0]
    assert [one["code"] for one in answered["diagnostics"]] == ["AC121"]


def test_tests_that_would_take_too_long_are_not_begun(real: Activator, write: Write) -> None:
    write(SUM)
    ticks = iter([0.0, trials.SECONDS + 1])
    answered = activated(replace(real, ticks=lambda: next(ticks)))
    assert [trial["status"] for trial in answered["tests"]] == ["skipped"]


def test_a_test_that_runs_away_is_stopped(
    real: Activator, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "_WATCH", Watch(0.2, 2**40))
    monkeypatch.setattr(trials, "run_case", lambda *_: [None for _ in iter(int, 1)])
    write(SUM)
    assert "takes more than" in activated(real)["problem"]["diagnostics"][0]["message"]


def test_the_difference_of_two_versions_names_what_breaks_callers(
    real: Activator, write: Write, store: Store
) -> None:
    write(SUM + "input: {type: object}\n")
    activated(real)
    write(SUM + "input: {type: object, required: [a]}\n")
    activated(real)
    told: Any = answer({"action": "diff", "workflow": "sums", "old": "1", "new": "2"}, real)
    assert (told["old"], told["new"], told["breaking"]) == ("1", "2", ['input needs "a"'])
    assert [(one["change"], one["kind"]) for one in told["changes"]] == [("changed", "workflow")]
    draft: Any = answer({"action": "diff", "workflow": "sums", "old": "2", "new": "draft"}, real)
    assert (draft["changes"], draft["states"], draft["breaking"]) == ([], [], [])
    missing: Any = answer({"action": "diff", "workflow": "sums", "old": "2", "new": "7"}, real)
    assert missing["problem"]["code"] == "version_not_found"
    assert [one.what for one in list_changes(store, "sums", 10, None).elements] == [
        "activated",
        "changed",
        "activated",
    ]
