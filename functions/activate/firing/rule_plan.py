"""What EventBridge is told of an event trigger."""

from __future__ import annotations

from typing import Any, Final

from functions.activate.firing.rules import PlannedRule
from functions.activate.firing.schedule_plan import NOTHING_MORE, Targets
from layers.runtime.firing.names import bus_of, rule_name
from layers.runtime.json_value import JsonObject, write_json

_EVENT: Final = "<aws.events.event.json>"
"""What the service puts the whole event in for (AWS: EventBridge, input transformation)."""


def rule_of(
    project: str,
    workflow: str,
    trigger: JsonObject,
    targets: Targets,
    *,
    platform_bus: str,
    enabled: bool,
    more: JsonObject = NOTHING_MORE,
) -> PlannedRule:
    """The rule of a trigger: what matches goes to the queue as a firing, known by the event's id.

    `more` is what the message says besides.
    """
    name = str(trigger["id"])
    known = {"workflow": workflow, "trigger": name, "type": "event", "identity": "<id>", **more}
    message = write_json(known)
    return PlannedRule(
        bus=bus_of(trigger, platform_bus),
        name=rule_name(project, workflow, name),
        settings={
            "EventPattern": write_json(trigger["pattern"]),
            "State": "ENABLED" if enabled else "DISABLED",
            "Description": f"Trigger {name} of workflow {workflow}",
        },
        target=_target(targets, f'{message[:-1]},"event":{_EVENT}}}'),
    )


def _target(targets: Targets, template: str) -> dict[str, Any]:
    return {
        "Arn": targets.queue,
        "InputTransformer": {"InputPathsMap": {"id": "$.id"}, "InputTemplate": template},
        "RetryPolicy": {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185},
        "DeadLetterConfig": {"Arn": targets.dead_letters},
    }
