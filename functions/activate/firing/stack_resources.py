"""What fires a workflow that is deployed with a stack, as CloudFormation resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from functions.activate.firing.rule_plan import rule_of
from functions.activate.firing.rules import TARGET
from functions.activate.firing.schedule_plan import Targets, schedules_of
from layers.runtime.json_value import JsonObject, read_json
from layers.runtime.node_run import iso_time

STARTS: Final = "${Starts}"
DEAD_STARTS: Final = "${DeadStarts}"
SCHEDULER_ROLE: Final = "${SchedulerRole}"
SCHEDULE_GROUP: Final = "${ScheduleGroup}"
BUS: Final = "${Bus}"
ALIAS: Final = "${Alias}"
"""Placeholders that the stack replaces, as CloudFormation's Sub writes them."""
_TARGETS: Final = Targets(STARTS, DEAD_STARTS, SCHEDULER_ROLE)
_NOT_POLICIES: Final = frozenset({"pattern", "entry"})


def stack_resources(
    project: str, workflow: str, triggers: Sequence[JsonObject], now: datetime
) -> Mapping[str, Mapping[str, Any]]:
    """By name the resources with `Type` and `Properties`; their firings say what the table does not know."""
    made: dict[str, Mapping[str, Any]] = {}
    for trigger in triggers:
        if trigger["type"] == "schedule":
            made |= _schedules(workflow, trigger, now)
        elif trigger["type"] == "event":
            made |= _rule(project, workflow, trigger)
    return made


def _schedules(workflow: str, trigger: JsonObject, now: datetime) -> Iterator[tuple[str, Mapping[str, Any]]]:
    planned = schedules_of(
        workflow, trigger, _TARGETS, now=now, enabled=True, more={"deployed": _deployed(trigger)}
    )
    for name, settings in planned.items():
        properties = {**settings, "Name": name, "GroupName": SCHEDULE_GROUP}
        del properties["ActionAfterCompletion"]  # CloudFormation does not know it; NONE is the default
        for bound in ("StartDate", "EndDate"):
            if bound in properties:
                properties[bound] = iso_time(properties[bound])
        yield name, {"Type": "AWS::Scheduler::Schedule", "Properties": properties}


def _rule(project: str, workflow: str, trigger: JsonObject) -> Iterator[tuple[str, Mapping[str, Any]]]:
    more = {"deployed": _deployed(trigger)}
    rule = rule_of(project, workflow, trigger, _TARGETS, platform_bus=BUS, enabled=True, more=more)
    properties = {
        **rule.settings,
        "Name": rule.name,
        "EventBusName": rule.bus,
        "EventPattern": read_json(rule.settings["EventPattern"]),
        "Targets": [{"Id": TARGET, **rule.target}],
    }
    yield rule.name, {"Type": "AWS::Events::Rule", "Properties": properties}


def _deployed(trigger: JsonObject) -> JsonObject:
    policies = {name: value for name, value in trigger.items() if name not in _NOT_POLICIES}
    return {"alias_arn": ALIAS, "trigger": policies}
