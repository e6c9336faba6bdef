"""What becomes of a run where its workflow limits how many are under way at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from layers.runtime.admission.group_items import list_waiting
from layers.runtime.errors import RequestError
from layers.runtime.store.run_lists import RunFilter, list_runs
from layers.runtime.store.runs import find_run
from tests.functions.admission.conftest import Limited


def test_runs_up_to_the_limit_start_at_once_and_the_others_wait(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=2)
    runs = [workflow.start() for _ in range(4)]
    assert [run.status for run in runs] == ["running", "running", "queued", "queued"]
    assert workflow.under_way() == 2
    waiting = list_waiting(workflow.starter.store, "order-fulfilment", 10, None).elements
    assert [each.run for each in waiting] == [runs[2].id, runs[3].id]
    listed = list_runs(workflow.starter.store, RunFilter("order-fulfilment", "queued")).elements
    assert {run.id for run in listed} == {runs[2].id, runs[3].id}


def test_the_end_of_a_run_starts_the_one_that_waits_longest(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    first, second, third = (workflow.start() for _ in range(3))
    workflow.end(first)
    assert workflow.statuses(first, second, third) == ["succeeded", "running", "queued"]
    workflow.end(second, "FAILED")
    assert workflow.statuses(second, third) == ["failed", "running"]
    workflow.end(third)
    assert workflow.under_way() == 0
    assert workflow.start().status == "running"


def test_an_end_that_is_told_twice_frees_one_slot_only(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    first, second, third = (workflow.start() for _ in range(3))
    workflow.end(first)
    workflow.tell(first)
    assert workflow.statuses(second, third) == ["running", "queued"]
    assert workflow.under_way() == 1


def test_runs_with_other_keys_do_not_wait_for_one_another(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1, key="{% $trigger.body.customer & '/' & $trigger.id %}")
    run = workflow.start()
    assert run.key == '"ada/new_order"'
    other = limited(limit=1, key="{% $trigger.type %}").start()
    assert (other.key, other.status) == ('"webhook"', "running")


def test_skip_refuses_what_is_too_much_and_keeps_nothing_of_it(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1, on_limit="skip")
    first = workflow.start()
    with pytest.raises(RequestError) as refused:
        workflow.start(key="k")
    assert (refused.value.problem.status, refused.value.problem.code) == (429, "limit_reached")
    assert len(list_runs(workflow.starter.store).elements) == 1
    workflow.end(first)
    assert workflow.start(key="k").status == "running"


def test_cancel_oldest_stops_the_run_that_has_run_longest(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=2, on_limit="cancel_oldest")
    first, second, third = (workflow.start() for _ in range(3))
    assert third.status == "running"
    workflow.tell(first)
    assert workflow.statuses(first, second, third) == ["cancelled", "running", "running"]
    assert workflow.under_way() == 2


def test_a_higher_priority_goes_first_until_the_other_has_waited_minutes_longer(
    limited: Callable[..., Limited],
) -> None:
    workflow = limited(limit=1)
    first = workflow.start()
    low = workflow.start(priority=1)
    workflow.clock.pass_seconds(100)
    high = workflow.start(priority=3)
    workflow.clock.pass_seconds(100)
    late = workflow.start(priority=4)
    workflow.end(first)
    assert workflow.statuses(low, high, late) == ["queued", "running", "queued"]
    workflow.end(high)
    assert workflow.statuses(low, late) == ["running", "queued"]


def test_a_repeated_idempotency_key_gives_the_run_that_waits(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    workflow.start()
    waiting = workflow.start(key="k")
    again = workflow.start(key="k")
    assert (again.id, again.status) == (waiting.id, "queued")


def test_a_workflow_without_a_limit_starts_as_before(limited: Callable[..., Limited]) -> None:
    workflow = limited()
    run = workflow.start()
    known = find_run(workflow.starter.store, run.id)
    assert known is not None
    assert (known.status, known.key, known.admitted_at) == ("running", None, None)


def test_what_a_start_costs_without_a_limit_with_one_and_where_it_has_to_wait(
    limited: Callable[..., Limited],
) -> None:
    workflow = limited()
    asked: list[str] = []
    client = workflow.starter.store.table.client
    client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))

    def calls_of_a_start() -> tuple[list[str], int]:
        asked.clear()
        workflow.step_functions.calls.clear()
        workflow.start()
        # The first two are the head and the version, which the test reads to know what to start.
        return asked[2:], workflow.step_functions.calls.count("start_execution")

    assert calls_of_a_start() == (["PutItem", "UpdateItem"], 1)
    limited(limit=2)
    at_once = ["Query", "TransactWriteItems", "TransactWriteItems"]
    assert [calls_of_a_start() for _ in range(2)] == [(at_once, 1)] * 2
    assert calls_of_a_start() == (["Query", "TransactWriteItems", "Query", "GetItem"], 0)


def test_raising_the_limit_lets_more_in_and_taking_it_away_lets_all_in(
    limited: Callable[..., Limited],
) -> None:
    workflow = limited(limit=1)
    runs = [workflow.start() for _ in range(4)]
    limited(limit=2)
    workflow.end(runs[0])
    assert workflow.statuses(*runs[1:]) == ["running", "running", "queued"]
    limited()
    workflow.clock.pass_seconds(61)
    workflow.sweep()
    assert workflow.status(runs[3]) == "running"
