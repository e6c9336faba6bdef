"""A firing starts a run once, or says why it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from layers.runtime.errors import PlatformError
from layers.runtime.firing.message import Firing, MalformedFiringError, named_in, read_firing
from layers.runtime.firing.outcome import Refused, Started
from layers.runtime.store import Store
from layers.runtime.store.run_lists import RunFilter, list_runs
from layers.runtime.store.runs import find_run
from layers.runtime.store.workflows import find_head, update_head, write_all
from tests.functions.fakes import FakeClock, FakeStepFunctions, refusal
from tests.functions.one_at_a_time import one_at_a_time
from tests.functions.start.conftest import AT, WORKFLOW, Firings

Scheduled = Callable[..., None]


def inputs(step_functions: FakeStepFunctions) -> list[Any]:
    return [json.loads(execution["input"]) for execution in step_functions.executions.values()]


def test_a_schedule_starts_a_run_of_the_active_version(
    firings: Firings, scheduled: Scheduled, store: Store, step_functions: FakeStepFunctions
) -> None:
    scheduled()
    outcome = firings.schedule()
    assert isinstance(outcome, Started)
    run = find_run(store, outcome.run)
    assert run is not None
    assert (run.workflow, run.version, run.trigger_id, run.trigger_type) == (
        WORKFLOW,
        1,
        "nightly",
        "schedule",
    )
    [given] = inputs(step_functions)
    assert given["trigger"] == {
        "id": "nightly",
        "type": "schedule",
        "scheduled_at": AT,
        "fired_at": "2026-01-31T09:30:00.000Z",
        "body": {},
    }


def test_the_same_time_delivered_twice_starts_one_run(
    firings: Firings, scheduled: Scheduled, store: Store, clock: FakeClock
) -> None:
    scheduled()
    first = firings.schedule()
    clock.pass_seconds(40)
    second = firings.schedule()
    assert isinstance(first, Started)
    assert second == Started(first.run, is_new=False)
    record = firings.record()
    assert (record.fired, record.started, record.deduplicated) == (2, 1, 1)
    assert len(list_runs(store, RunFilter(WORKFLOW)).elements) == 1


def test_the_same_time_delivered_to_many_at_once_starts_one_run(
    firings: Firings, scheduled: Scheduled, step_functions: FakeStepFunctions
) -> None:
    scheduled()
    store = one_at_a_time(firings.platform.starter.store)
    firings.platform = replace(firings.platform, starter=replace(firings.platform.starter, store=store))
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: firings.schedule(), range(24)))
    assert sum(isinstance(outcome, Started) and outcome.is_new for outcome in outcomes) == 1
    assert len(step_functions.executions) == 1


def test_a_time_that_comes_while_the_workflow_is_paused_is_not_done_with(
    firings: Firings, scheduled: Scheduled, store: Store
) -> None:
    scheduled()
    head = find_head(store, WORKFLOW)
    assert head is not None
    write_all(store, head, [update_head(store, head, {"status": "paused"}, AT)])
    outcome = firings.schedule("2026-01-31T09:31:00Z")
    assert isinstance(outcome, Refused)
    assert outcome.code == "workflow_paused"
    record = firings.record()
    assert (record.refused, record.last_refusal, record.position) == (1, "workflow_paused", AT)


def test_a_trigger_that_is_no_more_starts_nothing(firings: Firings, scheduled: Scheduled) -> None:
    scheduled(id="weekly")
    outcome = firings.schedule()
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.detail) == (
        "trigger_gone",
        "Version 1 of 'order-fulfilment' has no schedule trigger 'nightly'.",
    )


def test_a_workflow_that_is_not_there_leaves_no_record(firings: Firings) -> None:
    outcome = firings.schedule()
    assert isinstance(outcome, Refused)
    assert outcome.code == "workflow_not_active"
    assert firings.record().fired == 0


def test_a_run_that_step_functions_does_not_take_leaves_the_firing_to_be_delivered_again(
    firings: Firings, scheduled: Scheduled, step_functions: FakeStepFunctions
) -> None:
    scheduled()
    step_functions.failing["start_execution"] = refusal("ServiceUnavailable")
    with pytest.raises(PlatformError, match="ServiceUnavailable"):
        firings.schedule()
    step_functions.failing.clear()
    assert isinstance(firings.schedule(), Started)
    assert firings.record().started == 1


def test_how_late_it_was_is_recorded_last_and_most(
    firings: Firings, scheduled: Scheduled, clock: FakeClock
) -> None:
    scheduled()
    clock.pass_seconds(100)
    firings.schedule()
    clock.pass_seconds(86_400 - 98)
    firings.schedule("2026-02-01T09:30:00Z")
    record = firings.record()
    assert (record.late_by_seconds, record.most_late_by_seconds) == (2, 100)
    assert record.position == "2026-02-01T09:30:00Z"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no JSON object"),
        ('{"workflow": "a", "trigger": "t"}', "lacks 'type', 'identity'"),
    ],
)
def test_a_message_that_is_no_firing_says_what_is_wrong(text: str, said: str, clock: FakeClock) -> None:
    with pytest.raises(MalformedFiringError, match=said):
        read_firing(text, clock())


def test_a_message_read_and_written_says_the_same(clock: FakeClock) -> None:
    message = {"workflow": "a", "trigger": "t", "type": "schedule", "identity": AT, "scheduled_at": AT}
    firing = read_firing(json.dumps(message), clock())
    assert read_firing(firing.to_text(), clock()) == firing


def test_a_workflow_that_was_deployed_with_the_stack_is_started_by_what_its_schedule_says(
    firings: Firings, step_functions: FakeStepFunctions
) -> None:
    created = step_functions.create_state_machine(name="main-folder", definition="{}", type="STANDARD")
    route = {"stateMachineVersionArn": created["stateMachineVersionArn"]}
    alias = step_functions.create_state_machine_alias(name="live", routingConfiguration=[route])
    trigger = {"id": "nightly", "type": "schedule", "overlap": "skip"}
    deployed = {"alias_arn": alias["stateMachineAliasArn"], "trigger": trigger}
    assert isinstance(firings.schedule(workflow="folder", deployed=deployed), Started)
    later = firings.schedule("2026-01-31T09:31:00Z", workflow="folder", deployed=deployed)
    assert isinstance(later, Refused)
    assert later.code == "overlap"


def test_logs_name_a_firing_and_tell_nothing_of_what_it_carries() -> None:
    text = Firing(
        "orders", "hook", "event", "e-1", datetime(2026, 1, 31, tzinfo=UTC), {"event": {"detail": "canary"}}
    ).to_text()
    named = named_in(text)
    assert (named["workflow"], named["trigger"], named["identity"]) == ("orders", "hook", "e-1")
    assert "canary" not in str(named)
    assert [named_in(broken) for broken in ("{", "[]", "canary")] == [{}, {}, {}]
