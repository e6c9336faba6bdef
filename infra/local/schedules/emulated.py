"""The schedules that clients have made, read from the emulated services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import moto.backends

from infra.local.events.rule import Rule
from infra.local.names import ACCOUNT, REGION
from infra.local.schedules.entry import Entry
from translator.schedule import Schedule, ScheduleSyntaxError, parse_expression, read_zone

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = 60.0


def scheduled() -> Iterator[Entry]:
    """Every enabled schedule of EventBridge Scheduler that can be read."""
    groups = moto.backends.get_backend("scheduler")[ACCOUNT][REGION].schedule_groups
    for group in groups.values():
        for schedule in group.schedules.values():
            if schedule.state == "ENABLED":
                yield from _entry(schedule.to_dict())


def ruled(rules: tuple[Rule, ...]) -> Iterator[Entry]:
    """The rules of EventBridge that fire by a schedule, in UTC."""
    for rule in rules:
        if rule.schedule is None or not rule.targets:
            continue
        try:
            expression = parse_expression(rule.schedule)
        except ScheduleSyntaxError:
            continue
        schedule = Schedule(expression, read_zone("UTC"), _EPOCH)
        version = json.dumps([rule.schedule, rule.targets], sort_keys=True, default=str)
        yield Entry(rule.arn, rule.name, version, schedule, rule.targets, passes_on=True)


def delete(entry: Entry) -> None:
    """Removes a schedule that deletes itself after its last time."""
    groups = moto.backends.get_backend("scheduler")[ACCOUNT][REGION].schedule_groups
    if entry.group in groups:
        groups[entry.group].schedules.pop(entry.name, None)


def _entry(told: dict[str, Any]) -> Iterator[Entry]:
    try:
        expression = parse_expression(told["ScheduleExpression"])
        zone = read_zone(told["ScheduleExpressionTimezone"] or "UTC")
    except ScheduleSyntaxError:
        return
    window = told["FlexibleTimeWindow"] or {}
    minutes = window.get("MaximumWindowInMinutes") if window.get("Mode") == "FLEXIBLE" else 0
    yield Entry(
        arn=told["Arn"],
        name=told["Name"],
        version=json.dumps(told, sort_keys=True, default=str),
        schedule=Schedule(
            expression,
            zone,
            _moment(told["LastModificationDate"]) or _EPOCH,
            _moment(told["StartDate"]),
            _moment(told["EndDate"]),
        ),
        targets=(told["Target"],),
        window_seconds=_MINUTE * float(minutes or 0),
        deletes_itself=told["ActionAfterCompletion"] == "DELETE",
        group=told["GroupName"],
    )


def _moment(seconds: Any) -> datetime | None:
    return None if seconds in (None, "") else datetime.fromtimestamp(float(seconds), UTC)
