"""What the functions ask of AWS Step Functions at run time, and its names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from layers.runtime.history import Event

LOG_PREFIX: Final = "/aws/vendedlogs/states/"
"""Under it the service's resource policy for logs does not grow with every machine (AWS: Logging)."""
_EXPRESS_ENDING: Final = "_express"
"""Of machines' names: no workflow's id has an underscore, and a machine's type can never change (AWS)."""

PAUSED: Final = "Steploom.Paused"
"""The error of an execution that somebody paused; nothing catches it (docs/semantics.md: reserved errors)."""


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


class RedrivingStepFunctions(Protocol):
    """The part of boto3's `stepfunctions` client that lets a failed execution go on."""

    def redrive_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: RedriveExecution."""


class SynchronousStepFunctions(Protocol):
    """The part of boto3's `stepfunctions` client that runs an Express machine to its end."""

    def start_sync_execution(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: StartSyncExecution."""


def machine_name(project: str, workflow: str, *, express: bool = False) -> str:
    """The state machine of a workflow; a workflow that has been both types has two."""
    return f"{project}-{workflow}{_EXPRESS_ENDING if express else ''}"


def workflow_of_machine(project: str, name: str) -> str | None:
    """The workflow that a state machine belongs to; None if its name is none of the project's."""
    prefix = machine_name(project, "")
    return name.removeprefix(prefix).removesuffix(_EXPRESS_ENDING) if name.startswith(prefix) else None


def log_group(machine: str) -> str:
    """The name of an Express machine's log group."""
    return f"{LOG_PREFIX}{machine}"


def is_express(arn: str) -> bool:
    """Whether the ARN of a project's machine, version, alias or execution is of an Express machine."""
    kind, name = arn.split(":")[5:7]
    return kind == "express" or name.endswith(_EXPRESS_ENDING)


def execution_arn(alias_arn: str, name: str) -> str:
    """The ARN that an execution gets when it is started by an alias under that name.

    That of an Express execution has one more part, which only StartExecution's answer tells.
    """
    machine_arn = alias_arn.rpartition(":")[0]
    kind = "express" if is_express(machine_arn) else "execution"
    return f"{machine_arn.replace(':stateMachine:', f':{kind}:', 1)}:{name}"


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
