"""The schedules of EventBridge Scheduler, in the project's group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import boto3
from botocore.exceptions import ClientError

from layers.runtime.errors import PlatformError, Problem


class SchedulerClient(Protocol):
    """The part of boto3's `scheduler` client that is used."""

    def create_schedule(self, **arguments: Any) -> Any:
        """AWS: CreateSchedule."""

    def update_schedule(self, **arguments: Any) -> Any:
        """AWS: UpdateSchedule."""

    def get_schedule(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: GetSchedule."""

    def delete_schedule(self, **arguments: Any) -> Any:
        """AWS: DeleteSchedule."""


@dataclass(frozen=True, slots=True)
class Schedules:
    """Schedules of one group."""

    client: SchedulerClient
    group: str

    def find(self, name: str) -> Mapping[str, Any] | None:
        """A schedule as it is; raises PlatformError."""
        try:
            return self.client.get_schedule(Name=name, GroupName=self.group)
        except ClientError as error:
            if _code(error) == "ResourceNotFoundException":
                return None
            raise _refused(name, error) from error

    def put(self, name: str, settings: Mapping[str, Any]) -> None:
        """Makes a schedule, or makes it what it is to be; raises PlatformError."""
        try:
            try:
                self.client.create_schedule(Name=name, GroupName=self.group, **settings)
            except ClientError as error:
                if _code(error) != "ConflictException":
                    raise
                self.client.update_schedule(Name=name, GroupName=self.group, **settings)
        except ClientError as error:
            raise _refused(name, error) from error

    def remove(self, name: str) -> None:
        """Removes a schedule, if there is one; raises PlatformError."""
        try:
            self.client.delete_schedule(Name=name, GroupName=self.group)
        except ClientError as error:
            if _code(error) != "ResourceNotFoundException":
                raise _refused(name, error) from error


def is_same(found: Mapping[str, Any], wanted: Mapping[str, Any], now: datetime) -> bool:
    """Whether a schedule needs no change; changing a rate for nothing would begin to count anew.

    A start that has passed means nothing any more.
    """
    start = found.get("StartDate")
    if start is not None and start > now and start != wanted.get("StartDate") and not _is_rate(wanted):
        return False
    return all(found.get(name) == value for name, value in wanted.items())


def open_schedules(group: str) -> Schedules:
    """The schedules of a group, in the region of this function."""
    return Schedules(cast("SchedulerClient", boto3.client("scheduler")), group)


def _is_rate(settings: Mapping[str, Any]) -> bool:
    return str(settings["ScheduleExpression"]).startswith("rate")


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _refused(name: str, error: ClientError) -> PlatformError:
    return PlatformError(
        Problem(
            502,
            "schedule_not_made",
            "Schedule not made",
            f"EventBridge Scheduler did not take schedule '{name}': {error}",
            "The new version is active, but not all that fires it is there. Activate again: it goes on where "
            "it was cut off.",
        )
    )
