"""Makes the log groups that Express machines write to, and subscribes the recorder to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

import boto3
from botocore.exceptions import ClientError

from layers.runtime.errors import PlatformError, Problem
from layers.runtime.step_functions import log_group

RETENTION_DAYS: Final = 30
"""Of the log alone: what it told is in the runs' records by then."""
FILTER: Final = "steploom-recorder"


class Logs(Protocol):
    """The part of boto3's `logs` client that makes log groups."""

    def create_log_group(self, **arguments: Any) -> Any:
        """AWS: CreateLogGroup."""

    def put_retention_policy(self, **arguments: Any) -> Any:
        """AWS: PutRetentionPolicy."""

    def put_subscription_filter(self, **arguments: Any) -> Any:
        """AWS: PutSubscriptionFilter."""


@dataclass(frozen=True, slots=True)
class LogGroups:
    """Log groups of one region; whatever is written to them goes to the recorder too."""

    client: Logs
    recorder_function: str
    """Its ARN."""

    def keep(self, machine: str) -> str:
        """Makes a machine's log group or leaves it as it is; gives its name. Raises PlatformError."""
        name = log_group(machine)
        try:
            self._create(name)
            self.client.put_retention_policy(logGroupName=name, retentionInDays=RETENTION_DAYS)
            self.client.put_subscription_filter(
                logGroupName=name,
                filterName=FILTER,
                # Everything: a pattern would have to be matched against the data of runs.
                filterPattern="",
                destinationArn=self.recorder_function,
            )
        except ClientError as error:
            raise _refused(name, error) from error
        return name

    def _create(self, name: str) -> None:
        try:
            self.client.create_log_group(logGroupName=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise


def open_log_groups(recorder_function: str) -> LogGroups:
    """Log groups in the region of this function."""
    return LogGroups(cast("Logs", boto3.client("logs")), recorder_function)


def logging_of(group_arn: str) -> dict[str, Any]:
    """The logging configuration of a machine that tells all it does, with the data of its runs."""
    return {
        "level": "ALL",
        "includeExecutionData": True,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": f"{group_arn}:*"}}],
    }


def _refused(name: str, error: ClientError) -> PlatformError:
    return PlatformError(
        Problem(
            502,
            "log_group_not_made",
            "Log group not made",
            f"CloudWatch Logs did not take log group '{name}', which the runs' records come from: {error}",
            "What was active before still is. Try again; a log group takes two subscription filters at most, "
            "so remove one if others are there.",
        )
    )
