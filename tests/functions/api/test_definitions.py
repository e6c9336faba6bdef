"""The REST API's workflows: create, read, change, delete."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.api.services import Services
from layers.runtime.store import Store
from layers.runtime.store.workflows import find_head
from tests.functions.fakes import definition

Call = Callable[..., Any]
ONE = "/api/workflows/order-fulfilment"


def test_a_created_workflow_is_a_draft_and_keeps_its_text_word_for_word(call: Call) -> None:
    text = json.dumps(definition(), indent=3)
    created = call("POST", "/api/workflows", text)
    assert (created["status"], created["headers"]["location"], created["headers"]["etag"]) == (
        201,
        ONE,
        '"1"',
    )
    read = call("GET", ONE)
    assert (read["status"], read["json"]["definition"], read["json"]["format"]) == (200, text, "json")
    assert read["json"]["workflow"] == {
        "id": "order-fulfilment",
        "name": "Order fulfilment",
        "description": "",
        "status": "draft",
        "revision": 1,
        "latest_version": 0,
        "active_version": None,
        "candidate_version": None,
        "candidate_weight": 0,
        "draft_by": "ann",
        "tests": "required",
        "needs_approval": False,
        "approved_by": None,
        "created_at": "2026-01-31T09:30:00.000Z",
        "updated_at": "2026-01-31T09:30:00.000Z",
    }


def test_yaml_is_taken_by_its_content_type(call: Call) -> None:
    # The fake compiler reads JSON, which is YAML too.
    created = call("POST", "/api/workflows", definition(), headers={"content-type": "application/yaml"})
    assert (created["status"], created["json"]["format"]) == (201, "yaml")


def test_a_used_id_is_answered_409(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    again = call("POST", "/api/workflows", definition())
    assert (again["status"], again["json"]["code"]) == (409, "workflow_exists")


def test_an_invalid_definition_is_answered_422_with_diagnostics_and_nothing_is_stored(
    call: Call, store: Store
) -> None:
    refused = call("POST", "/api/workflows", definition(nodes=[]))
    assert (refused["status"], refused["json"]["code"]) == (422, "invalid_definition")
    assert refused["headers"]["content-type"] == "application/problem+json"
    assert [one["code"] for one in refused["json"]["diagnostics"]] == ["WF101"]
    assert find_head(store, "order-fulfilment") is None


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("", {}, 400),
        ("{}", {"content-type": "application/xml"}, 415),
        (json.dumps(definition(description="x" * 400_000)), {}, 413),
    ],
    ids=["empty", "xml", "large"],
)
def test_a_body_that_cannot_be_a_definition_is_refused(
    body: str, headers: dict[str, str], status: int, call: Call, store: Store
) -> None:
    refused = call("POST", "/api/workflows", body, headers=headers)
    assert refused["status"] == status
    assert find_head(store, "order-fulfilment") is None


def test_a_change_raises_the_revision_and_leaves_the_active_version(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    changed = call("PUT", ONE, definition(name="Orders"))
    assert (changed["status"], changed["headers"]["etag"]) == (200, '"3"')
    workflow = call("GET", ONE)["json"]["workflow"]
    assert (workflow["name"], workflow["status"], workflow["active_version"]) == ("Orders", "active", 1)


def test_a_change_of_another_revision_is_answered_412(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    refused = call("PUT", ONE, definition(name="Orders"), headers={"if-match": '"7"'})
    assert (refused["status"], refused["json"]["code"]) == (412, "revision_differs")
    assert call("PUT", ONE, definition(name="Orders"), headers={"if-match": '"1"'})["status"] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_that_does_not_say_of_what_is_answered_428_with_the_etag(method: str, call: Call) -> None:
    call("POST", "/api/workflows", definition())
    refused = call(method, ONE, definition(name="Orders"), headers={"if-match": None})
    assert (refused["status"], refused["json"]["code"]) == (428, "revision_missing")
    assert refused["headers"]["etag"] == '"1"'


def test_any_of_several_etags_may_match(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    assert call("PUT", ONE, definition(name="O"), headers={"if-match": '"7", "1"'})["status"] == 200


def test_who_has_the_current_revision_is_answered_304(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    known = call("GET", ONE, headers={"if-none-match": 'W/"1"'})
    assert (known["status"], known["json"], known["headers"].get("etag")) == (304, None, '"1"')
    assert call("GET", ONE, headers={"if-none-match": '"2"'})["status"] == 200


def test_a_repeated_creation_with_its_key_answers_as_before(call: Call) -> None:
    first = call("POST", "/api/workflows", definition(), headers={"idempotency-key": "k"})
    again = call("POST", "/api/workflows", definition(), headers={"idempotency-key": "k"})
    assert (again["status"], again["headers"]["etag"]) == (201, first["headers"]["etag"])
    other = call("POST", "/api/workflows", definition(name="O"), headers={"idempotency-key": "k"})
    assert (other["status"], other["json"]["code"]) == (422, "idempotency_key_reused")


def test_two_creations_at_once_with_one_key_create_one_workflow(
    call: Call, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = services.activation.ask
    asked: list[str] = []

    def overtaken(_: object, request: Any) -> Any:
        asked.append("check")
        if len(asked) == 1:
            call("POST", "/api/workflows", definition(), headers={"idempotency-key": "k"})
        return ask(request)

    monkeypatch.setattr(type(services.activation), "ask", overtaken)
    second = call("POST", "/api/workflows", definition(), headers={"idempotency-key": "k"})
    assert (second["status"], second["json"]["workflow"]["revision"], len(asked)) == (201, 1, 2)


def test_a_change_under_another_id_is_answered_422(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    refused = call("PUT", ONE, definition(id="another"))
    assert (refused["status"], refused["json"]["code"]) == (422, "id_differs")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/activate"),
        ("POST", "/pause"),
        ("POST", "/execute"),
        ("GET", "/versions"),
        ("GET", "/triggers"),
    ],
)
def test_a_workflow_that_does_not_exist_is_answered_404(method: str, path: str, call: Call) -> None:
    body = definition() if method == "PUT" else None
    refused = call(method, ONE + path, body)
    assert (refused["status"], refused["json"]["code"]) == (404, "workflow_not_found")


def test_workflows_are_listed_by_id_page_by_page(call: Call) -> None:
    for name in ("b", "a", "c"):
        call("POST", "/api/workflows", definition(id=name, triggers=[]))
    first = call("GET", "/api/workflows", query="limit=2")["json"]
    second = call("GET", "/api/workflows", query=f"limit=2&cursor={first['cursor']}")["json"]
    assert [[one["id"] for one in page["items"]] for page in (first, second)] == [["a", "b"], ["c"]]
    assert second["cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "e30", "eyJwayI6Im90aGVyIn0"])
def test_a_cursor_that_no_list_has_given_is_answered_400(cursor: str, call: Call) -> None:
    refused = call("GET", "/api/workflows", query=f"cursor={cursor}")
    assert (refused["status"], refused["json"]["code"]) == (400, "bad_request")


def test_an_active_workflow_is_not_deleted_and_a_paused_one_is_with_its_webhooks(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    refused = call("DELETE", ONE)
    assert (refused["status"], refused["json"]["code"]) == (409, "workflow_active")
    call("POST", f"{ONE}/pause")
    assert call("DELETE", ONE)["status"] == 204
    assert call("GET", ONE)["status"] == 404
    assert call("GET", "/api/workflows")["json"]["items"] == []
    assert call("GET", "/api/webhooks")["json"]["items"] == []


def test_a_deleted_id_can_be_used_again_and_its_versions_go_on_counting(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")
    call("POST", f"{ONE}/pause")
    call("DELETE", ONE)
    assert call("POST", "/api/workflows", definition())["status"] == 201
    assert call("POST", f"{ONE}/activate")["json"]["version"] == 2


def test_a_request_without_a_principal_is_answered_401(call: Call) -> None:
    assert call("GET", "/api/workflows", principal=None)["status"] == 401


def test_a_principal_of_another_project_is_answered_403(call: Call) -> None:
    refused = call("GET", "/api/workflows", principal={"id": "eve", "project": "other"})
    assert (refused["status"], refused["json"]["code"]) == (403, "other_project")


def test_a_path_that_does_not_exist_is_a_problem_with_404(call: Call) -> None:
    refused = call("GET", "/api/nothing")
    assert (refused["status"], refused["json"]["code"]) == (404, "route_not_found")
    assert refused["headers"]["content-type"] == "application/problem+json"


def test_a_parameter_that_does_not_fit_is_named(call: Call) -> None:
    refused = call("GET", "/api/workflows", query="limit=1000")
    assert (refused["status"], refused["json"]["code"]) == (422, "invalid_request")
    assert "'limit': Input should be less than or equal to 100" in refused["json"]["detail"]


def test_a_compiler_that_crashes_is_answered_502_and_nothing_is_stored(
    call: Call, services: Services, store: Store
) -> None:
    activator: Any = services.activation.client
    broken = replace(activator.activator, compile=None)
    object.__setattr__(activator, "activator", broken)
    refused = call("POST", "/api/workflows", definition())
    assert (refused["status"], refused["json"]["code"]) == (502, "compiler_failed")
    assert find_head(store, "order-fulfilment") is None
