"""What the functions ask of AWS Step Functions at run time, and its names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from layers.runtime.history import Event


class StepFunctions(Protocol):
    """The part of boto3's `stepfunctions` client that starts, stops and reads executions."""

    def start_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: StartExecution."""

    def stop_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: StopExecution."""

    def describe_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DescribeExecution."""

    def list_executions(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: ListExecutions."""

    def get_execution_history(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: GetExecutionHistory."""


def machine_name(project: str, workflow: str) -> str:
    """The state machine of a workflow."""
    return f"{project}-{workflow}"


def execution_arn(alias_arn: str, name: str) -> str:
    """The ARN that an execution gets when it is started by an alias under that name."""
    machine_arn = alias_arn.rpartition(":")[0]
    return f"{machine_arn.replace(':stateMachine:', ':execution:', 1)}:{name}"


def all_events(client: StepFunctions, arn: str) -> list[Event]:
    """The whole history of an execution, page by page (at most 25,000 events: AWS quotas)."""
    events: list[Event] = []
    more: dict[str, Any] = {}
    while True:
        page = client.get_execution_history(executionArn=arn, maxResults=1000, **more)
        events += page["events"]
        if not page.get("nextToken"):
            return events
        more = {"nextToken": page["nextToken"]}
