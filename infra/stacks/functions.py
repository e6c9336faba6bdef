"""The Lambda functions of a deployment, each with a role and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.stacks import assets
from infra.topology import Function, Topology


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the code comes from: the project, the built layers by name, and a folder to stage assets in."""

    root: Path
    layers: Mapping[str, Path]
    staging: Path


def logical_name(name: str) -> str:
    """`node_task` as CloudFormation's logical names are written: `NodeTask`."""
    return "".join(word.capitalize() for word in name.replace("-", "_").split("_"))


class Functions(Construct):
    """Every function of the topology, by name, without permissions and environment yet."""

    def __init__(self, scope: Construct, name: str, *, topology: Topology, sources: Sources) -> None:
        super().__init__(scope, name)
        self._project = topology.project
        self._sources = sources
        self._layers = self._make_layers(topology)
        self.by_name = {function.name: self._make(function) for function in topology.functions}

    def _function_name(self, name: str) -> str:
        return f"{self._project}-steploom-{name.replace('_', '-')}"

    def _make_layers(self, topology: Topology) -> dict[str, lambda_.LayerVersion]:
        packages = [package for function in topology.functions for package in function.packages]
        folder = self._sources.staging / "runtime"
        assets.stage(self._sources.root, assets.of_layer(packages), folder / "python")
        folders = {"runtime": folder, **self._sources.layers}
        return {name: self._make_layer(name, path) for name, path in folders.items()}

    def _make_layer(self, name: str, folder: Path) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            f"{logical_name(name)}Layer",
            code=lambda_.Code.from_asset(str(folder)),
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
            compatible_architectures=[lambda_.Architecture.ARM_64],
        )

    def _make(self, function: Function) -> lambda_.Function:
        name = self._function_name(function.name)
        construct = logical_name(function.name)
        log_group = logs.LogGroup(
            self,
            f"{construct}Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        code = assets.stage(
            self._sources.root, assets.of_function(function.packages), self._sources.staging / function.name
        )
        return lambda_.Function(
            self,
            construct,
            function_name=name,
            description=function.description,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=function.handler,
            code=lambda_.Code.from_asset(str(code)),
            layers=self._layers_of(function),
            memory_size=function.memory_mb,
            reserved_concurrent_executions=function.reserved_concurrency,
            timeout=Duration.seconds(function.timeout_seconds),
            role=self._make_role(construct, log_group),
            log_group=log_group,
        )

    def _layers_of(self, function: Function) -> list[lambda_.ILayerVersion]:
        names = ["runtime", "layer"] if function.libraries == "layer" else ["runtime", "layer", "compiler"]
        return [self._layers[name] for name in names]

    def _make_role(self, construct: str, log_group: logs.LogGroup) -> iam.Role:
        role = iam.Role(self, f"{construct}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        # Not the managed basic execution role, which may write every log group of the account.
        log_group.grant_write(role)
        return role
