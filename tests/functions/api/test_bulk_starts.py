"""Bulk starts: what the machine is given, once per key, and how far it has come."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.services import Services
from tests.functions.fakes import definition

Call = Callable[..., Any]
ONE = "/api/workflows/order-fulfilment"
KEY = {"idempotency-key": "k"}


@pytest.fixture
def active(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    call("POST", f"{ONE}/activate")


def given(services: Services) -> Any:
    maps: Any = services.bulk.client
    [text] = maps.executions.values()
    return json.loads(text)


def test_a_list_is_kept_line_by_line_and_given_to_the_machine(
    active: None, call: Call, services: Services
) -> None:
    started = call("POST", f"{ONE}/bulk", {"items": [{"total": 1}, "x", None]})
    assert started["status"] == 202
    bulk = started["json"]["bulk"]
    assert started["headers"]["location"] == f"/api/bulk/{bulk}"
    sent = given(services)
    assert (sent["bulk"], sent["bucket"], sent["format"]) == (bulk, "runs", "jsonl")
    assert sent["key"].startswith("main/runs/bulk/lists/")
    assert services.starter.objects.get(sent["key"]) == '{"total":1}\n"x"\nnull\n'
    assert sent["results"].startswith("main/runs/bulk/results/")


def test_an_object_of_the_bucket_is_named_below_the_folder_for_bulk_starts(
    active: None, call: Call, services: Services
) -> None:
    source = {"key": "2026/orders.csv", "format": "csv"}
    assert call("POST", f"{ONE}/bulk", {"source": source})["status"] == 202
    sent = given(services)
    assert (sent["key"], sent["format"]) == ("main/runs/bulk/2026/orders.csv", "csv")


def test_a_repeated_key_starts_one_execution_and_is_refused_with_another_list(
    active: None, call: Call, services: Services
) -> None:
    first = call("POST", f"{ONE}/bulk", {"items": [1, 2]}, headers=KEY)
    again = call("POST", f"{ONE}/bulk", {"items": [1, 2]}, headers=KEY)
    assert first["json"] == again["json"]
    other = call("POST", f"{ONE}/bulk", {"items": [3]}, headers=KEY)
    assert (other["status"], other["json"]["code"]) == (422, "idempotency_key_reused")
    assert services.starter.objects.get(given(services)["key"]) == "1\n2\n"


def test_progress_counts_what_was_started_and_what_was_refused(
    active: None, call: Call, services: Services
) -> None:
    bulk = call("POST", f"{ONE}/bulk", {"items": [1, 2, 3, 4]})["json"]["bulk"]
    assert call("GET", f"/api/bulk/{bulk}")["json"]["total"] == 4
    maps: Any = services.bulk.client
    maps.counts = {"total": 4, "pending": 1, "running": 0, "succeeded": 2, "failed": 1}
    seen = call("GET", f"/api/bulk/{bulk}")["json"]
    assert {name: seen[name] for name in ("status", "total", "pending", "started", "refused")} == {
        "status": "running",
        "total": 4,
        "pending": 1,
        "started": 2,
        "refused": 1,
    }
    assert (seen["workflow"], seen["created_by"]) == ("order-fulfilment", "ann")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "list_or_object"),
        ({"items": [1], "source": {"key": "a.csv", "format": "csv"}}, "list_or_object"),
        ({"items": []}, "invalid_request"),
        ({"source": {"key": "a.xml", "format": "xml"}}, "invalid_request"),
        ({"items": [1], "trigger": "nope"}, "bad_request"),
    ],
)
def test_what_names_no_payloads_is_refused_before_anything_is_kept(
    body: dict[str, Any], code: str, active: None, call: Call, services: Services
) -> None:
    assert call("POST", f"{ONE}/bulk", body)["json"]["code"] == code
    maps: Any = services.bulk.client
    assert maps.executions == {}


def test_a_draft_starts_nothing(call: Call) -> None:
    call("POST", "/api/workflows", definition())
    assert call("POST", f"{ONE}/bulk", {"items": [1]})["json"]["code"] == "workflow_not_active"


def test_a_bulk_start_that_there_is_not_is_answered_404(call: Call) -> None:
    assert call("GET", "/api/bulk/nothing")["json"]["code"] == "bulk_not_found"
