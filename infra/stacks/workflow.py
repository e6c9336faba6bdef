"""A compiled workflow as a state machine with a version and the alias that runs are started by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.stacks.fired_by import FiredBy
from infra.topology import MachineLogs
from layers.runtime import step_functions as names

ALIAS: Final = "live"
NODE_TASKS: Final = MappingProxyType(
    {
        "node_task": "NodeTaskFunction",
        "node_task_medium": "NodeTaskMediumFunction",
        "node_task_large": "NodeTaskLargeFunction",
    }
)
"""By function the placeholders, as in `${NodeTaskFunction}`, that the compiler leaves for the ARNs."""

BUCKET: Final = "RunsBucket"
"""The same of the bucket's name."""


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """What the compiler made of one definition: its id and the text of its state machine."""

    id: str
    sent_text: str
    machine_type: Literal["STANDARD", "EXPRESS"] = "STANDARD"
    parts: Mapping[str, str] = field(default_factory=dict)
    """By name the texts of machines that parts of the workflow run in."""
    fired_by: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By name the CloudFormation resources that fire its triggers, with placeholders."""


@dataclass(frozen=True, slots=True)
class LogReader:
    """The function that reads the logs of Express machines."""

    logs: MachineLogs
    function: lambda_.IFunction
    permission: lambda_.CfnPermission
    """That CloudWatch Logs may call it, without which no log can be subscribed to."""


def log_delivery() -> iam.PolicyStatement:
    """What the role of a machine with a log group needs; these actions know no resources (AWS: logging)."""
    deliveries = ("Create", "Get", "Update", "Delete", "List")
    actions = [f"logs:{verb}LogDeliver{'ies' if verb == 'List' else 'y'}" for verb in deliveries]
    actions += ["logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"]
    return iam.PolicyStatement(actions=actions, resources=["*"])


@dataclass(frozen=True, slots=True)
class Platform:
    """What the machines of workflows work with; `log_reader` gets the log records of Express runs."""

    role: iam.IRole
    node_tasks: Mapping[str, lambda_.IFunction]
    """By name in the topology the functions that do the nodes' work."""
    bucket: s3.IBucket | None = None
    log_reader: LogReader | None = None
    firing: Mapping[str, str] = field(default_factory=dict)
    """By placeholder in what fires workflows this stack's part."""


class SteploomWorkflow(Construct):
    """State machine `{project}-{workflow}`; deploying a change publishes a version and moves the alias.

    Versions are kept, so that runs under way and starts by version outlive the change.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        project: str,
        workflow: CompiledWorkflow,
        platform: Platform,
    ) -> None:
        super().__init__(scope, name)
        role = platform.role
        self._names = {
            NODE_TASKS[name]: function.function_arn for name, function in platform.node_tasks.items()
        }
        if platform.bucket is not None:
            self._names[BUCKET] = platform.bucket.bucket_name
        express = workflow.machine_type == "EXPRESS"
        machine_name = names.machine_name(project, workflow.id, express=express)
        machine = stepfunctions.CfnStateMachine(
            self,
            "ExpressMachine" if express else "Machine",
            state_machine_name=machine_name,
            state_machine_type=workflow.machine_type,
            logging_configuration=self._logging(machine_name, platform.log_reader) if express else None,
            role_arn=role.role_arn,
            definition_string=workflow.sent_text,
            definition_substitutions=self._substitutions(workflow.sent_text),
        )
        for part, text in workflow.parts.items():
            machine.node.add_dependency(self._part(part, text, role))
        # Creating a machine fails while its role may not do what the definition asks for.
        machine.node.add_dependency(role)
        version = stepfunctions.CfnStateMachineVersion(
            self,
            "Version",
            state_machine_arn=machine.attr_arn,
            # Another revision is another version: CloudFormation makes a new one and keeps the old.
            state_machine_revision_id=machine.attr_state_machine_revision_id,
        )
        version.apply_removal_policy(RemovalPolicy.RETAIN)
        alias = stepfunctions.CfnStateMachineAlias(
            self,
            "Alias",
            name=ALIAS,
            routing_configuration=[
                stepfunctions.CfnStateMachineAlias.RoutingConfigurationVersionProperty(
                    state_machine_version_arn=version.attr_arn, weight=100
                )
            ],
        )
        self.alias_arn = alias.attr_arn
        FiredBy(
            self, "FiredBy", resources=workflow.fired_by, parts={**platform.firing, "Alias": alias.attr_arn}
        )

    def _substitutions(self, text: str) -> dict[str, str]:
        """Of the placeholders those that the definition has."""
        return {name: value for name, value in self._names.items() if f"${{{name}}}" in text}

    def _part(self, name: str, text: str, role: iam.IRole) -> stepfunctions.CfnStateMachine:
        """The machine of a part; kept when the workflow changes, because runs under way may need it."""
        part = stepfunctions.CfnStateMachine(
            self,
            name,
            state_machine_name=name,
            state_machine_type="STANDARD",
            role_arn=role.role_arn,
            definition_string=text,
            definition_substitutions=self._substitutions(text),
        )
        part.node.add_dependency(role)
        part.apply_removal_policy(RemovalPolicy.RETAIN)
        return part

    def _logging(
        self, machine_name: str, log_reader: LogReader | None
    ) -> stepfunctions.CfnStateMachine.LoggingConfigurationProperty:
        """An Express run leaves its history nowhere else than in its log group (AWS: Express logging)."""
        group = logs.LogGroup(
            self,
            "Log",
            log_group_name=names.log_group(machine_name),
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        if log_reader is not None:
            subscription = logs.CfnSubscriptionFilter(
                self,
                "LogSubscription",
                log_group_name=group.log_group_name,
                filter_name=log_reader.logs.filter,
                filter_pattern="",
                destination_arn=log_reader.function.function_arn,
            )
            subscription.node.add_dependency(log_reader.permission)
        kind = stepfunctions.CfnStateMachine
        return kind.LoggingConfigurationProperty(
            destinations=[
                kind.LogDestinationProperty(
                    cloud_watch_logs_log_group=kind.CloudWatchLogsLogGroupProperty(
                        log_group_arn=group.log_group_arn
                    )
                )
            ],
            include_execution_data=True,
            level="ALL",
        )
