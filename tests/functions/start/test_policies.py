"""What a trigger's policies make of a firing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from layers.runtime.firing.outcome import Outcome, Postponed, Refused, Started
from layers.runtime.store import Store
from layers.runtime.store.runs import mark
from tests.functions.fakes import PREFIX, FakeClock, FakeStepFunctions
from tests.functions.start.conftest import AT, Firings

Scheduled = Callable[..., None]
TOMORROW = "2026-02-01T09:30:00Z"


def run_of(outcome: Outcome) -> str:
    assert isinstance(outcome, Started), outcome
    return outcome.run


def code_of(outcome: Outcome) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.code


@pytest.fixture
def open_run(firings: Firings, scheduled: Scheduled, clock: FakeClock) -> Callable[[str], str]:
    """Starts a first run by the schedule, which stays open, and lets the next time come."""

    def start(overlap: str) -> str:
        scheduled(overlap=overlap)
        run = run_of(firings.schedule())
        clock.pass_seconds(86_400)
        return run

    return start


def test_runs_overlap_where_nothing_else_is_said(open_run: Callable[[str], str], firings: Firings) -> None:
    first = open_run("allow")
    assert run_of(firings.schedule(TOMORROW)) != first


def test_overlap_skip_starts_nothing_while_the_run_before_is_open(
    open_run: Callable[[str], str], firings: Firings, store: Store
) -> None:
    first = open_run("skip")
    assert code_of(firings.schedule(TOMORROW)) == "overlap"
    mark(store, first, {"status": "succeeded"})
    assert run_of(firings.schedule("2026-02-01T09:31:00Z")) != first


def test_overlap_queue_puts_the_firing_back_until_the_run_before_has_ended(
    open_run: Callable[[str], str], firings: Firings, store: Store
) -> None:
    first = open_run("queue")
    assert isinstance(firings.schedule(TOMORROW), Postponed)
    assert [delay for _, delay in firings.queue.sent] == [5]
    assert isinstance(firings.put_back(), Postponed)
    assert [delay for _, delay in firings.queue.sent] == [10]
    mark(store, first, {"status": "failed"})
    assert run_of(firings.put_back()) != first
    assert firings.record().fired == 2


def test_overlap_cancel_previous_stops_the_run_before(
    open_run: Callable[[str], str], firings: Firings, step_functions: FakeStepFunctions
) -> None:
    first = open_run("cancel_previous")
    second = run_of(firings.schedule(TOMORROW))
    statuses = {arn.rpartition(":")[2]: run["status"] for arn, run in step_functions.executions.items()}
    assert statuses == {first: "ABORTED", second: "RUNNING"}
    assert f"{PREFIX}:execution:main-order-fulfilment:{first}" in step_functions.executions


def test_a_firing_that_has_the_turn_but_no_run_yet_holds_it_for_a_minute_only(
    firings: Firings, scheduled: Scheduled, step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    scheduled(overlap="skip")
    step_functions.failing["start_execution"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        firings.schedule()
    step_functions.failing.clear()
    # The record was written before the crash, so its run counts as open until it is begun or given up.
    assert code_of(firings.schedule("2026-01-31T09:31:00Z")) == "overlap"
    assert run_of(firings.schedule())


def test_jitter_puts_a_firing_off_by_the_same_time_whoever_asks(
    firings: Firings, scheduled: Scheduled, clock: FakeClock
) -> None:
    scheduled(jitter_seconds=600)
    first, second = firings.schedule(), firings.schedule()
    assert isinstance(first, Postponed)
    assert first == second
    [(_, delay), _] = firings.queue.sent
    assert 0 < delay <= 600
    clock.pass_seconds(delay)
    assert run_of(firings.put_back())


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"days": ["mon", "tue"]}, "2026-02-02T00:00:00+00:00"),
        ({"opens": "10:00", "closes": "12:00"}, "2026-01-31T10:00:00+00:00"),
        ({"opens": "09:00", "closes": "10:00", "timezone": "Europe/Rome"}, "2026-02-01T08:00:00+00:00"),
        ({"holidays": ["2026-01-31", "02-01"]}, "2026-02-02T00:00:00+00:00"),
    ],
)
def test_a_closed_calendar_refuses_or_waits(
    fields: dict[str, object], opens: str, firings: Firings, scheduled: Scheduled
) -> None:
    scheduled(calendar={**fields, "outside": "wait"})
    outcome = firings.schedule()
    assert isinstance(outcome, Postponed)
    assert outcome.until.isoformat() == opens
    assert firings.queue.sent[0][1] <= 900


def test_a_calendar_that_does_not_wait_refuses(firings: Firings, scheduled: Scheduled) -> None:
    scheduled(calendar={"days": ["mon"]})
    assert code_of(firings.schedule()) == "calendar_closed"


def test_an_open_calendar_lets_the_firing_through(firings: Firings, scheduled: Scheduled) -> None:
    scheduled(calendar={"days": ["sat"], "opens": "09:00", "closes": "17:00"})
    assert run_of(firings.schedule())


def late(firings: Firings, minutes: int) -> list[Outcome]:
    """Ten times of ten minutes, delivered together when the last of them is an hour late."""
    firings.clock.pass_seconds(minutes * 60)
    return [firings.schedule(f"2026-01-31T09:3{minute}:00Z") for minute in range(4)]


def test_missed_skip_starts_nothing_for_what_comes_late(firings: Firings, scheduled: Scheduled) -> None:
    scheduled(missed="skip")
    assert {code_of(outcome) for outcome in late(firings, 60)} == {"missed"}


def test_missed_once_makes_up_for_all_that_comes_late_with_one_run(
    firings: Firings, scheduled: Scheduled
) -> None:
    scheduled(missed="once")
    first, *others = late(firings, 60)
    assert run_of(first)
    assert {code_of(outcome) for outcome in others} == {"missed"}
    firings.clock.pass_seconds(3600)
    assert run_of(firings.schedule("2026-01-31T11:00:00Z"))


def test_missed_all_is_bounded_until_a_time_comes_punctually(firings: Firings, scheduled: Scheduled) -> None:
    scheduled(missed="all", missed_limit=2)
    outcomes = late(firings, 60)
    assert [isinstance(outcome, Started) for outcome in outcomes] == [True, True, False, False]
    assert run_of(firings.schedule("2026-01-31T10:30:00Z"))
    assert firings.record().missed_runs == 0


def test_a_delivery_repeated_after_a_crash_is_not_taken_for_another_missed_time(
    firings: Firings, scheduled: Scheduled, step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    scheduled(missed="once")
    clock.pass_seconds(3600)
    step_functions.failing["start_execution"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        firings.schedule()
    step_functions.failing.clear()
    assert run_of(firings.schedule())


def test_a_few_minutes_are_not_missed(firings: Firings, scheduled: Scheduled, clock: FakeClock) -> None:
    scheduled(missed="skip", missed_after_seconds=600)
    clock.pass_seconds(590)
    assert run_of(firings.schedule(AT))
