"""Schedules on a clock of the test's own: what fires when, and what a pause leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local.delivery.delivery import Delivery
from infra.local.scheduler import Scheduler, Timer
from infra.local.schedules.entry import Entry
from infra.local.schedules.firing import Firing, Missed
from infra.local.schedules.position import Positions
from translator.schedule import Schedule, parse_expression, read_zone

_START = datetime(2026, 3, 1, 10, 0, tzinfo=UTC).timestamp()
_HOUR = 3600.0


@dataclass
class _World:
    """A clock that moves when it is told, with the timers that ring on the way."""

    path: Path
    missed: Missed = "once"
    now: float = _START
    entries: list[Entry] = field(default_factory=list)
    accepted: list[Delivery] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)

    def call_at(self, due: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(due, len(self.timers), callback)
        self.timers.append(timer)
        return timer

    def firing(self) -> Firing:
        self.timers.clear()
        return Firing(
            lambda: self.entries,
            self.entries.remove,
            self.accepted.append,
            Positions(self.path),
            cast("Scheduler", self),
            lambda: self.now,
            self.missed,
        )

    def pass_to(self, moment: float) -> None:
        while due := [timer for timer in self.timers if timer.callback and timer.due <= moment]:
            timer = min(due)
            self.now, callback = max(self.now, timer.due), timer.callback
            timer.cancel()
            assert callback is not None
            callback()
        self.now = moment

    def fired(self) -> list[str]:
        return [delivery.details["SCHEDULED_TIME"][11:16] for delivery in self.accepted]


def _entry(text: str, created: float = _START, **options: Any) -> Entry:
    made = datetime.fromtimestamp(created, UTC)
    schedule = Schedule(parse_expression(text), read_zone("UTC"), made)
    return Entry("arn", "name", text, schedule, ({"Arn": "target"},), **options)


@pytest.fixture
def world(tmp_path: Path) -> _World:
    return _World(tmp_path / "positions.json")


def test_a_cron_fires_at_its_times_only(world: _World) -> None:
    world.entries.append(_entry("cron(30 * * * ? *)"))
    world.firing().refresh()
    world.pass_to(_START + 2 * _HOUR)
    assert world.fired() == ["10:30", "11:30"]


@pytest.mark.parametrize(
    ("missed", "expected"),
    [("skip", []), ("once", ["14:30"]), ("all", ["11:30", "12:30", "13:30", "14:30"])],
)
def test_what_passed_while_nothing_was_up_fires_as_the_settings_say(
    world: _World, missed: Missed, expected: list[str]
) -> None:
    world.missed = missed
    world.entries.append(_entry("cron(30 * * * ? *)"))
    world.firing().refresh()
    world.pass_to(_START + _HOUR)
    world.accepted.clear()
    world.now = _START + 5 * _HOUR
    world.firing().refresh()
    assert world.fired() == expected
    world.pass_to(_START + 6 * _HOUR)
    assert world.fired() == [*expected, "15:30"]


def test_a_time_during_a_short_stop_is_not_missed(world: _World) -> None:
    world.missed = "skip"
    world.entries.append(_entry("cron(30 * * * ? *)"))
    world.firing().refresh()
    world.now = _START + _HOUR / 2 + 10
    world.firing().refresh()
    assert world.fired() == ["10:30"]


def test_a_changed_schedule_counts_anew_and_a_deleted_one_is_silent(world: _World) -> None:
    world.entries.append(_entry("rate(1 hour)"))
    firing = world.firing()
    firing.refresh()
    assert world.fired() == ["10:00"]
    world.pass_to(_START + _HOUR / 2)
    world.entries[:] = [_entry("rate(2 hours)", created=world.now)]
    firing.refresh()
    world.pass_to(_START + 2 * _HOUR)
    assert world.fired() == ["10:00", "10:30"]
    world.entries.clear()
    firing.refresh()
    world.pass_to(_START + 9 * _HOUR)
    assert world.fired() == ["10:00", "10:30"]


def test_a_flexible_window_moves_the_firing_within_it_and_tells_the_scheduled_time(world: _World) -> None:
    world.entries.append(_entry("cron(30 * * * ? *)", window_seconds=600.0))
    world.firing().refresh()
    world.pass_to(_START + _HOUR / 2)
    assert world.fired() == []
    world.pass_to(_START + _HOUR / 2 + 600)
    assert world.fired() == ["10:30"]


def test_a_one_time_schedule_that_deletes_itself_is_gone_after_its_time(world: _World) -> None:
    world.entries.append(_entry("at(2026-03-01T10:05:00)", deletes_itself=True))
    world.firing().refresh()
    world.pass_to(_START + _HOUR)
    assert world.fired() == ["10:05"]
    assert world.entries == []
