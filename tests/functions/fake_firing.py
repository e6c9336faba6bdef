"""Stand-ins for what fires triggers: EventBridge Scheduler and a queue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.functions.fakes import refusal

STARTS = "arn:aws:sqs:eu-west-1:123456789012:main-starts"
STARTS_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/main-starts"
POLLS = "arn:aws:sqs:eu-west-1:123456789012:main-polls"
DEAD_STARTS = "arn:aws:sqs:eu-west-1:123456789012:main-starts-dead"
SCHEDULER_ROLE = "arn:aws:iam::123456789012:role/scheduler"
GROUP = "main-steploom"


@dataclass
class FakeScheduler:
    """Schedules by name, in one group."""

    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    failing: dict[str, BaseException] = field(default_factory=dict)
    """What an operation raises instead of doing its work."""

    def create_schedule(self, **arguments: Any) -> None:
        self._called("create_schedule", arguments)
        if arguments["Name"] in self.schedules:
            raise refusal("ConflictException")
        self.schedules[arguments["Name"]] = arguments

    def update_schedule(self, **arguments: Any) -> None:
        self._called("update_schedule", arguments)
        self._existing(arguments)
        self.schedules[arguments["Name"]] = arguments

    def get_schedule(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("get_schedule", arguments)
        return {**self._existing(arguments), "Arn": "arn"}

    def delete_schedule(self, **arguments: Any) -> None:
        self._called("delete_schedule", arguments)
        del self.schedules[self._existing(arguments)["Name"]]

    def states(self) -> dict[str, str]:
        return {name: schedule["State"] for name, schedule in self.schedules.items()}

    def _called(self, operation: str, arguments: Mapping[str, Any]) -> None:
        assert arguments["GroupName"] == GROUP
        self.calls.append(operation)
        if operation in self.failing:
            raise self.failing[operation]

    def _existing(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if arguments["Name"] not in self.schedules:
            raise refusal("ResourceNotFoundException")
        return self.schedules[arguments["Name"]]


BUS = "main-steploom"
BUS_ARN = "arn:aws:events:eu-west-1:123456789012:event-bus/main-steploom"
ARCHIVE_ARN = "arn:aws:events:eu-west-1:123456789012:archive/main-steploom"


@dataclass
class FakeEvents:
    """Rules by bus and name with their targets, and what was put and replayed."""

    buses: set[str] = field(default_factory=lambda: {"default", BUS, "shop"})
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    targets: dict[str, list[Any]] = field(default_factory=dict)
    put: list[Any] = field(default_factory=list)
    replays: dict[str, Any] = field(default_factory=dict)
    failing: dict[str, BaseException] = field(default_factory=dict)
    """What an operation raises instead of doing its work."""

    def describe_event_bus(self, **arguments: Any) -> Mapping[str, Any]:
        if arguments["Name"] not in self.buses:
            raise refusal("ResourceNotFoundException")
        return arguments

    def put_rule(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("put_rule")
        self.describe_event_bus(Name=arguments["EventBusName"])
        self.rules[f"{arguments['EventBusName']}|{arguments['Name']}"] = arguments
        return {"RuleArn": "arn"}

    def put_targets(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("put_targets")
        self.targets[self._existing(arguments)] = arguments["Targets"]
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def remove_targets(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("remove_targets")
        self.targets.pop(self._existing(arguments), None)
        return {}

    def delete_rule(self, **arguments: Any) -> None:
        self._called("delete_rule")
        key = f"{arguments['EventBusName']}|{arguments['Name']}"
        assert not self.targets.get(key), "a rule with targets cannot be deleted"
        del self.rules[key]

    def put_events(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("put_events")
        self.put += arguments["Entries"]
        return {"FailedEntryCount": 0, "Entries": [{"EventId": f"event-{len(self.put)}"}]}

    def start_replay(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("start_replay")
        if arguments["ReplayName"] in self.replays:
            raise refusal("ResourceAlreadyExistsException")
        self.replays[arguments["ReplayName"]] = arguments
        return {"State": "STARTING"}

    def describe_replay(self, **arguments: Any) -> Mapping[str, Any]:
        if arguments["ReplayName"] not in self.replays:
            raise refusal("ResourceNotFoundException")
        return {"State": "COMPLETED"}

    def _existing(self, arguments: Mapping[str, Any]) -> str:
        key = f"{arguments['EventBusName']}|{arguments['Rule']}"
        if key not in self.rules:
            raise refusal("ResourceNotFoundException")
        return key

    def _called(self, operation: str) -> None:
        if operation in self.failing:
            raise self.failing[operation]


@dataclass
class FakeSqs:
    """What was sent to each queue, read from JSON."""

    sent: list[Any] = field(default_factory=list)

    def send_message(self, **arguments: Any) -> Mapping[str, Any]:
        assert arguments["QueueUrl"] == STARTS_URL
        self.sent.append(json.loads(arguments["MessageBody"]))
        return {"MessageId": str(len(self.sent))}
