"""The state machine of the deployment that starts many runs, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from botocore.exceptions import ClientError

from layers.runtime.json_value import JsonObject, write_json
from layers.runtime.settings import Settings

_STATUSES: Mapping[str, str] = {"RUNNING": "running", "SUCCEEDED": "ended"}


class MapStates(Protocol):
    """The part of boto3's `stepfunctions` client that is used."""

    def start_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: StartExecution."""

    def describe_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DescribeExecution."""

    def list_map_runs(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: ListMapRuns."""

    def describe_map_run(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DescribeMapRun."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulk start has come; `refused` items have started nothing and never will."""

    status: str
    """running, ended or failed."""
    total: int = 0
    pending: int = 0
    running: int = 0
    started: int = 0
    refused: int = 0
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class BulkMachine:
    """The machine, and the bucket that its lists lie in."""

    client: MapStates
    arn: str
    bucket: str

    def start(self, bulk: str, given: JsonObject) -> None:
        """Starts the execution of that name; one that is there already is left alone."""
        try:
            self.client.start_execution(stateMachineArn=self.arn, name=bulk, input=write_json(given))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def progress(self, bulk: str) -> Progress:
        """What Step Functions counts; nothing yet of an execution that it does not know."""
        arn = f"{self.arn.replace(':stateMachine:', ':execution:')}:{bulk}"
        try:
            execution = self.client.describe_execution(executionArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
                raise
            return Progress("running")
        counts: Mapping[str, int] = {}
        for run in self.client.list_map_runs(executionArn=arn)["mapRuns"]:
            counts = self.client.describe_map_run(mapRunArn=run["mapRunArn"])["itemCounts"]
        return Progress(
            _STATUSES.get(execution["status"], "failed"),
            counts.get("total", 0),
            counts.get("pending", 0),
            counts.get("running", 0),
            counts.get("succeeded", 0),
            counts.get("failed", 0) + counts.get("timedOut", 0) + counts.get("aborted", 0),
            execution.get("error"),
            execution.get("cause"),
        )


def bulk_machine(client: object, settings: Settings) -> BulkMachine:
    """The deployment's machine, by a client of Step Functions that is open already."""
    return BulkMachine(
        cast("MapStates", client), settings.required("bulk_machine"), settings.required("bucket")
    )
