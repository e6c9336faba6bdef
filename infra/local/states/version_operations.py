"""The API's operations on versions and aliases (Step Functions API reference)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from infra.local.scheduler import Clock
from infra.local.states.arn import MachineReference, machine_arn, parse_machine
from infra.local.states.machine import Alias, Machine
from infra.local.states.machines import Machines, publish
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import (
    ServiceError,
    conflict,
    invalid_arn,
    no_reference,
    quota_exceeded,
    validation,
)

_WHOLE: Final = 100
_MOST_ALIASES: Final = 100
"""Of a state machine (AWS: Step Functions quotas)."""


@dataclass(frozen=True, slots=True)
class VersionOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    machines: Machines
    clock: Clock

    def publish(self, parameters: Parameters) -> dict[str, Any]:
        """PublishStateMachineVersion: a revision has one version, however often it is published."""
        arn = parameters.required("stateMachineArn")
        if parse_machine(arn).is_qualified:
            raise invalid_arn(arn)
        with self.machines.locked():
            machine = self.machines.get(arn)
            wanted, current = parameters.text("revisionId"), machine.revision.identity
            if wanted and wanted != current:
                raise conflict(
                    f"Failed to publish the State Machine version for revision {wanted}. "
                    f"The current State Machine revision is {current}."
                )
            machine, version = publish(machine, parameters.text("description"), self.clock())
            self.machines.keep(machine)
        return {
            "creationDate": version.created_at,
            "stateMachineVersionArn": machine_arn(machine.name, version.number),
        }

    def list_versions(self, parameters: Parameters) -> dict[str, Any]:
        """ListStateMachineVersions, newest first."""
        machine = self.machines.get(parameters.required("stateMachineArn"))
        versions = [
            {
                "stateMachineVersionArn": machine_arn(machine.name, version.number),
                "creationDate": version.created_at,
            }
            for version in reversed(machine.versions)
        ]
        return page("stateMachineVersions", versions, parameters)

    def delete_version(self, parameters: Parameters) -> dict[str, Any]:
        """DeleteStateMachineVersion, refused while an alias routes to it."""
        arn = parameters.required("stateMachineVersionArn")
        number = parse_machine(arn).version
        if number is None:
            raise invalid_arn(arn)
        with self.machines.locked():
            machine = self.machines.find(parse_machine(arn).name)
            if machine is None:
                return {}
            users = [alias.name for alias in machine.aliases if number in dict(alias.routes)]
            if users:
                raise conflict(
                    "Version to be deleted must not be referenced by an alias. "
                    f"Current list of aliases referencing this version: [{', '.join(users)}]"
                )
            kept = tuple(version for version in machine.versions if version.number != number)
            self.machines.keep(replace(machine, versions=kept))
        return {}

    def create_alias(self, parameters: Parameters) -> dict[str, Any]:
        """CreateStateMachineAlias: the same request again gives the same alias."""
        name = parameters.required("name")
        with self.machines.locked():
            machine, routes = self._routes(parameters)
            alias = Alias(name, parameters.text("description"), routes, self.clock(), self.clock())
            found = machine.alias(name)
            if found is None:
                if len(machine.aliases) >= _MOST_ALIASES:
                    raise quota_exceeded(f"A state machine has at most {_MOST_ALIASES} aliases")
                self.machines.keep(machine.with_alias(alias))
            elif (found.routes, found.description) == (alias.routes, alias.description):
                alias = found
            else:
                raise conflict(
                    "Failed to create alias because an alias with the same name and a different routing "
                    "configuration already exists."
                )
        return {
            "stateMachineAliasArn": machine_arn(machine.name, name),
            "creationDate": alias.created_at,
        }

    def update_alias(self, parameters: Parameters) -> dict[str, Any]:
        """UpdateStateMachineAlias."""
        with self.machines.locked():
            machine, alias = self._alias(parameters)
            if not (parameters.has("routingConfiguration") or parameters.has("description")):
                raise validation("Either the description or the routingConfiguration must be specified")
            if parameters.has("routingConfiguration"):
                owner, routes = self._routes(parameters)
                if owner.name != machine.name:
                    raise _bad_routes("versions of the alias's own state machine", parameters)
                alias = replace(alias, routes=routes)
            if parameters.has("description"):
                alias = replace(alias, description=parameters.text("description"))
            alias = replace(alias, updated_at=self.clock())
            self.machines.keep(machine.with_alias(alias))
        return {"updateDate": alias.updated_at}

    def describe_alias(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeStateMachineAlias."""
        machine, alias = self._alias(parameters)
        return {
            "stateMachineAliasArn": machine_arn(machine.name, alias.name),
            "name": alias.name,
            "description": alias.description,
            "routingConfiguration": [
                {"stateMachineVersionArn": machine_arn(machine.name, version), "weight": weight}
                for version, weight in alias.routes
            ],
            "creationDate": alias.created_at,
            "updateDate": alias.updated_at,
        }

    def delete_alias(self, parameters: Parameters) -> dict[str, Any]:
        """DeleteStateMachineAlias, also of one that is not there (recorded)."""
        reference = _alias_reference(parameters)
        with self.machines.locked():
            machine = self.machines.find(reference.name)
            if machine is not None:
                kept = tuple(alias for alias in machine.aliases if alias.name != reference.alias)
                self.machines.keep(replace(machine, aliases=kept))
        return {}

    def list_aliases(self, parameters: Parameters) -> dict[str, Any]:
        """ListStateMachineAliases, of a machine or of one of its versions."""
        arn = parameters.required("stateMachineArn")
        machine = self.machines.get(arn)
        number = parse_machine(arn).version
        if parse_machine(arn).alias is not None:
            raise invalid_arn(arn)
        aliases = [
            {
                "stateMachineAliasArn": machine_arn(machine.name, alias.name),
                "creationDate": alias.created_at,
            }
            for alias in machine.aliases
            if number is None or number in dict(alias.routes)
        ]
        return page("stateMachineAliases", aliases, parameters)

    def _alias(self, parameters: Parameters) -> tuple[Machine, Alias]:
        reference = _alias_reference(parameters)
        machine = self.machines.find(reference.name)
        alias = machine.alias(reference.alias or "") if machine else None
        if machine is None or alias is None:
            raise no_reference()
        return machine, alias

    def _routes(self, parameters: Parameters) -> tuple[Machine, tuple[tuple[int, int], ...]]:
        routes = parameters.items("routingConfiguration")
        arns, weights = _arns(parameters), [_weight(route) for route in routes]
        if any(parse_machine(arn).version is None for arn in arns):
            raise _bad_routes("state machine version ARNs", parameters)
        if len({*arns}) < len(arns):
            raise _bad_routes("distinct state machine version ARNs", parameters)
        if sum(weights) != _WHOLE:
            raise validation(f"Sum of routing configuration weights must equal {_WHOLE}. Received: {weights}")
        found = [self.machines.version(arn) for arn in arns]
        if len({machine.name for machine, _ in found}) > 1:
            raise _bad_routes("versions of one state machine", parameters)
        machine = found[0][0]
        return machine, tuple(
            (version.number, weight) for (_, version), weight in zip(found, weights, strict=True)
        )


def _alias_reference(parameters: Parameters) -> MachineReference:
    arn = parameters.required("stateMachineAliasArn")
    reference = parse_machine(arn)
    if reference.alias is None:
        raise invalid_arn(arn)
    return reference


def _arns(parameters: Parameters) -> list[str]:
    return [route.required("stateMachineVersionArn") for route in parameters.items("routingConfiguration")]


def _weight(route: Parameters) -> int:
    weight = route.value("weight")
    return weight if isinstance(weight, int) else 0


def _bad_routes(wanted: str, parameters: Parameters) -> ServiceError:
    received = ", ".join(_arns(parameters))
    return validation(f"Routing configuration must contain {wanted}. Received: [{received}]")
