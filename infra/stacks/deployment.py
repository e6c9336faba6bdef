"""The one stack of a project: everything that the topology names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import CfnOutput, RemovalPolicy, Stack, Tags
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.stacks.functions import Functions, Sources, logical_name
from infra.stacks.http_api import HttpApi
from infra.stacks.permissions import Permissions
from infra.stacks.workflow import CompiledWorkflow, SteploomWorkflow, log_delivery
from infra.topology import Rule, Table, Topology

# The development token opens a local cloud and nothing else. Without it the deployed authorizer refuses
# every call of the REST API, until it can check real identities.
_NOT_DEPLOYED: Final = frozenset({"STEPLOOM_DEVELOPMENT_TOKEN"})


class Deployment(Stack):
    """One project in one account and region."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        topology: Topology,
        sources: Sources,
        workflows: Sequence[CompiledWorkflow] = (),
        **options: Any,
    ) -> None:
        super().__init__(scope, name, **options)
        self._topology = topology
        Tags.of(self).add("steploom:project", topology.project)
        self._table = self._make_table(topology.table)
        self._bus = events.EventBus(self, "Bus", event_bus_name=topology.bus)
        self._functions = Functions(self, "Functions", topology=topology, sources=sources)
        self._machine_role = self._make_machine_role()
        self._permit_and_configure()
        if any(workflow.machine_type == "EXPRESS" for workflow in workflows):
            self._machine_role.add_to_policy(log_delivery())
        for rule in topology.rules:
            self._make_rule(rule)
        for workflow in workflows:
            SteploomWorkflow(
                self,
                f"Workflow-{workflow.id}",
                project=topology.project,
                workflow=workflow,
                role=self._machine_role,
                node_task=self._functions.by_name["node_task"],
            )
        api = HttpApi(self, "Http", topology=topology, functions=self._functions.by_name)
        CfnOutput(self, "Url", value=api.url, description="REST API under /api, webhooks under /webhooks")
        CfnOutput(self, "TableName", value=self._table.table_name)

    def _make_table(self, table: Table) -> dynamodb.Table:
        made = dynamodb.Table(
            self,
            "Table",
            table_name=table.name,
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=table.ttl_attribute,
            # Definitions and run records outlive the stack.
            removal_policy=RemovalPolicy.RETAIN,
        )
        for index in table.indexes:
            made.add_global_secondary_index(
                index_name=index.name,
                partition_key=_text(index.partition_key),
                sort_key=_text(index.sort_key),
                projection_type=dynamodb.ProjectionType.ALL,
            )
        return made

    def _make_machine_role(self) -> iam.Role:
        """What every state machine of the project runs as: it may call node_task and nothing else."""
        machines = self.format_arn(service="states", resource=f"stateMachine:{self._topology.project}-*")
        role = iam.Role(
            self,
            "MachineRole",
            description="Runs the project's state machines",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": self.account},
                    "ArnLike": {"aws:SourceArn": machines},
                },
            ),
        )
        node_task = self._functions.by_name["node_task"].function_arn
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[node_task, f"{node_task}:*"])
        )
        return role

    def _permit_and_configure(self) -> None:
        arns = {f"function:{name}": made.function_arn for name, made in self._functions.by_name.items()}
        arns |= {"table": self._table.table_arn, "bus": self._bus.event_bus_arn}
        arns |= {"machine_role": self._machine_role.role_arn}
        permissions = Permissions(self, self._topology, arns)
        values = {**arns, "table": self._table.table_name, "bus": self._bus.event_bus_name}
        values["project"] = self._topology.project
        for function in self._topology.functions:
            made = self._functions.by_name[function.name]
            for grant in function.grants:
                for statement in permissions.statements(grant):
                    made.add_to_role_policy(statement)
            for variable, template in function.environment.items():
                if variable not in _NOT_DEPLOYED:
                    made.add_environment(variable, _filled(template, values))

    def _make_rule(self, rule: Rule) -> None:
        target = self._functions.by_name[rule.function]
        made = events.CfnRule(
            self,
            f"{logical_name(rule.name)}Rule",
            name=rule.name,
            event_bus_name=self._bus.event_bus_name if rule.bus == "platform" else None,
            event_pattern=dict(rule.pattern),
            state="ENABLED",
            targets=[events.CfnRule.TargetProperty(id=rule.function, arn=target.function_arn)],
        )
        lambda_.CfnPermission(
            self,
            f"{logical_name(rule.name)}Permission",
            action="lambda:InvokeFunction",
            function_name=target.function_arn,
            principal="events.amazonaws.com",
            source_arn=made.attr_arn,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _filled(template: str, values: dict[str, str]) -> str:
    """`{part}` replaced by that part's name or ARN; raises KeyError for a part that does not exist."""
    if not (template.startswith("{") and template.endswith("}")):
        return template
    return values[template[1:-1]]
