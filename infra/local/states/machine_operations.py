"""The API's operations on state machines and tags (Step Functions API reference)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from infra.local.scheduler import Clock
from infra.local.states.arn import machine_arn, parse_machine
from infra.local.states.definitions import parse
from infra.local.states.machine import Machine, Revision, Version
from infra.local.states.machines import Machines, publish
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import (
    ServiceError,
    invalid_arn,
    invalid_value,
    no_such_machine,
    no_such_resource,
)

_OPTIONS: Final = ("loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
_KINDS: Final = ("STANDARD", "EXPRESS")


@dataclass(frozen=True, slots=True)
class MachineOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    machines: Machines
    clock: Clock
    new_id: Callable[[], str]

    def create(self, parameters: Parameters) -> dict[str, Any]:
        """CreateStateMachine: the same request again gives the same machine."""
        name = parameters.name("name")
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
        if not any(map(parameters.has, ("definition", "roleArn", *_OPTIONS))):
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
            "revisionId": machine.revision.identity,
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
        number = parse_machine(arn).version
        if number is None:
            if parse_machine(arn).alias is not None:
                raise no_such_machine(arn)
            return self._description(machine, machine.revision, machine.created_at)
        _, version = self.machines.version(arn)
        answer = self._description(machine, version.revision, version.created_at)
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

    def validate(self, parameters: Parameters) -> dict[str, Any]:
        """ValidateStateMachineDefinition: the interpreter's own checks."""
        try:
            parse(parameters.required("definition"), express=parameters.text("type") == "EXPRESS")
        except ServiceError as error:
            if error.code != "InvalidDefinition":
                raise
            diagnostic = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": error.message}
            return {"result": "FAIL", "diagnostics": [diagnostic], "truncated": False}
        return {"result": "OK", "diagnostics": [], "truncated": False}

    def tag(self, parameters: Parameters) -> dict[str, Any]:
        """TagResource, of a state machine."""
        new = dict(_tags(parameters))
        self._change_tags(parameters, lambda tags: {**tags, **new})
        return {}

    def untag(self, parameters: Parameters) -> dict[str, Any]:
        """UntagResource, of a state machine."""
        keys = parameters.value("tagKeys")
        gone = set(map(str, keys)) if isinstance(keys, list) else set()
        self._change_tags(parameters, lambda tags: {key: tags[key] for key in tags if key not in gone})
        return {}

    def list_tags(self, parameters: Parameters) -> dict[str, Any]:
        """ListTagsForResource, of a state machine."""
        machine = self._tagged(parameters)
        return {"tags": [{"key": key, "value": value} for key, value in machine.tags]}

    def _change_tags(
        self, parameters: Parameters, change: Callable[[dict[str, str]], dict[str, str]]
    ) -> None:
        with self.machines.locked():
            machine = self._tagged(parameters)
            self.machines.keep(replace(machine, tags=tuple(change(dict(machine.tags)).items())))

    def _tagged(self, parameters: Parameters) -> Machine:
        arn = parameters.required("resourceArn")
        machine = self.machines.find(parse_machine(arn).name)
        if machine is None:
            raise no_such_resource(arn)
        return machine

    def _wanted(self, name: str, parameters: Parameters) -> Machine:
        kind = parameters.text("type", "STANDARD")
        if kind not in _KINDS:
            raise invalid_value("type", kind, f"Member must satisfy enum value set: {list(_KINDS)}")
        now = self.clock()
        digest = self.machines.definitions.keep(parameters.required("definition"), express=kind == "EXPRESS")
        revision = Revision(digest, _role(parameters), self.new_id(), now)
        options = {option: parameters.value(option) for option in _OPTIONS if parameters.has(option)}
        return Machine(name, kind, now, revision, options, _tags(parameters))

    def _existing(self, wanted: Machine) -> Machine | None:
        found = self.machines.find(wanted.name)
        if found is None:
            return None
        same = (found.kind, found.revision.digest, found.options) == (
            wanted.kind,
            wanted.revision.digest,
            wanted.options,
        )
        if not same:
            raise ServiceError("StateMachineAlreadyExists", f"State Machine Already Exists: '{found.arn}'")
        return found

    def _updated(self, machine: Machine, parameters: Parameters) -> Machine:
        digest = machine.revision.digest
        if parameters.has("definition"):
            text = parameters.required("definition")
            digest = self.machines.definitions.keep(text, express=machine.kind == "EXPRESS")
        role = _role(parameters) if parameters.has("roleArn") else machine.revision.role_arn
        options = {option: parameters.value(option) for option in _OPTIONS if parameters.has(option)}
        revision = Revision(digest, role, self.new_id(), self.clock())
        return replace(machine, revision=revision, options={**machine.options, **options})

    def _description(self, machine: Machine, revision: Revision, created_at: float) -> dict[str, Any]:
        answer = {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "status": "ACTIVE",
            "definition": self.machines.definitions.text(revision.digest),
            "roleArn": revision.role_arn,
            "type": machine.kind,
            "creationDate": created_at,
            "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
            "tracingConfiguration": {"enabled": False},
            **machine.options,
        }
        changed = revision.updated_at != machine.created_at
        return {**answer, "revisionId": revision.identity} if changed else answer


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


def _tags(parameters: Parameters) -> tuple[tuple[str, str], ...]:
    return tuple((tag.required("key"), tag.text("value")) for tag in parameters.items("tags"))


def _version_arn(machine: Machine, version: Version | None) -> dict[str, str]:
    return {} if version is None else {"stateMachineVersionArn": machine_arn(machine.name, version.number)}
