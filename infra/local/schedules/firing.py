"""Fires schedules at their times."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

from infra.local.delivery.delivery import Delivery, limits
from infra.local.events.target_input import target_input
from infra.local.names import ACCOUNT, REGION
from infra.local.scheduler import Clock, Scheduler, Timer
from infra.local.schedules.entry import Entry
from infra.local.schedules.position import Positions
from translator.schedule import occurrences

Missed: TypeAlias = Literal["skip", "once", "all"]
"""What becomes of times that passed while nothing was up."""
_MOST_MISSED: Final = 1000
_GRACE_SECONDS: Final = 60.0
"""Late by less is not missed: the service itself fires within a minute."""


@dataclass(slots=True)
class Firing:
    """Keeps one timer for each schedule; everything runs in the scheduler's thread."""

    read: Callable[[], Iterable[Entry]]
    delete: Callable[[Entry], None]
    accept: Callable[[Delivery], None]
    positions: Positions
    scheduler: Scheduler
    clock: Clock
    missed: Missed
    _timers: dict[str, tuple[str, Timer]] = field(default_factory=dict, init=False)

    def refresh(self) -> None:
        """Look at all schedules again, because one was made, changed or deleted."""
        entries = {entry.arn: entry for entry in self.read()}
        for arn in [arn for arn in self._timers if arn not in entries]:
            self._timers.pop(arn)[1].cancel()
        self.positions.keep_only(frozenset(entries))
        for arn, entry in entries.items():
            version = _digest(entry.version)
            if arn in self._timers and self._timers[arn][0] == version:
                continue
            if arn in self._timers:
                self._timers.pop(arn)[1].cancel()
            self._begin(entry, version)

    def _begin(self, entry: Entry, version: str) -> None:
        now = self.clock()
        position = self.positions.of(entry.arn, version)
        if position is None:
            position = _beginning(entry, now)
            self.positions.put(entry.arn, version, position)
        due = [moment for moment in _times(entry, position, _MOST_MISSED) if moment <= now]
        for moment in self._caught_up(due, now):
            self._fire(entry, moment)
        if due:
            self.positions.put(entry.arn, version, due[-1])
        self._arm(entry, version, due[-1] if due else position)

    def _caught_up(self, due: list[float], now: float) -> list[float]:
        if self.missed == "all":
            return due
        late = [moment for moment in due if moment < now - _GRACE_SECONDS]
        fresh = due[len(late) :]
        return [late[-1], *fresh] if late and self.missed == "once" and not fresh else fresh

    def _arm(self, entry: Entry, version: str, after: float) -> None:
        moment = next(iter(_times(entry, after, 1)), None)
        if moment is None:
            if entry.deletes_itself:
                self.delete(entry)
            return
        timer = self.scheduler.call_at(_within(entry, moment), lambda: self._ring(entry, version, moment))
        self._timers[entry.arn] = (version, timer)

    def _ring(self, entry: Entry, version: str, moment: float) -> None:
        self._timers.pop(entry.arn, None)
        self._fire(entry, moment)
        self.positions.put(entry.arn, version, moment)
        self._arm(entry, version, moment)

    def _fire(self, entry: Entry, moment: float) -> None:
        for target in entry.targets:
            self.accept(_delivery(entry, target, moment, self.clock()))


def _times(entry: Entry, after: float, most: int) -> list[float]:
    moments = occurrences(entry.schedule, datetime.fromtimestamp(after, UTC))
    return [moment.timestamp() for moment in islice(moments, most)]


def _beginning(entry: Entry, now: float) -> float:
    """What the first time comes after: for one made just now its making, so that a rate fires at once.

    Source: EventBridge Scheduler user guide, "Rate-based schedules".
    """
    made = entry.schedule.created.timestamp()
    return made - 1e-3 if 0 <= now - made < _GRACE_SECONDS else now


def _within(entry: Entry, moment: float) -> float:
    """The time to fire in a flexible window: the same for the same time of the same schedule."""
    if not entry.window_seconds:
        return moment
    return moment + random.Random(f"{entry.arn} {moment}").uniform(0, entry.window_seconds)  # noqa: S311


def _delivery(entry: Entry, target: Mapping[str, Any], moment: float, now: float) -> Delivery:
    at = f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
    identity = _digest(f"{entry.arn} {at} {target.get('Id', '')}")
    details = {"SCHEDULE_ARN": entry.arn, "SCHEDULED_TIME": at, "EXECUTION_ID": identity}
    if entry.passes_on:
        event = _scheduled_event(entry, at, identity)
        payload = target_input(target, event, entry.arn, entry.name)
        details = {"RULE_ARN": entry.arn}
    else:
        payload = _payload(target, entry.arn, at, identity)
    return Delivery(
        identity=f"{entry.name}-{identity}"[-80:],
        source=entry.arn,
        target=str(target["Arn"]),
        payload=payload,
        accepted_at=now,
        parameters=target,
        details=details,
        **limits(target),
    )


def _payload(target: Mapping[str, Any], arn: str, at: str, identity: str) -> str:
    """The target's input with Scheduler's context attributes filled in; `{}` for none."""
    text = str(target.get("Input") or "{}")
    for name, value in (
        ("schedule-arn", arn),
        ("scheduled-time", at),
        ("execution-id", identity),
        ("attempt-number", "1"),
    ):
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _scheduled_event(entry: Entry, at: str, identity: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": identity,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [entry.arn],
        "detail": {},
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
