"""The scheduler's one thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from infra.local.scheduler import Scheduler, StoppedError


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    scheduler = Scheduler(time.time)
    yield scheduler
    scheduler.stop()


def test_callbacks_run_in_the_order_of_their_times(scheduler: Scheduler) -> None:
    seen: list[str] = []
    done = threading.Event()
    now = time.time()
    scheduler.call_at(now + 0.02, done.set)
    scheduler.call_at(now - 1, lambda: seen.append("second"))
    scheduler.call_at(now - 2, lambda: seen.append("first"))
    scheduler.call_soon(lambda: seen.append("soon"))
    scheduler.start()
    assert done.wait(5)
    assert seen == ["first", "second", "soon"]


def test_a_cancelled_timer_does_not_run(scheduler: Scheduler) -> None:
    seen: list[str] = []
    scheduler.call_at(0, lambda: seen.append("cancelled")).cancel()
    scheduler.start()
    scheduler.call(lambda: None)
    assert seen == []


def test_a_failing_callback_does_not_stop_the_others(scheduler: Scheduler) -> None:
    def fail() -> None:
        raise ValueError("of the test")

    scheduler.call_soon(fail)
    scheduler.start()
    assert scheduler.call(lambda: 7) == 7
    with pytest.raises(ValueError, match="of the test"):
        scheduler.call(fail)


def test_who_waits_for_a_stopped_scheduler_is_told(scheduler: Scheduler) -> None:
    scheduler.start()
    scheduler.stop()
    with pytest.raises(StoppedError):
        scheduler.call(lambda: None)
