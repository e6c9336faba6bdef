"""The run of one item of a bulk start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.bulk.starting import RunRefused, StartFailed, start_one
from layers.runtime.executions import Starter
from layers.runtime.store import Store
from layers.runtime.store.bulks import Bulk, create_bulk
from layers.runtime.store.runs import find_run
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeStepFunctions, refusal

MANUAL = [{"id": "by_hand", "type": "manual"}]
WHOLE = {"type": "object", "required": ["total"]}


@pytest.fixture
def bulk(store: Store) -> str:
    created_at = "2026-01-31T09:30:00.000Z"
    create_bulk(store, Bulk("main-bulk-1", "order-fulfilment", None, "jsonl", "key", "d", created_at, "ann"))
    return "main-bulk-1"


@pytest.fixture
def active(write_draft: Callable[..., WorkflowHead], activator: Activator) -> None:
    write_draft(triggers=MANUAL, input=WHOLE)
    activate(activator, "order-fulfilment")


def test_an_item_starts_one_run_however_often_it_is_asked(
    bulk: str, active: None, starter: Starter, store: Store, step_functions: FakeStepFunctions
) -> None:
    first: Any = start_one(starter, bulk, 3, {"total": 1})
    again = start_one(starter, bulk, 3, {"total": 1})
    other = start_one(starter, bulk, 4, {"total": 1})
    assert (first == again, first == other, len(step_functions.executions)) == (True, False, 2)
    run = find_run(store, first["run"])
    assert run is not None
    assert (run.started_by, run.trigger_id) == ("bulk:main-bulk-1", "by_hand")


def test_items_above_the_limit_of_the_workflow_wait(
    bulk: str, write_draft: Callable[..., WorkflowHead], activator: Activator, starter: Starter, store: Store
) -> None:
    write_draft(triggers=MANUAL, settings={"concurrency": {"limit": 1}})
    activate(activator, "order-fulfilment")
    started: list[Any] = [start_one(starter, bulk, index, {}) for index in range(3)]
    runs = [find_run(store, each["run"]) for each in started]
    assert [run.status for run in runs if run is not None] == ["running", "queued", "queued"]


def test_an_item_that_does_not_fit_is_refused_for_good(
    bulk: str, active: None, starter: Starter, step_functions: FakeStepFunctions
) -> None:
    with pytest.raises(RunRefused, match="input"):
        start_one(starter, bulk, 0, {"sum": 1})
    assert step_functions.executions == {}


def test_items_of_a_workflow_with_a_limit_wait_for_their_turn(
    bulk: str,
    write_draft: Callable[..., WorkflowHead],
    activator: Activator,
    starter: Starter,
    store: Store,
    step_functions: FakeStepFunctions,
) -> None:
    write_draft(triggers=MANUAL, settings={"concurrency": {"limit": 1}})
    activate(activator, "order-fulfilment")
    runs = [find_run(store, str(start_one(starter, bulk, index, None)["run"])) for index in range(3)]
    assert [run.status for run in runs if run is not None] == ["running", "queued", "queued"]
    assert len(step_functions.executions) == 1


def test_a_workflow_that_is_not_active_any_more_starts_nothing(bulk: str, starter: Starter) -> None:
    with pytest.raises(RunRefused, match="not active"):
        start_one(starter, bulk, 0, {"total": 1})


def test_what_step_functions_does_not_take_is_tried_again(
    bulk: str, active: None, starter: Starter, step_functions: FakeStepFunctions
) -> None:
    step_functions.failing["start_execution"] = refusal("ThrottlingException")
    with pytest.raises(StartFailed):
        start_one(starter, bulk, 0, {"total": 1})
    del step_functions.failing["start_execution"]
    assert start_one(starter, bulk, 0, {"total": 1})["run"]
