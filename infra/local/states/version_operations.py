"""The API's operations on versions and aliases (Step Functions API reference)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from infra.local.scheduler import Clock
from infra.local.states.arn import machine_arn, parse_machine
from infra.local.states.machine import Alias, Machine
from infra.local.states.machines import Machines, publish
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import (
    ServiceError,
    conflict,
    invalid_arn,
    invalid_value,
    no_such_resource,
)


@dataclass(frozen=True, slots=True)
class VersionOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    machines: Machines
    clock: Clock

    def publish(self, parameters: Parameters) -> dict[str, Any]:
        """PublishStateMachineVersion: a revision has one version, however often it is published."""
        arn = parameters.required("stateMachineArn")
        with self.machines.locked():
            machine = self.machines.get(arn)
            wanted = parameters.text("revisionId")
            if wanted and wanted != machine.revision.identity:
                raise conflict(
                    f"The revision '{wanted}' is not the current one of the state machine: '{machine.arn}'"
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
                raise conflict(f"Version to be deleted is referenced by the following aliases: {users}")
            kept = tuple(version for version in machine.versions if version.number != number)
            self.machines.keep(replace(machine, versions=kept))
        return {}

    def create_alias(self, parameters: Parameters) -> dict[str, Any]:
        """CreateStateMachineAlias: the same request again gives the same alias."""
        name = parameters.name("name")
        if name.isdecimal():
            raise invalid_value("name", name, "Member must not be a number")
        with self.machines.locked():
            machine, routes = self._routes(parameters)
            alias = Alias(name, parameters.text("description"), routes, self.clock(), self.clock())
            found = machine.alias(name)
            if found is None:
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
            if parameters.has("routingConfiguration"):
                owner, routes = self._routes(parameters)
                if owner.name != machine.name:
                    raise _bad_routes("of another state machine")
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
        """DeleteStateMachineAlias."""
        with self.machines.locked():
            machine, gone = self._alias(parameters)
            kept = tuple(alias for alias in machine.aliases if alias.name != gone.name)
            self.machines.keep(replace(machine, aliases=kept))
        return {}

    def list_aliases(self, parameters: Parameters) -> dict[str, Any]:
        """ListStateMachineAliases, of a machine or of one of its versions."""
        arn = parameters.required("stateMachineArn")
        machine = self.machines.get(arn)
        number = parse_machine(arn).version
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
        arn = parameters.required("stateMachineAliasArn")
        reference = parse_machine(arn)
        machine = self.machines.find(reference.name)
        alias = machine.alias(reference.alias or "") if machine else None
        if machine is None or alias is None:
            raise no_such_resource(arn)
        return machine, alias

    def _routes(self, parameters: Parameters) -> tuple[Machine, tuple[tuple[int, int], ...]]:
        routes = parameters.items("routingConfiguration")
        if not 1 <= len(routes) <= 2:
            raise _bad_routes("of one or two versions")
        arns = [route.required("stateMachineVersionArn") for route in routes]
        weights = [_weight(route) for route in routes]
        found = [self.machines.version(arn) for arn in arns]
        if len({machine.name for machine, _ in found}) > 1 or len({*arns}) < len(arns):
            raise _bad_routes("of different versions of one state machine")
        if sum(weights) != 100:
            raise _bad_routes("with weights that add up to 100")
        machine = found[0][0]
        return machine, tuple(
            (version.number, weight) for (_, version), weight in zip(found, weights, strict=True)
        )


def _weight(route: Parameters) -> int:
    weight = route.value("weight")
    if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= 100:
        raise invalid_value("routingConfiguration.weight", weight, "Member must be between 0 and 100")
    return weight


def _bad_routes(wanted: str) -> ServiceError:
    return ServiceError("ValidationException", f"A routing configuration is one {wanted}")
