"""Turns the topology's grants into the statements of least privilege that IAM reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.topology import Grant, Topology

# AWS, service authorization reference: checked against an execution, the others against a state machine.
_ON_EXECUTIONS: Final = frozenset(
    {
        "states:DescribeExecution",
        "states:GetExecutionHistory",
        "states:ListMapRuns",
        "states:RedriveExecution",
        "states:StopExecution",
    }
)
_ON_MAP_RUNS: Final = frozenset({"states:DescribeMapRun", "states:ListExecutions"})


_PASSED_TO: Final[Mapping[str, str]] = {
    "machine_role": "states.amazonaws.com",
    "scheduler_role": "scheduler.amazonaws.com",
}


class Permissions:
    """Knows what each part of one deployment is called in a policy: `parts` gives its ARN or ARNs."""

    def __init__(self, stack: Stack, topology: Topology, parts: Mapping[str, str | list[str]]) -> None:
        self._stack = stack
        self._topology = topology
        self._parts = parts

    def statements(self, grant: Grant) -> list[iam.PolicyStatement]:
        """The statements of one grant; raises KeyError for a part that the topology does not have."""
        if grant.on == "table":
            return self._on_table(grant.actions)
        if grant.on == "machines":
            return self._on_machines(grant.actions)
        if grant.on == "logs":
            return [iam.PolicyStatement(actions=list(grant.actions), resources=[self.log_groups()])]
        if grant.on == "secrets":
            return [iam.PolicyStatement(actions=list(grant.actions), resources=[self._secrets()])]
        conditions = None
        if grant.on in _PASSED_TO:
            conditions = {"StringEquals": {"iam:PassedToService": _PASSED_TO[grant.on]}}
        on = self._parts[grant.on]
        resources = [on] if isinstance(on, str) else on
        return [iam.PolicyStatement(actions=list(grant.actions), resources=resources, conditions=conditions)]

    def machines(self) -> str:
        """Every state machine of the project, its versions and aliases."""
        return self._states_arn("stateMachine", f"{self._topology.project}-*")

    def log_groups(self) -> str:
        """Every log group of the project's Express machines; raises KeyError if there are to be none."""
        if self._topology.machine_logs is None:
            raise KeyError("logs")
        stack = self._stack
        name = f"{self._topology.machine_logs.prefix}*"
        return f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{name}"

    def _secrets(self) -> str:
        stack = self._stack
        name = f"{self._topology.project}/*"
        return f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{name}"

    def _executions(self) -> str:
        return self._states_arn("execution", f"{self._topology.project}-*")

    def _map_runs(self) -> str:
        return self._states_arn("mapRun", f"{self._topology.project}-*")

    def _states_arn(self, resource: str, name: str) -> str:
        stack = self._stack
        return f"arn:{stack.partition}:states:{stack.region}:{stack.account}:{resource}:{name}"

    def _on_table(self, actions: tuple[str, ...]) -> list[iam.PolicyStatement]:
        table = self._parts["table"]
        assert isinstance(table, str)
        statements = [iam.PolicyStatement(actions=list(actions), resources=[table])]
        if "dynamodb:Query" in actions:
            indexes = iam.PolicyStatement(actions=["dynamodb:Query"], resources=[f"{table}/index/*"])
            statements.append(indexes)
        return statements

    def _on_machines(self, actions: tuple[str, ...]) -> list[iam.PolicyStatement]:
        resources = {self.machines(): frozenset(actions) - _ON_EXECUTIONS - _ON_MAP_RUNS}
        resources |= {self._executions(): _ON_EXECUTIONS, self._map_runs(): _ON_MAP_RUNS}
        found = {arn: [one for one in actions if one in kind] for arn, kind in resources.items()}
        return [iam.PolicyStatement(actions=some, resources=[arn]) for arn, some in found.items() if some]
