"""The table: what a project can see of it, and that nothing is half-written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from boto3.dynamodb.conditions import Attr

from layers.runtime.executions import run_id
from layers.runtime.store import ConditionFailedError, Key, Keys, Store, Table
from layers.runtime.store.routes import list_routes, put_route, routes_of_path, routes_of_version
from layers.runtime.store.table import ABSENT, Delete, Put, Query, Update

ITEM = {"pk": "main#a", "sk": "1", "text": "x", "count": 3, "yes": True, "raw": b"\x00\xff", "gone": None}


def test_an_item_comes_back_as_it_was_written(table: Table) -> None:
    table.write([Put(ITEM)])
    assert table.get(Key("main#a", "1")) == {name: value for name, value in ITEM.items() if value is not None}


def test_of_several_writes_none_is_done_if_one_condition_fails(table: Table) -> None:
    table.write([Put(ITEM)])
    with pytest.raises(ConditionFailedError) as failed:
        table.write([Put({"pk": "main#b", "sk": "1"}), Put(ITEM, ABSENT), Delete(Key("main#a", "2"))])
    assert failed.value.failed == (1,)
    assert table.get(Key("main#b", "1")) is None


def test_an_update_needs_an_item_and_may_remove_attributes(table: Table) -> None:
    with pytest.raises(ConditionFailedError):
        table.write([Update(Key("main#a", "1"), {"text": "y"})])
    table.write([Put(ITEM)])
    table.write([Update(Key("main#a", "1"), {"text": "y", "count": None}, Attr("count").eq(3))])
    item = table.get(Key("main#a", "1"))
    assert item is not None
    assert (item["text"], "count" in item) == ("y", False)


def test_a_filtered_page_is_filled_by_reading_on(table: Table) -> None:
    for number in range(20):
        table.write([Put({"pk": "main#a", "sk": f"{number:02d}", "even": number % 2 == 0})])
    query = Query("main#a", filter=Attr("even").eq(True), limit=6)
    first = table.query(query)
    second = table.query(query.starting_at(first.next_key))
    assert [[item["sk"] for item in page.items] for page in (first, second)] == [
        ["00", "02", "04", "06", "08", "10"],
        ["12", "14", "16", "18"],
    ]


@pytest.mark.parametrize("project", ["main", "other"])
def test_every_key_begins_with_its_project(project: str) -> None:
    keys = Keys(project)
    partitions = [
        keys.head("w").pk,
        keys.draft("w").pk,
        keys.version("w", 1).pk,
        keys.route("p", "POST").pk,
        keys.run("r").pk,
        keys.result("r").pk,
        keys.outcome("r/n").pk,
        keys.idempotency("w", "k").pk,
        keys.kind("run"),
        keys.of_workflow("w"),
    ]
    assert all(partition.startswith(f"{project}#") for partition in partitions)


def test_projects_in_one_table_do_not_see_each_other(table: Table) -> None:
    main, other = Store(table, "main"), Store(table, "other")
    [route] = routes_of_version("w", 1, "alias", [{"id": "t", "type": "webhook", "path": "orders"}])
    main.table.write([put_route(main, route)])
    other.table.write([put_route(other, replace(route, workflow="theirs"))])
    assert [route.workflow for route in routes_of_path(main, "orders")] == ["w"]
    assert [route.workflow for route in list_routes(other, 10, None).elements] == ["theirs"]


def test_a_run_id_names_project_workflow_moment_and_dice() -> None:
    now = datetime(2026, 1, 31, 9, 30, 5, tzinfo=UTC)
    assert (
        run_id("main", "orders", now, lambda size: b"\x1f" * size) == "main-orders-20260131T093005-1f1f1f1f"
    )


def test_a_run_id_never_exceeds_what_an_execution_may_be_called() -> None:
    now = datetime(2026, 1, 31, tzinfo=UTC)
    name = run_id("a-project-with-a-long-name", "w" * 40, now, bytes)
    assert (len(name), name[-25:]) == (80, "-20260131T000000-00000000")
