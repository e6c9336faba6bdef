"""Brings what fires a workflow to what its head says: made, disabled while it is paused, or gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from functions.activate.firing.cycles import awaited_by, find_cycle, live_triggers, workflow_cycle
from functions.activate.firing.missed import missed_firings
from functions.activate.firing.rule_plan import rule_of
from functions.activate.firing.rules import PlannedRule, Rules
from functions.activate.firing.schedule_plan import Targets, schedule_name, schedules_of, timed, times_of
from functions.activate.firing.schedules import Schedules, is_same
from layers.runtime.executions import Clock
from layers.runtime.firing.message import Firing, moment_of
from layers.runtime.json_value import JsonObject
from layers.runtime.problems import changed_meanwhile
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.awaited import Awaiting, drop_awaiting, keep_awaiting
from layers.runtime.store.firing_resources import (
    NO_RESOURCES,
    FiringResources,
    find_resources,
    keep_resources,
)
from layers.runtime.store.polls import forget_polls
from layers.runtime.store.trigger_records import advance, find_trigger_record, forget_records
from layers.runtime.store.workflows import WorkflowHead, find_head

_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Arming:
    """Everything that arming a workflow needs."""

    store: Store
    schedules: Schedules
    rules: Rules
    targets: Targets
    queue: Queue
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to fire a workflow now, by name."""

    workflow: str
    schedules: Mapping[str, tuple[JsonObject, dict[str, Any]]]
    """Each with its trigger."""
    rules: Mapping[str, PlannedRule]
    awaited: Mapping[str, Sequence[str]]
    """Workflows that triggers wait for, with the statuses that count."""

    @property
    def resources(self) -> FiringResources:
        return FiringResources(
            schedules=frozenset(self.schedules), rules=frozenset(self.rules), awaited=frozenset(self.awaited)
        )


def arm(arming: Arming, workflow: str) -> None:
    """Makes, changes and removes until it is as the head says; what it has done it does not do again.

    Cut off anywhere, the next call goes on: names follow from triggers, and whatever may exist was written
    down before. Somebody else's change meanwhile is followed. Raises PlatformError, RequestError 409.
    """
    for _ in range(_TRIES):
        head = find_head(arming.store, workflow)
        _arm_as(arming, workflow, head)
        now = find_head(arming.store, workflow)
        if _state(now) == _state(head):
            return
    raise changed_meanwhile(workflow)


def _state(head: WorkflowHead | None) -> tuple[object, ...]:
    return (None,) if head is None else (head.status, head.active_version)


def _arm_as(arming: Arming, workflow: str, head: WorkflowHead | None) -> None:
    store = arming.store
    plan = _planned(arming, workflow, head)
    known = find_resources(store, workflow)
    wanted = plan.resources
    if wanted == known == NO_RESOURCES:
        return
    if known.joined(wanted) != known:
        keep_resources(store, workflow, known.joined(wanted))
    for name, (trigger, settings) in plan.schedules.items():
        _put_schedule(arming, workflow, trigger, name, settings)
    for rule in plan.rules.values():
        arming.rules.put(rule)
    _await(arming, plan, head)
    stale = known.without(wanted)
    for name in sorted(stale.schedules):
        arming.schedules.remove(name)
    for key in sorted(stale.rules):
        arming.rules.remove(key)
    _await_no_more(store, workflow, stale.awaited)
    if stale != NO_RESOURCES:
        keep_resources(store, workflow, wanted)
    if head is None or head.status == "deleted":
        forget_records(store, workflow)
        forget_polls(store, workflow)


def _planned(arming: Arming, workflow: str, head: WorkflowHead | None) -> _Plan:
    triggers = live_triggers(arming.store, head)
    enabled, now = head is not None and head.status == "active", arming.clock()
    schedules: dict[str, tuple[JsonObject, dict[str, Any]]] = {}
    for trigger in triggers:
        if trigger["type"] in {"schedule", "poll"}:
            asked, targets = timed(trigger, arming.targets)
            made = schedules_of(workflow, asked, targets, now=now, enabled=enabled)
            schedules |= {name: (asked, settings) for name, settings in made.items()}
    project, bus = arming.store.project, arming.rules.platform_bus
    rules = [
        rule_of(project, workflow, trigger, arming.targets, platform_bus=bus, enabled=enabled)
        for trigger in triggers
        if trigger["type"] == "event"
    ]
    awaited = awaited_by(triggers) if enabled else {}
    return _Plan(workflow, schedules, {rule.key: rule for rule in rules}, awaited)


def _await(arming: Arming, plan: _Plan, head: WorkflowHead | None) -> None:
    """Lets it be told of others' ends, unless one that was activated meanwhile has closed a circle."""
    store, workflow = arming.store, plan.workflow
    for name, statuses in plan.awaited.items():
        after, _, trigger = name.partition("|")
        keep_awaiting(store, Awaiting(after, workflow, trigger, statuses))
    way = find_cycle(store, workflow, live_triggers(store, head)) if plan.awaited else ()
    if way:
        _await_no_more(store, workflow, plan.awaited)
        raise workflow_cycle(workflow, way)


def _await_no_more(store: Store, workflow: str, names: Iterable[str]) -> None:
    for name in sorted(names):
        after, _, trigger = name.partition("|")
        drop_awaiting(store, after, workflow, trigger)


def _put_schedule(
    arming: Arming, workflow: str, trigger: JsonObject, name: str, settings: dict[str, Any]
) -> None:
    found, now = arming.schedules.find(name), arming.clock()
    if found is not None and is_same(found, settings, now):
        return
    store, identity = arming.store, str(trigger["id"])
    position = moment_of(find_trigger_record(store, workflow, identity).position)
    same_times = found is not None and all(
        found.get(field) == settings[field] for field in ("ScheduleExpression", "ScheduleExpressionTimezone")
    )
    if position is None or not same_times:
        advance(store, workflow, identity, f"{now:%Y-%m-%dT%H:%M:%SZ}")
        arming.schedules.put(name, settings)
        return
    is_reopened = found is not None and found["State"] == "DISABLED" and settings["State"] == "ENABLED"
    if is_reopened and name == schedule_name(workflow, trigger):
        _make_up(arming, workflow, trigger, position, now)
    times = times_of(trigger)
    if times.is_rate and "StartDate" not in settings:
        # Else the service would count from this change on.
        settings = {**settings, "StartDate": next(times.after(now, counted_from=position), now)}
    arming.schedules.put(name, settings)


def _make_up(arming: Arming, workflow: str, trigger: JsonObject, position: datetime, now: datetime) -> None:
    firings: Sequence[Firing] = tuple(missed_firings(workflow, trigger, times_of(trigger), position, now))
    for firing in firings:
        arming.queue.send(firing.to_text())
