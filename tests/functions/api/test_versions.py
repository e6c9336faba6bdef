"""Versions: going back, sharing runs, comparing, approval, policy, and who changed what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from layers.runtime.store import Store
from layers.runtime.store.routes import routes_of_path
from layers.runtime.store.runs import find_run
from tests.functions.fakes import FakeStepFunctions, definition

Call = Callable[..., Any]
ONE = "/api/workflows/order-fulfilment"
BOB = {"id": "bob", "project": "main", "roles": []}
REFUND = [{"id": "refund", "type": "function"}]
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:main-order-fulfilment"


@pytest.fixture
def two(call: Call) -> None:
    """Two versions, of which the second is active."""
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    call("PUT", ONE, definition(nodes=REFUND))
    call("POST", f"{ONE}/activate")


def test_a_version_is_read_with_its_definition_word_for_word(two: None, call: Call) -> None:
    first = call("GET", f"{ONE}/versions/1")["json"]
    assert (first["active"], json.loads(first["definition"])) == (False, definition())
    missing = call("GET", f"{ONE}/versions/3")
    assert (missing["status"], missing["json"]["code"]) == (404, "version_not_found")


def test_a_rollback_moves_the_alias_and_starts_the_next_run_on_the_version_before(
    two: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    back = call("POST", f"{ONE}/rollback")
    assert (back["status"], back["json"]["version"]) == (200, 1)
    assert step_functions.aliases == {f"{MACHINE}:live": f"{MACHINE}:1"}
    run = call("POST", f"{ONE}/execute")["json"]["run"]
    assert call("GET", f"/api/executions/{run}")["json"]["version"] == 1
    again = call("POST", f"{ONE}/rollback", {"version": 1})
    assert (again["status"], again["json"]["version"]) == (200, 1)
    assert call("POST", f"{ONE}/rollback")["json"]["version"] == 2


def test_a_rollback_brings_the_webhooks_of_that_version_back(call: Call, store: Store) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    moved = [{"id": "new_order", "type": "webhook", "path": "orders/new"}]
    call("PUT", ONE, definition(triggers=moved))
    call("POST", f"{ONE}/activate")
    call("POST", f"{ONE}/rollback", {"version": 1})
    assert [route.version for route in routes_of_path(store, "orders")] == [1]
    assert routes_of_path(store, "orders/new") == ()


def test_a_rollback_that_is_cut_off_before_the_alias_moved_is_made_good_by_repeating_it(
    two: None, call: Call, step_functions: FakeStepFunctions
) -> None:
    step_functions.failing["update_state_machine_alias"] = RuntimeError("killed")
    assert call("POST", f"{ONE}/rollback", {"version": 1})["status"] == 502
    assert step_functions.aliases == {f"{MACHINE}:live": f"{MACHINE}:2"}
    del step_functions.failing["update_state_machine_alias"]
    assert call("POST", f"{ONE}/rollback", {"version": 1})["status"] == 200
    assert step_functions.aliases == {f"{MACHINE}:live": f"{MACHINE}:1"}


def test_there_is_nothing_to_go_back_to_from_the_first_version(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    refused = call("POST", f"{ONE}/rollback")
    assert (refused["status"], refused["json"]["code"]) == (409, "nothing_before")


def test_a_run_of_an_a_b_is_started_on_the_version_of_its_arm_and_knows_it(
    two: None, call: Call, store: Store, step_functions: FakeStepFunctions
) -> None:
    answered = call("POST", f"{ONE}/split", {"version": 1, "weight": 30})
    assert (answered["status"], answered["json"]["candidate"], answered["json"]["weight"]) == (200, 1, 30)
    second = {"stateMachineVersionArn": f"{MACHINE}:1", "weight": 30}
    assert step_functions.splits == {f"{MACHINE}:live": [second]}
    arms: Counter[tuple[str | None, int | None]] = Counter()
    for _ in range(100):
        run = find_run(store, call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"])
        assert run is not None
        execution = step_functions.executions[run.execution_arn]
        assert execution["stateMachineVersionArn"] == f"{MACHINE}:{run.version}"
        assert json.loads(execution["input"])["run"]["version"] == run.version
        arms[run.arm, run.version] += 1
    # The dice count up by two a run: one throw for the arm, one for the run's id.
    assert arms == {("candidate", 1): 30, ("active", 2): 70}


def test_a_webhook_knows_of_the_a_b_until_it_ends(two: None, call: Call, store: Store) -> None:
    call("POST", f"{ONE}/split", {"version": 1, "weight": 30})
    [route] = routes_of_path(store, "orders")
    assert route.split is not None
    assert (route.split.active.version, route.split.candidate.version, route.split.weight) == (2, 1, 30)
    assert call("GET", ONE)["json"]["workflow"]["candidate_weight"] == 30
    call("POST", f"{ONE}/split", {"version": 1, "weight": 0})
    assert [one.split for one in routes_of_path(store, "orders")] == [None]
    assert call("GET", ONE)["json"]["workflow"]["candidate_version"] is None


def test_another_activation_ends_an_a_b(two: None, call: Call, step_functions: FakeStepFunctions) -> None:
    call("POST", f"{ONE}/split", {"version": 1, "weight": 30})
    call("PUT", ONE, definition(name="Third"))
    call("PUT", ONE, definition(nodes=[{"id": "third", "type": "function"}]))
    call("POST", f"{ONE}/activate")
    assert call("GET", ONE)["json"]["workflow"]["candidate_version"] is None
    assert step_functions.splits == {f"{MACHINE}:live": []}


@pytest.mark.parametrize(
    ("other", "why"),
    [({"triggers": []}, "triggers"), ({"settings": {"type": "express"}}, "Express")],
    ids=["triggers", "type"],
)
def test_versions_that_start_otherwise_share_no_runs(other: dict[str, Any], why: str, call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    call("PUT", ONE, definition(**other))
    call("POST", f"{ONE}/activate")
    refused = call("POST", f"{ONE}/split", {"version": 1, "weight": 30})
    assert (refused["status"], refused["json"]["code"]) == (409, "arms_differ")
    assert why in refused["json"]["detail"]


def test_a_draft_is_activated_once_a_second_person_has_approved_it(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    ruled = call("PUT", f"{ONE}/policy", {"needs_approval": True}, headers={"if-match": '"1"'})
    assert (ruled["status"], ruled["headers"]["etag"]) == (200, '"2"')
    refused = call("POST", f"{ONE}/activate")
    assert (refused["status"], refused["json"]["code"]) == (409, "approval_missing")
    own = call("POST", f"{ONE}/approve", headers={"if-match": "*"})
    assert (own["status"], own["json"]["code"]) == (409, "own_draft")
    approved = call("POST", f"{ONE}/approve", principal=BOB, headers={"if-match": '"2"'})
    assert (approved["status"], approved["json"]["approved_by"]) == (200, "bob")
    assert call("POST", f"{ONE}/activate")["status"] == 200
    call("PUT", ONE, definition(nodes=REFUND))
    assert call("POST", f"{ONE}/activate")["json"]["code"] == "approval_missing"


def test_an_approval_is_of_what_was_read(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("PUT", ONE, definition(name="Orders"))
    refused = call("POST", f"{ONE}/approve", principal=BOB, headers={"if-match": '"1"'})
    assert (refused["status"], refused["json"]["code"]) == (412, "revision_differs")
    assert call("POST", f"{ONE}/approve", principal=BOB, headers={"if-match": None})["status"] == 428


def test_only_an_admin_says_what_an_activation_asks_for(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    refused = call("PUT", f"{ONE}/policy", {"tests": "off"}, principal=BOB)
    assert (refused["status"], refused["json"]["code"]) == (403, "not_allowed")


def test_the_history_tells_who_changed_what_newest_first(two: None, call: Call) -> None:
    call("POST", f"{ONE}/rollback", principal=BOB)
    call("POST", f"{ONE}/pause", principal=BOB)
    call("DELETE", ONE)
    call("POST", "/api/workflows", definition())
    changes = call("GET", f"{ONE}/history", query="limit=100")["json"]["items"]
    assert [(one["revision"], one["by"], one["what"]) for one in changes] == [
        (8, "ann", "created"),
        (7, "ann", "deleted"),
        (6, "bob", "paused"),
        (5, "bob", "rolled_back"),
        (4, "ann", "activated"),
        (3, "ann", "changed"),
        (2, "ann", "activated"),
        (1, "ann", "created"),
    ]
    assert changes[3]["details"] == {"version": 1, "from": 2}
