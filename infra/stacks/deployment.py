"""The one stack of a project: everything that the topology names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack, Tags
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.parts import Firing
from infra.stacks.firing import FiringParts
from infra.stacks.functions import Functions, Sources, logical_name
from infra.stacks.http_api import HttpApi
from infra.stacks.machines import Machines
from infra.stacks.permissions import Permissions
from infra.stacks.queues import Queues
from infra.stacks.workflow import (
    NODE_TASKS,
    CompiledWorkflow,
    LogReader,
    Platform,
    SteploomWorkflow,
    log_delivery,
)
from infra.topology import Bucket, MachineLogs, Rule, Table, Topology

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
        self._bucket = self._make_bucket(topology.bucket)
        self._bus = events.EventBus(self, "Bus", event_bus_name=topology.bus)
        self._functions = Functions(self, "Functions", topology=topology, sources=sources)
        self._queues = Queues(self, "Queues", topology=topology)
        self._queues.give_to(self._functions.by_name)
        self._firing = self._make_firing(topology.firing)
        self._machine_role = self._make_machine_role()
        self._machines = Machines(
            self,
            "Machines",
            topology=topology,
            functions=self._functions.by_name,
            bucket=self._bucket,
        )
        permissions = self._permit_and_configure()
        self._subscribe(topology.machine_logs, permissions)
        for rule in topology.rules:
            self._make_rule(rule)
        node_tasks = {name: self._functions.by_name[name] for name in NODE_TASKS}
        firing = self._firing.placeholders() if self._firing is not None else {}
        platform = Platform(self._machine_role, node_tasks, self._bucket, self._log_reader, firing)
        for workflow in workflows:
            SteploomWorkflow(
                self,
                f"Workflow-{workflow.id}",
                project=topology.project,
                workflow=workflow,
                platform=platform,
            )
        api = HttpApi(self, "Http", topology=topology, functions=self._functions.by_name)
        CfnOutput(self, "Url", value=api.url, description="REST API under /api, webhooks under /webhooks")
        CfnOutput(self, "TableName", value=self._table.table_name)

    def _make_firing(self, firing: Firing | None) -> FiringParts | None:
        if firing is None:
            return None
        return FiringParts(
            self, "Firing", topology=self._topology, firing=firing, bus=self._bus, queues=self._queues
        )

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

    def _make_bucket(self, bucket: Bucket | None) -> s3.Bucket | None:
        """Under a name of CloudFormation's own: names of buckets are shared by all accounts."""
        if bucket is None:
            return None
        return s3.Bucket(
            self,
            "Runs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="runs",
                    prefix=bucket.prefix,
                    expiration=Duration.days(bucket.expire_days),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            # The values belong to run records, which outlive the stack.
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _make_machine_role(self) -> iam.Role:
        """What every state machine of the project runs as: it may call node_task and run one another."""
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
        arns = [self._functions.by_name[name].function_arn for name in NODE_TASKS]
        resources = [each for arn in arns for each in (arn, f"{arn}:*")]
        role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=resources))
        self._let_start_runs(role)
        self._let_keep_objects(role)
        return role

    def _let_keep_objects(self, role: iam.Role) -> None:
        """What distributed Maps need for their items and results (AWS: IAM policies for ResultWriter)."""
        if self._bucket is None or self._topology.bucket is None:
            return
        uploading = ["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject", "s3:PutObject", *uploading],
                resources=[self._bucket.arn_for_objects(f"{self._topology.bucket.prefix}*")],
            )
        )

    def _let_start_runs(self, role: iam.Role) -> None:
        """What waiting for another run needs (AWS: Step Functions, IAM policies of nested workflows)."""
        name = f"{self._topology.project}-*"
        machines = self.format_arn(service="states", resource=f"stateMachine:{name}")
        executions = self.format_arn(service="states", resource=f"execution:{name}")
        rule = self.format_arn(
            service="events",
            resource="rule",
            resource_name="StepFunctionsGetEventsForStepFunctionsExecutionRule",
        )
        for actions, resource in (
            (["states:StartExecution"], machines),
            (["states:DescribeExecution", "states:StopExecution"], executions),
            (["events:PutTargets", "events:PutRule", "events:DescribeRule"], rule),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))

    def _subscribe(self, machine_logs: MachineLogs | None, permissions: Permissions) -> None:
        """Lets Express machines, also those made later, log, and their logs reach the function."""
        self._log_reader: LogReader | None = None
        if machine_logs is None:
            return
        self._machine_role.add_to_policy(log_delivery())
        function = self._functions.by_name[machine_logs.function]
        permission = lambda_.CfnPermission(
            self,
            "MachineLogsPermission",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="logs.amazonaws.com",
            source_arn=permissions.log_groups(),
            source_account=self.account,
        )
        self._log_reader = LogReader(machine_logs, function, permission)

    def _permit_and_configure(self) -> Permissions:
        arns = {f"function:{name}": made.function_arn for name, made in self._functions.by_name.items()}
        arns |= {"table": self._table.table_arn, "bus": self._bus.event_bus_arn}
        arns |= {
            "machine_role": self._machine_role.role_arn,
            **self._queues.parts(),
            **self._machines.parts(),
        }
        if self._bucket is not None and self._topology.bucket is not None:
            arns["objects"] = self._bucket.arn_for_objects(f"{self._topology.bucket.prefix}*")
        firing = self._firing.parts() if self._firing is not None else {}
        permissions = Permissions(self, self._topology, {**arns, **firing})
        values = {**arns, "table": self._table.table_name, "bus": self._bus.event_bus_name}
        values |= {"project": self._topology.project, **self._queues.addresses()}
        values |= self._firing.values() if self._firing is not None else {}
        values["bucket"] = self._bucket.bucket_name if self._bucket is not None else ""
        for function in self._topology.functions:
            made = self._functions.by_name[function.name]
            for grant in function.grants:
                for statement in permissions.statements(grant):
                    made.add_to_role_policy(statement)
            for variable, template in function.environment.items():
                if variable not in _NOT_DEPLOYED:
                    made.add_environment(variable, _filled(template, values))
        return permissions

    def _make_rule(self, rule: Rule) -> None:
        target = self._functions.by_name[rule.function]
        made = events.CfnRule(
            self,
            f"{logical_name(rule.name)}Rule",
            name=rule.name,
            event_bus_name=self._bus.event_bus_name if rule.bus == "platform" else None,
            event_pattern=None if rule.pattern is None else dict(rule.pattern),
            schedule_expression=rule.schedule,
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
