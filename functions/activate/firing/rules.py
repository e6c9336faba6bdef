"""The rules of EventBridge that fire event triggers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar, cast

import boto3
from botocore.exceptions import ClientError

from layers.runtime.errors import PlatformError, Problem

TARGET: Final = "starts"
"""The id of a rule's one target."""
_Answer = TypeVar("_Answer")
_GONE: Final = "ResourceNotFoundException"


class EventsClient(Protocol):
    """The part of boto3's `events` client that is used."""

    def describe_event_bus(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DescribeEventBus."""

    def put_rule(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: PutRule."""

    def put_targets(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: PutTargets."""

    def remove_targets(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: RemoveTargets."""

    def delete_rule(self, **arguments: Any) -> Any:
        """AWS: DeleteRule."""


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule as it is to be."""

    bus: str
    name: str
    settings: Mapping[str, Any]
    target: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Names it among the rules of all buses."""
        return f"{self.bus}|{self.name}"


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of this account, on any of its buses."""

    client: EventsClient
    platform_bus: str

    def has_bus(self, bus: str) -> bool:
        """Whether there is such a bus; raises PlatformError."""

        def describe() -> bool:
            try:
                self.client.describe_event_bus(Name=bus)
            except ClientError as error:
                if _code(error) == _GONE:
                    return False
                raise
            return True

        return _checked(bus, describe)

    def put(self, rule: PlannedRule) -> None:
        """Makes a rule with its target, or makes it what it is to be; raises PlatformError."""

        def make() -> None:
            self.client.put_rule(Name=rule.name, EventBusName=rule.bus, **rule.settings)
            target = {"Id": TARGET, **rule.target}
            answer = self.client.put_targets(Rule=rule.name, EventBusName=rule.bus, Targets=[target])
            if answer.get("FailedEntryCount"):
                raise _refused(rule.name, str(answer["FailedEntries"][0].get("ErrorMessage")))

        _checked(rule.name, make)

    def remove(self, key: str) -> None:
        """Removes a rule by its key, if there is one; raises PlatformError."""
        bus, _, name = key.partition("|")

        def remove() -> None:
            try:
                self.client.remove_targets(Rule=name, EventBusName=bus, Ids=[TARGET])
                self.client.delete_rule(Name=name, EventBusName=bus)
            except ClientError as error:
                if _code(error) != _GONE:
                    raise

        _checked(name, remove)


def open_rules(platform_bus: str) -> Rules:
    """The rules in the region of this function."""
    return Rules(cast("EventsClient", boto3.client("events")), platform_bus)


def _checked(name: str, work: Callable[[], _Answer]) -> _Answer:
    try:
        return work()
    except ClientError as error:
        raise _refused(name, str(error)) from error


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _refused(name: str, reason: str) -> PlatformError:
    return PlatformError(
        Problem(
            502,
            "rule_not_made",
            "Rule not made",
            f"EventBridge did not take rule '{name}': {reason}",
            "Activate again: it goes on where it was cut off. "
            "Unless its quota is raised a bus takes 300 rules.",
        )
    )
