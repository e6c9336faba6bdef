"""The state machines that belong to the deployment itself."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.parts import Machine
from infra.topology import Topology


class Machines(Construct):
    """Every machine of the topology, each with a role of its own."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        topology: Topology,
        functions: Mapping[str, lambda_.Function],
        bucket: s3.Bucket | None,
    ) -> None:
        super().__init__(scope, name)
        self._topology = topology
        self._bucket = bucket
        for machine in topology.machines:
            self._make(machine, {one: functions[one].function_arn for one in machine.functions})

    def parts(self) -> dict[str, str]:
        """The ARN of each, under the name that grants and environments use."""
        return {
            f"machine:{machine.name}": self._arn("stateMachine", machine)
            for machine in self._topology.machines
        }

    def _make(self, machine: Machine, functions: Mapping[str, str]) -> None:
        text = json.dumps(machine.definition)
        for name in functions:
            text = text.replace(f"{{function:{name}}}", f"${{{_title(name)}}}")
        role = self._make_role(machine, list(functions.values()))
        made = stepfunctions.CfnStateMachine(
            self,
            _title(machine.name),
            state_machine_name=machine.named(self._topology.project),
            state_machine_type="STANDARD",
            role_arn=role.role_arn,
            definition_string=text,
            definition_substitutions={_title(name): arn for name, arn in functions.items()},
        )
        made.node.add_dependency(role)

    def _make_role(self, machine: Machine, functions: list[str]) -> iam.Role:
        """What a distributed Map needs (AWS: IAM policies for using Distributed Map states)."""
        arn = self._arn("stateMachine", machine)
        role = iam.Role(
            self,
            f"{_title(machine.name)}Role",
            description=f"Runs the deployment's machine {machine.name}",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
                    "ArnLike": {"aws:SourceArn": arn},
                },
            ),
        )
        executions = [f"{self._arn('execution', machine)}:*", f"{self._arn('execution', machine)}/*"]
        rights = {
            ("lambda:InvokeFunction",): functions,
            ("states:StartExecution",): [arn],
            ("states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"): executions,
        }
        if self._bucket is not None and self._topology.bucket is not None:
            uploading = ("s3:ListMultipartUploadParts", "s3:AbortMultipartUpload")
            objects = self._bucket.arn_for_objects(f"{self._topology.bucket.prefix}*")
            rights["s3:GetObject", "s3:PutObject", *uploading] = [objects]
        for actions, resources in rights.items():
            role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=resources))
        return role

    def _arn(self, resource: str, machine: Machine) -> str:
        return Stack.of(self).format_arn(
            service="states",
            resource=resource,
            resource_name=machine.named(self._topology.project),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
