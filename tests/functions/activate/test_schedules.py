"""Activation makes, changes and removes the schedules of a workflow, and can be cut off anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.activate.dispatch import answer
from functions.activate.firing.arming import Arming, arm
from layers.runtime.errors import PlatformError
from layers.runtime.firing.names import resource_name
from layers.runtime.store import Store
from layers.runtime.store.firing_resources import NO_RESOURCES, find_resources
from layers.runtime.store.trigger_records import advance, find_trigger_record
from layers.runtime.store.workflows import (
    Draft,
    WorkflowHead,
    delete_workflow,
    find_head,
    next_change,
    replace_draft,
    update_head,
    write_all,
)
from tests.functions.fake_firing import DEAD_STARTS, SCHEDULER_ROLE, STARTS, FakeScheduler, FakeSqs
from tests.functions.fakes import FakeClock, definition, refusal

WORKFLOW = "order-fulfilment"
NIGHTLY = {"id": "nightly", "type": "schedule", "cron": "0 2 * * *", "timezone": "Europe/Rome"}
WriteDraft = Callable[..., WorkflowHead]


def head_of(store: Store) -> WorkflowHead:
    head = find_head(store, WORKFLOW)
    assert head is not None
    return head


def rewrite(store: Store, *triggers: Any) -> None:
    head = head_of(store)
    written = definition(triggers=list(triggers))
    change = next_change(head, "changed", "ann", head.updated_at)
    replace_draft(store, head, Draft(json.dumps(written), "json", written["triggers"]), change)


def pause(store: Store, arming: Arming) -> None:
    head = head_of(store)
    write_all(store, head, [update_head(store, head, {"status": "paused"}, head.updated_at)])
    arm(arming, WORKFLOW)


@pytest.fixture
def activated(activator: Activator, write_draft: WriteDraft) -> Callable[..., None]:
    """Activates the workflow with some triggers."""

    def make(*triggers: Any) -> None:
        write_draft(triggers=list(triggers))
        activate(activator, WORKFLOW)

    return make


def test_a_schedule_sends_firings_to_the_queue_with_dead_letters(
    activated: Callable[..., None], scheduler: FakeScheduler
) -> None:
    activated(NIGHTLY)
    [schedule] = scheduler.schedules.values()
    assert schedule["Name"] == "order-fulfilment.nightly"
    assert schedule["ScheduleExpression"] == "cron(0 2 * * ? *)"
    assert (schedule["ScheduleExpressionTimezone"], schedule["State"]) == ("Europe/Rome", "ENABLED")
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    target = schedule["Target"]
    assert (target["Arn"], target["RoleArn"]) == (STARTS, SCHEDULER_ROLE)
    assert target["DeadLetterConfig"] == {"Arn": DEAD_STARTS}
    assert json.loads(target["Input"]) == {
        "workflow": WORKFLOW,
        "trigger": "nightly",
        "type": "schedule",
        "identity": "<aws.scheduler.scheduled-time>",
        "scheduled_at": "<aws.scheduler.scheduled-time>",
    }


def test_a_unix_cron_with_both_day_fields_becomes_two_schedules_of_the_same_firings(
    activated: Callable[..., None], scheduler: FakeScheduler
) -> None:
    activated({**NIGHTLY, "cron": "0 2 1 * MON"})
    assert {name: one["ScheduleExpression"] for name, one in scheduler.schedules.items()} == {
        "order-fulfilment.nightly": "cron(0 2 1 * ? *)",
        "order-fulfilment.nightly.1": "cron(0 2 ? * MON *)",
    }
    assert len({one["Target"]["Input"] for one in scheduler.schedules.values()}) == 1


def test_window_start_and_end_are_the_services_own(
    activated: Callable[..., None], scheduler: FakeScheduler
) -> None:
    activated({**NIGHTLY, "window_minutes": 15, "start": "2026-03-01", "end": "2026-04-01T00:00+02:00"})
    [schedule] = scheduler.schedules.values()
    assert schedule["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    assert schedule["StartDate"] == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert schedule["EndDate"] == datetime(2026, 3, 31, 22, tzinfo=UTC)


def test_a_start_that_has_passed_is_left_out_because_the_service_refuses_it(
    activated: Callable[..., None], scheduler: FakeScheduler
) -> None:
    activated({**NIGHTLY, "start": "2026-01-01"})
    [schedule] = scheduler.schedules.values()
    assert "StartDate" not in schedule


def test_a_time_that_has_passed_has_no_schedule(
    activated: Callable[..., None], scheduler: FakeScheduler, store: Store
) -> None:
    activated({"id": "once", "type": "schedule", "at": "2025-12-24T18:00"})
    assert scheduler.schedules == {}
    assert find_resources(store, WORKFLOW) == NO_RESOURCES


def test_a_workflow_without_schedules_asks_the_service_nothing(
    activated: Callable[..., None], scheduler: FakeScheduler
) -> None:
    activated({"id": "hand", "type": "manual"})
    assert scheduler.calls == []


def test_another_version_changes_what_is_different_and_removes_what_is_gone(
    activated: Callable[..., None], activator: Activator, store: Store, scheduler: FakeScheduler
) -> None:
    activated(NIGHTLY, {"id": "hourly", "type": "schedule", "rate": "1 hour"})
    scheduler.calls.clear()
    rewrite(store, {**NIGHTLY, "cron": "0 3 * * *"}, {"id": "weekly", "type": "schedule", "rate": "7 days"})
    activate(activator, WORKFLOW)
    assert {name: one["ScheduleExpression"] for name, one in scheduler.schedules.items()} == {
        "order-fulfilment.nightly": "cron(0 3 * * ? *)",
        "order-fulfilment.weekly": "rate(7 days)",
    }
    assert find_resources(store, WORKFLOW).schedules == {
        "order-fulfilment.nightly",
        "order-fulfilment.weekly",
    }


def test_a_schedule_that_is_the_same_is_not_touched(
    activated: Callable[..., None], activator: Activator, store: Store, scheduler: FakeScheduler
) -> None:
    activated({"id": "hourly", "type": "schedule", "rate": "1 hour"})
    scheduler.calls.clear()
    rewrite(store, {"id": "hourly", "type": "schedule", "rate": "1 hour"}, {"id": "hand", "type": "manual"})
    activate(activator, WORKFLOW)
    assert scheduler.calls == ["get_schedule"]


@pytest.mark.parametrize(
    "operation", ["create_schedule", "update_schedule", "delete_schedule", "get_schedule"]
)
def test_an_activation_cut_off_at_its_schedules_is_finished_by_the_next(
    operation: str,
    activated: Callable[..., None],
    activator: Activator,
    store: Store,
    scheduler: FakeScheduler,
) -> None:
    activated(NIGHTLY, {"id": "hourly", "type": "schedule", "rate": "1 hour"})
    rewrite(store, {**NIGHTLY, "cron": "0 3 * * *"}, {"id": "weekly", "type": "schedule", "rate": "7 days"})
    scheduler.failing[operation] = refusal("InternalServerException")
    with pytest.raises(PlatformError, match="Activate again"):
        activate(activator, WORKFLOW)
    scheduler.failing.clear()
    assert activate(activator, WORKFLOW)["created"] is False
    assert {name: one["ScheduleExpression"] for name, one in scheduler.schedules.items()} == {
        "order-fulfilment.nightly": "cron(0 3 * * ? *)",
        "order-fulfilment.weekly": "rate(7 days)",
    }
    assert find_resources(store, WORKFLOW).schedules == {
        "order-fulfilment.nightly",
        "order-fulfilment.weekly",
    }


def test_what_an_activation_left_behind_goes_with_the_next_version(
    activated: Callable[..., None], activator: Activator, store: Store, scheduler: FakeScheduler
) -> None:
    activated({"id": "hand", "type": "manual"})
    rewrite(store, NIGHTLY)
    # The schedule is made, and the answer is lost.
    made = scheduler.create_schedule

    def cut_off(**arguments: Any) -> None:
        made(**arguments)
        raise KeyboardInterrupt

    scheduler.create_schedule = cut_off  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        activate(activator, WORKFLOW)
    rewrite(store, {"id": "hand", "type": "manual"})
    activate(activator, WORKFLOW)
    assert scheduler.schedules == {}


def test_a_pause_disables_and_an_activation_enables_again(
    activated: Callable[..., None],
    activator: Activator,
    arming: Arming,
    store: Store,
    scheduler: FakeScheduler,
) -> None:
    activated(NIGHTLY)
    pause(store, arming)
    assert scheduler.states() == {"order-fulfilment.nightly": "DISABLED"}
    activate(activator, WORKFLOW)
    assert scheduler.states() == {"order-fulfilment.nightly": "ENABLED"}


@pytest.fixture
def reopened_after_three_days(
    activated: Callable[..., None], activator: Activator, arming: Arming, store: Store, clock: FakeClock
) -> Callable[..., None]:
    """Activates the workflow with a trigger, pauses it for three days and activates it again, twice."""

    def run(trigger: Any) -> None:
        activated(trigger)
        pause(store, arming)
        clock.pass_seconds(3 * 86_400)
        activate(activator, WORKFLOW)
        activate(activator, WORKFLOW)

    return run


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({"missed": "skip"}, []),
        ({}, ["2026-02-03T01:00:00Z"]),
        ({"missed": "all"}, ["2026-02-01T01:00:00Z", "2026-02-02T01:00:00Z", "2026-02-03T01:00:00Z"]),
        ({"missed": "all", "missed_limit": 2}, ["2026-02-02T01:00:00Z", "2026-02-03T01:00:00Z"]),
    ],
)
def test_what_a_pause_missed_is_made_up_for_as_the_trigger_says(
    fields: dict[str, Any], times: list[str], reopened_after_three_days: Callable[..., None], sqs: FakeSqs
) -> None:
    reopened_after_three_days({**NIGHTLY, **fields})
    assert [firing["scheduled_at"] for firing in sqs.sent] == times
    assert all(firing["identity"] == firing["scheduled_at"] for firing in sqs.sent)


def test_a_rate_keeps_its_beat_over_a_pause(
    activated: Callable[..., None],
    activator: Activator,
    arming: Arming,
    store: Store,
    scheduler: FakeScheduler,
    clock: FakeClock,
    sqs: FakeSqs,
) -> None:
    activated({"id": "hourly", "type": "schedule", "rate": "1 hour"})
    advance(store, WORKFLOW, "hourly", "2026-01-31T09:45:00Z")
    pause(store, arming)
    clock.pass_seconds(3 * 3600)
    activate(activator, WORKFLOW)
    assert scheduler.schedules["order-fulfilment.hourly"]["StartDate"] == datetime(
        2026, 1, 31, 12, 45, tzinfo=UTC
    )
    assert [firing["scheduled_at"] for firing in sqs.sent] == ["2026-01-31T11:45:00Z"]


def test_a_changed_schedule_makes_up_for_nothing(
    activated: Callable[..., None],
    activator: Activator,
    arming: Arming,
    store: Store,
    sqs: FakeSqs,
    clock: FakeClock,
) -> None:
    activated(NIGHTLY)
    pause(store, arming)
    clock.pass_seconds(3 * 86_400)
    rewrite(store, {**NIGHTLY, "cron": "0 3 * * *"})
    activate(activator, WORKFLOW)
    assert sqs.sent == []


def test_a_deleted_workflow_leaves_neither_schedules_nor_records(
    activated: Callable[..., None], arming: Arming, store: Store, scheduler: FakeScheduler
) -> None:
    activated(NIGHTLY)
    pause(store, arming)
    head = head_of(store)
    delete_workflow(store, head, [], next_change(head, "deleted", "ann", "2026-01-31T10:00:00.000Z"))
    arm(arming, WORKFLOW)
    assert scheduler.schedules == {}
    assert find_resources(store, WORKFLOW) == NO_RESOURCES
    assert find_trigger_record(store, WORKFLOW, "nightly").position is None


def test_the_next_five_times_follow_zone_and_beat(
    activated: Callable[..., None], activator: Activator, store: Store, clock: FakeClock
) -> None:
    activated(NIGHTLY, {"id": "hourly", "type": "schedule", "rate": "1 hour"})
    clock.pass_seconds(3600)
    advance(store, WORKFLOW, "hourly", "2026-01-31T10:15:00Z")
    answered: Any = answer({"action": "next_times", "workflow": WORKFLOW}, activator)
    assert [time[:16] for time in answered["next_times"]["nightly"]] == [
        f"2026-02-0{day}T01:00" for day in range(1, 6)
    ]
    assert answered["next_times"]["hourly"][0] == "2026-01-31T11:15:00.000Z"


def test_a_long_name_is_cut_and_stays_unique() -> None:
    names = {resource_name("w" * 40, "t" * 59 + end) for end in "ab"}
    assert len(names) == 2
    assert all(len(name) == 64 for name in names)
