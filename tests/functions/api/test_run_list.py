"""The list of runs: filters, pages that stay whole, and lists of which little fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from layers.runtime.store import Store, table
from layers.runtime.store.run_lists import RunFilter, list_runs
from layers.runtime.store.runs import Run, create_run

Call = Callable[..., Any]


def put(store: Store, number: int, **changes: Any) -> None:
    values: dict[str, Any] = {
        "id": f"main-orders-{number:03d}",
        "workflow": "orders",
        "version": 1,
        "status": "succeeded",
        "trigger_id": "new_order",
        "trigger_type": "webhook",
        "started_at": f"2026-01-31T09:{number:02d}:00.000Z",
        "execution_arn": "arn",
        "started_by": "webhook",
    }
    create_run(store, Run(**(values | changes)))


@pytest.fixture
def runs(store: Store) -> None:
    """Ten runs a minute apart, of which the fourth failed and the seventh is another workflow's."""
    for number in range(10):
        changes: dict[str, Any] = {
            3: {"status": "failed", "error": "Timeout", "cause": "the card service was slow"},
            6: {"workflow": "refunds", "trigger_id": "by_hand", "started_by": "ann"},
        }.get(number, {})
        put(store, number, **changes)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("status=failed", [3]),
        ("trigger=by_hand", [6]),
        ("since=2026-01-31T09:08:00Z", [9, 8]),
        ("until=2026-01-31T09:02:00Z", [1, 0]),
        ("since=2026-01-31T10:02:00%2B01:00&until=2026-01-31T09:04:00Z", [3, 2]),
        ("workflow=refunds&since=2026-01-31T09:00:00Z", [6]),
        ("workflow=refunds&until=2026-01-31T09:00:00Z", []),
        ("text=card service", [3]),
        ("text=orders-005", [5]),
        ("text=ann&status=failed", []),
    ],
)
def test_runs_are_narrowed_by_each_filter(runs: None, query: str, numbers: list[int], call: Call) -> None:
    fields = dict(part.split("=", 1) for part in query.split("&")) if query else None
    if fields:
        fields = {name: value.replace("%2B", "+") for name, value in fields.items()}
    listed = call("GET", "/api/executions", query=query, queryStringParameters=fields)["json"]["items"]
    assert [int(run["id"][-3:]) for run in listed] == numbers


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026-01-31T09:00:00", "until=0001-01-01T00:00:00%2B14:00"]
)
def test_a_time_that_is_none_is_refused(query: str, call: Call) -> None:
    name, value = query.replace("%2B", "+").split("=", 1)
    refused = call("GET", "/api/executions", query=query, queryStringParameters={name: value})
    assert refused["status"] in {400, 422}


def test_pages_of_a_filtered_list_lose_and_repeat_nothing(runs: None, store: Store) -> None:
    found: list[str] = []
    cursor = None
    for _ in range(10):
        page = list_runs(store, RunFilter(text="webhook"), 2, cursor)
        found += [run.id[-3:] for run in page.elements]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == ["009", "008", "007", "005", "004", "003", "002", "001", "000"]


def test_a_request_stops_looking_after_so_many_runs_and_says_where(
    runs: None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "READ_AT_ONCE", 2)
    monkeypatch.setattr(table, "MOST_READ", 4)
    first = list_runs(store, RunFilter(status="failed"), 5)
    assert (first.elements, first.cursor is None) == ((), False)
    second = list_runs(store, RunFilter(status="failed"), 5, first.cursor)
    assert [run.id for run in second.elements] == ["main-orders-003"]
