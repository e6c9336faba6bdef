"""Publishes state machines: one per workflow, a version per activation, and the alias `live`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

import boto3
from botocore.exceptions import ClientError

from functions.activate.log_groups import LogGroups, logging_of
from layers.runtime.arms import Split
from layers.runtime.errors import PlatformError, Problem
from layers.runtime.step_functions import is_express

ALIAS: Final = "live"


class StateMachines(Protocol):
    """The part of boto3's `stepfunctions` client that makes state machines."""

    def create_state_machine(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: CreateStateMachine."""

    def update_state_machine(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: UpdateStateMachine."""

    def publish_state_machine_version(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: PublishStateMachineVersion."""

    def delete_state_machine_version(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DeleteStateMachineVersion."""

    def create_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: CreateStateMachineAlias."""

    def update_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: UpdateStateMachineAlias."""

    def delete_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DeleteStateMachineAlias."""

    def describe_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DescribeStateMachineAlias."""


@dataclass(frozen=True, slots=True)
class Machines:
    """State machines of one region, all with one role."""

    client: StateMachines
    role_arn: str
    region: str
    log_groups: LogGroups

    def publish(self, name: str, definition: str) -> str:
        """Publishes a version with that ASL, of a new machine or the existing one; gives the version's ARN.

        The name says whether it is an Express machine, which gets a log group first. What runs now is not
        touched: runs are started by the alias. Raises PlatformError.
        """
        arguments: dict[str, Any] = {"definition": definition, "roleArn": self.role_arn, "publish": True}
        kind = "EXPRESS" if is_express(self._arn(name)) else "STANDARD"
        if kind == "EXPRESS":
            group = self._arn(self.log_groups.keep(name), "logs", "log-group")
            arguments["loggingConfiguration"] = logging_of(group)
        try:
            try:
                made = self.client.create_state_machine(name=name, type=kind, **arguments)
            except ClientError as error:
                if _code(error) != "StateMachineAlreadyExists":
                    raise
                made = self.client.update_state_machine(stateMachineArn=self._arn(name), **arguments)
            return self._version_arn(name, made)
        except ClientError as error:
            raise _refused(name, error) from error

    def keep_part(self, name: str, definition: str) -> None:
        """Makes the machine that a part of a workflow runs in; raises PlatformError.

        Its name says what it does, so whatever runs in it now is not changed by making it again.
        """
        arguments = {"definition": definition, "roleArn": self.role_arn}
        try:
            self.client.create_state_machine(name=name, type="STANDARD", **arguments)
        except ClientError as error:
            # The same text with another function's ARN in it: that function has been deployed anew.
            if _code(error) != "StateMachineAlreadyExists":
                raise _refused(name, error) from error
            self._update_part(name, arguments)

    def _update_part(self, name: str, arguments: Mapping[str, Any]) -> None:
        try:
            self.client.update_state_machine(stateMachineArn=self._arn(name), **arguments)
        except ClientError as error:
            raise _refused(name, error) from error

    def point_alias(
        self, version_arn: str, *, only_if_missing: bool = False, split: Split | None = None
    ) -> str:
        """Makes `live` lead to a version, or to both of a split, creating it if need be; gives its ARN."""
        machine_arn = version_arn.rpartition(":")[0]
        alias_arn = f"{machine_arn}:{ALIAS}"
        routing = _routing(version_arn, split)
        try:
            described = self._alias(alias_arn)
            if described is None:
                self.client.create_state_machine_alias(name=ALIAS, routingConfiguration=routing)
            elif not only_if_missing and described["routingConfiguration"] != routing:
                self.client.update_state_machine_alias(
                    stateMachineAliasArn=alias_arn, routingConfiguration=routing
                )
        except ClientError as error:
            raise _refused(machine_arn.rpartition(":")[2], error) from error
        return alias_arn

    def retire_alias(self, name: str) -> None:
        """Removes the alias of a machine that nobody is to start any more; raises PlatformError."""
        try:
            self.client.delete_state_machine_alias(stateMachineAliasArn=f"{self._arn(name)}:{ALIAS}")
        except ClientError as error:
            if _code(error) not in {"ResourceNotFound", "StateMachineDoesNotExist"}:
                raise _refused(name, error) from error

    def delete_version(self, version_arn: str) -> None:
        """Removes a version that nobody is to be started by any more; raises PlatformError."""
        try:
            self.client.delete_state_machine_version(stateMachineVersionArn=version_arn)
        except ClientError as error:
            if _code(error) not in {"ResourceNotFound", "StateMachineDoesNotExist"}:
                raise _refused(version_arn.split(":")[6], error) from error

    def _alias(self, alias_arn: str) -> Mapping[str, Any] | None:
        try:
            return self.client.describe_state_machine_alias(stateMachineAliasArn=alias_arn)
        except ClientError as error:
            if _code(error) in {"ResourceNotFound", "StateMachineDoesNotExist"}:
                return None
            raise

    def _arn(self, name: str, service: str = "states", kind: str = "stateMachine") -> str:
        """An ARN, of a machine if nothing is said; its account is the role's (`arn:aws:iam::1111…`)."""
        _, partition, _, _, account, _ = self.role_arn.split(":", 5)
        return f"arn:{partition}:{service}:{self.region}:{account}:{kind}:{name}"

    def _version_arn(self, name: str, made: Mapping[str, Any]) -> str:
        if made.get("stateMachineVersionArn"):
            return str(made["stateMachineVersionArn"])
        # Creating the same machine again answers as if it had been created now, but publishes nothing.
        published = self.client.publish_state_machine_version(
            stateMachineArn=made.get("stateMachineArn") or self._arn(name)
        )
        return str(published["stateMachineVersionArn"])


def open_machines(role_arn: str, log_groups: LogGroups) -> Machines:
    """State machines in the region of this function, with that role."""
    client = boto3.client("stepfunctions")
    return Machines(cast("StateMachines", client), role_arn, client.meta.region_name, log_groups)


def _routing(version_arn: str, split: Split | None) -> list[dict[str, Any]]:
    if split is None:
        return [{"stateMachineVersionArn": version_arn, "weight": 100}]
    second = split.candidate.machine_version_arn
    return [
        {"stateMachineVersionArn": version_arn, "weight": 100 - split.weight},
        {"stateMachineVersionArn": second, "weight": split.weight},
    ]


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _refused(machine: str, error: ClientError) -> PlatformError:
    return PlatformError(
        Problem(
            502,
            "machine_not_published",
            "State machine not published",
            f"Step Functions did not take state machine '{machine}': {error}",
            "What was active before still is. Try again; if the definition is refused, please report it. "
            "If the log destination is refused: an account takes ten resource policies of CloudWatch Logs a "
            "region, and one of them must let the service write.",
        )
    )
