"""What gets lost on the way to a slot, or out of it, is found by a sweep."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import EndpointConnectionError

from layers.runtime.admission.dead_starts import replay
from layers.runtime.admission.group_items import list_waiting, read_group
from layers.runtime.admission.limit import ALL
from layers.runtime.admission.start_items import find_start, list_dead_starts
from layers.runtime.errors import PlatformError, RequestError
from layers.runtime.store.workflows import find_head, update_head
from tests.functions.admission.conftest import Limited
from tests.functions.fakes import refusal


class KilledError(BaseException):
    """The end of a process."""


def held(workflow: Limited) -> list[str]:
    group = read_group(workflow.starter.store, "order-fulfilment", ALL)
    return [lease.run for lease in group.slots.leases]


def test_a_lost_status_event_frees_its_slot_at_the_next_sweep_of_its_lease(
    limited: Callable[..., Limited],
) -> None:
    workflow = limited(limit=1)
    first, second = workflow.start(), workflow.start()
    workflow.end(first, is_told=False)
    workflow.clock.pass_seconds(30)
    workflow.sweep()
    assert workflow.status(second) == "queued"
    workflow.clock.pass_seconds(31)
    assert workflow.sweep().freed == 1
    assert workflow.status(second) == "running"
    assert held(workflow) == [second.id]


def test_a_lease_of_a_run_under_way_is_renewed_ever_more_rarely(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    run = workflow.start()
    for _ in range(60):
        workflow.clock.pass_seconds(60)
        workflow.sweep()
    assert held(workflow) == [run.id]
    asked = workflow.step_functions.calls.count("describe_execution")
    assert 5 < asked < 15


def test_a_starter_killed_between_slot_and_start_loses_nothing(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    workflow.step_functions.failing["start_execution"] = KilledError()
    with pytest.raises(KilledError):
        workflow.start(key="k")
    del workflow.step_functions.failing["start_execution"]
    [run] = held(workflow)
    workflow.clock.pass_seconds(61)
    workflow.sweep()
    assert workflow.under_way() == 1
    again = workflow.start(key="k")
    assert (again.id, again.status) == (run, "running")
    assert find_start(workflow.starter.store, run) is None


def test_a_repeated_request_makes_good_a_start_that_was_cut_off(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    workflow.step_functions.failing["start_execution"] = KilledError()
    with pytest.raises(KilledError):
        workflow.start(key="k")
    del workflow.step_functions.failing["start_execution"]
    assert workflow.start(key="k").status == "running"
    assert workflow.under_way() == 1


def test_while_step_functions_is_away_runs_are_taken_and_started_later(
    limited: Callable[..., Limited],
) -> None:
    workflow = limited(limit=1)
    workflow.step_functions.failing["start_execution"] = EndpointConnectionError(endpoint_url="states")
    run = workflow.start()
    assert run.status == "starting"
    for _ in range(40):
        workflow.clock.pass_seconds(60)
        workflow.sweep()
    assert workflow.status(run) == "starting"
    del workflow.step_functions.failing["start_execution"]
    for _ in range(11):
        workflow.clock.pass_seconds(60)
        workflow.sweep()
    assert workflow.status(run) == "running"


def test_a_run_that_is_refused_at_once_is_told_so_and_holds_no_slot(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    workflow.step_functions.failing["start_execution"] = refusal("StateMachineDoesNotExist")
    with pytest.raises(PlatformError) as failed:
        workflow.start()
    assert failed.value.problem.status == 503
    assert held(workflow) == []


def test_a_run_that_waited_and_cannot_be_started_is_a_dead_letter_that_can_be_replayed(
    limited: Callable[..., Limited],
) -> None:
    workflow = limited(limit=1)
    first, second, third = (workflow.start() for _ in range(3))
    workflow.step_functions.failing["start_execution"] = refusal("StateMachineDoesNotExist")
    workflow.end(first)
    assert workflow.statuses(second, third) == ["failed", "failed"]
    store = workflow.starter.store
    dead = list_dead_starts(store, 10, None).elements
    assert {each.run for each in dead} == {second.id, third.id}
    assert held(workflow) == []
    del workflow.step_functions.failing["start_execution"]
    admission = workflow.starter.admission
    assert replay(admission, second.id).status == "running"
    assert replay(admission, third.id).status == "queued"
    with pytest.raises(RequestError):
        replay(admission, second.id)
    workflow.end(second)
    assert workflow.status(third) == "running"
    assert list_dead_starts(store, 10, None).elements == ()


def test_a_paused_workflow_starts_none_of_those_that_wait(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    first, second = workflow.start(), workflow.start()
    _set_status(workflow, "paused")
    workflow.end(first)
    assert workflow.status(second) == "queued"
    _set_status(workflow, "active")
    workflow.clock.pass_seconds(61)
    workflow.sweep()
    assert workflow.status(second) == "running"


def test_runs_of_a_deleted_workflow_wait_no_longer(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    first, second = workflow.start(), workflow.start()
    _set_status(workflow, "deleted")
    workflow.end(first)
    assert workflow.status(second) == "cancelled"
    assert list_waiting(workflow.starter.store, "order-fulfilment", 10, None).elements == ()


def test_a_service_out_of_reach_ends_no_sweep(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    run = workflow.start()
    workflow.step_functions.failing["describe_execution"] = EndpointConnectionError(endpoint_url="states")
    workflow.clock.pass_seconds(61)
    assert workflow.sweep().errors == 1
    assert held(workflow) == [run.id]


def test_slots_that_nobody_uses_are_forgotten(limited: Callable[..., Limited]) -> None:
    workflow = limited(limit=1)
    workflow.end(workflow.start())
    for _ in range(12):
        workflow.clock.pass_seconds(120)
        workflow.sweep()
    assert not read_group(workflow.starter.store, "order-fulfilment", ALL).exists


def _set_status(workflow: Limited, status: str) -> None:
    store = workflow.starter.store
    head = find_head(store, "order-fulfilment")
    assert head is not None
    store.table.write([update_head(store, head, {"status": status}, "2026-01-31T10:00:00Z")])
