"""A compiled workflow as a state machine with a version and the alias that runs are started by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

ALIAS: Final = "live"
NODE_TASK: Final = "NodeTaskFunction"
"""The placeholder `${NodeTaskFunction}` that the compiler leaves where the function's ARN belongs."""


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """What the compiler made of one definition: its id and the text of its state machine."""

    id: str
    sent_text: str


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
        role: iam.IRole,
        node_task: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, name)
        machine = stepfunctions.CfnStateMachine(
            self,
            "Machine",
            state_machine_name=f"{project}-{workflow.id}",
            state_machine_type="STANDARD",
            role_arn=role.role_arn,
            definition_string=workflow.sent_text,
            definition_substitutions={NODE_TASK: node_task.function_arn},
        )
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
