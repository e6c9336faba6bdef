"""The API's operations on state machines (Step Functions API reference)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from infra.local.scheduler import Clock
from infra.local.states.arn import machine_arn, parse_machine
from infra.local.states.included_data import described_definition, includes_data, revision_id
from infra.local.states.machine import Machine, Revision, Version
from infra.local.states.machine_options import DEFAULTS, HasLogGroup, filled, read_options
from infra.local.states.machines import Machines, publish
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import (
    ServiceError,
    invalid_arn,
    no_such_machine,
    validation,
)
from infra.local.states.tag_operations import read_tags, refuse_many

_CHANGING: Final = ("definition", "roleArn", *DEFAULTS)


@dataclass(frozen=True, slots=True)
class MachineOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    machines: Machines
    clock: Clock
    new_id: Callable[[], str]
    has_log_group: HasLogGroup = lambda _name: True

    def create(self, parameters: Parameters) -> dict[str, Any]:
        """CreateStateMachine: the same request again gives the same machine."""
        name = parameters.name("name")
        _refuse_lone_description(parameters)
        wanted = self._wanted(name, parameters)
        with self.machines.locked():
            machine = self._existing(wanted) or wanted
            version = None
            if parameters.flag("publish"):
                machine, version = publish(machine, parameters.text("versionDescription"), self.clock())
            self.machines.keep(machine)
        return {
            "stateMachineArn": machine.arn,
            "creationDate": machine.created_at,
            **_version_arn(machine, version),
        }

    def update(self, parameters: Parameters) -> dict[str, Any]:
        """UpdateStateMachine: executions under way keep the definition that they were started with."""
        arn = _unqualified(parameters)
        _refuse_lone_description(parameters)
        if not parameters.flag("publish") and not any(map(parameters.has, _CHANGING)):
            message = (
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration"
            )
            raise ServiceError("MissingRequiredParameter", f"{message} must be specified")
        with self.machines.locked():
            machine = self._updated(self.machines.get(arn), parameters)
            version = None
            if parameters.flag("publish"):
                machine, version = publish(machine, parameters.text("versionDescription"), self.clock())
            self.machines.keep(machine)
        return {
            "updateDate": machine.revision.updated_at,
            **revision_id(machine, machine.revision),
            **_version_arn(machine, version),
        }

    def delete(self, parameters: Parameters) -> dict[str, Any]:
        """DeleteStateMachine: executions under way go on."""
        self.machines.remove(parse_machine(_unqualified(parameters)).name)
        return {}

    def describe(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeStateMachine, of the latest revision or of a version."""
        arn = parameters.required("stateMachineArn")
        machine = self.machines.get(arn)
        with_data = includes_data(parameters)
        number = parse_machine(arn).version
        if number is None:
            if parse_machine(arn).alias is not None:
                raise no_such_machine(arn)
            return self._description(machine, machine.revision, machine.created_at, with_data=with_data)
        _, version = self.machines.version(arn)
        answer = self._description(machine, version.revision, version.created_at, with_data=with_data)
        answer["stateMachineArn"] = arn
        return {**answer, "description": version.description} if version.description else answer

    def list(self, parameters: Parameters) -> dict[str, Any]:
        """ListStateMachines, by name."""
        machines = [
            {
                "stateMachineArn": machine.arn,
                "name": machine.name,
                "type": machine.kind,
                "creationDate": machine.created_at,
            }
            for machine in self.machines.all()
        ]
        return page("stateMachines", machines, parameters)

    def _wanted(self, name: str, parameters: Parameters) -> Machine:
        kind = parameters.text("type", "STANDARD")
        now = self.clock()
        digest = self.machines.definitions.keep(parameters.required("definition"), express=kind == "EXPRESS")
        options = read_options(parameters, self.has_log_group)
        revision = Revision(digest, _role(parameters), self.new_id(), now, options)
        tags = refuse_many(read_tags(parameters), machine_arn(name))
        return Machine(name, kind, now, revision, tags)

    def _existing(self, wanted: Machine) -> Machine | None:
        found = self.machines.find(wanted.name)
        if found is None:
            return None
        same = (found.kind, found.revision.digest) == (wanted.kind, wanted.revision.digest)
        if not same or filled(found.revision.options) != filled(wanted.revision.options):
            raise ServiceError("StateMachineAlreadyExists", f"State Machine Already Exists: '{found.arn}'")
        return found

    def _updated(self, machine: Machine, parameters: Parameters) -> Machine:
        digest = machine.revision.digest
        if parameters.has("definition"):
            text = parameters.required("definition")
            digest = self.machines.definitions.keep(text, express=machine.kind == "EXPRESS")
        role = _role(parameters) if parameters.has("roleArn") else machine.revision.role_arn
        now = machine.revision
        options = {**filled(now.options), **read_options(parameters, self.has_log_group)}
        if (digest, role, options) == (now.digest, now.role_arn, filled(now.options)):
            # What changes nothing makes no revision (recorded).
            return machine
        return replace(machine, revision=Revision(digest, role, self.new_id(), self.clock(), options))

    def _description(
        self, machine: Machine, revision: Revision, created_at: float, *, with_data: bool
    ) -> dict[str, Any]:
        text = self.machines.definitions.text(revision.digest)
        return {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "status": "ACTIVE",
            "roleArn": revision.role_arn,
            "type": machine.kind,
            "creationDate": created_at,
            **described_definition(machine, revision, text, with_data=with_data),
        }


def _unqualified(parameters: Parameters) -> str:
    arn = parameters.required("stateMachineArn")
    if parse_machine(arn).is_qualified:
        raise invalid_arn(arn)
    return arn


def _role(parameters: Parameters) -> str:
    role = parameters.required("roleArn")
    if not role.startswith("arn:") or role.count(":") < 5:
        raise invalid_arn(role)
    return role


def _refuse_lone_description(parameters: Parameters) -> None:
    if parameters.text("versionDescription") and not parameters.flag("publish"):
        raise validation("Version description can only be set when publish is true")


def _version_arn(machine: Machine, version: Version | None) -> dict[str, str]:
    return {} if version is None else {"stateMachineVersionArn": machine_arn(machine.name, version.number)}
