"""ARNs of state machines, versions, aliases and executions (Step Functions developer guide)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from infra.local.names import ACCOUNT, REGION
from infra.local.states.service_error import invalid_arn, wrong_resource

_PREFIX: Final = f"arn:aws:states:{REGION}:{ACCOUNT}"
_MACHINE: Final = re.compile(
    r"arn:aws[\w-]*:states:[\w-]+:\d{12}:stateMachine:(?P<name>[^:]{1,80})(?::(?P<qualifier>[^:]{1,80}))?"
)
_EXECUTION: Final = re.compile(
    r"arn:aws[\w-]*:states:[\w-]+:\d{12}:execution:(?P<machine>[^:/]{1,80})(?:/[^:/]{1,40})?:(?P<name>[^:]{1,80})"
)


_EXPRESS: Final = re.compile(r"arn:aws[\w-]*:states:[\w-]+:\d{12}:express:[^:]{1,121}:[^:]{1,80}:[^:]+")


@dataclass(frozen=True, slots=True)
class MachineReference:
    """A state machine's name, and a version's number or an alias's name if the ARN has one."""

    name: str
    version: int | None = None
    alias: str | None = None

    @property
    def is_qualified(self) -> bool:
        """Whether it names a version or an alias."""
        return self.version is not None or self.alias is not None


def machine_arn(name: str, qualifier: str | int | None = None) -> str:
    """The ARN of a state machine, or of one of its versions or aliases."""
    arn = f"{_PREFIX}:stateMachine:{name}"
    return arn if qualifier is None else f"{arn}:{qualifier}"


def execution_arn(machine: str, name: str) -> str:
    """The ARN of an execution."""
    return f"{_PREFIX}:execution:{machine}:{name}"


def express_arn(machine: str, name: str, identity: str) -> str:
    """The ARN of an execution of an Express machine."""
    return f"{_PREFIX}:express:{machine}:{name}:{identity}"


def parse_machine(arn: str) -> MachineReference:
    """What an ARN names. Raises ServiceError InvalidArn."""
    found = _MACHINE.fullmatch(arn)
    if found is None:
        raise invalid_arn(arn)
    qualifier = found["qualifier"]
    if qualifier is None:
        return MachineReference(found["name"])
    if qualifier.isdecimal():
        return MachineReference(found["name"], version=int(qualifier))
    return MachineReference(found["name"], alias=qualifier)


def check_execution(arn: str) -> str:
    """The ARN itself. Raises ServiceError InvalidArn if it is no execution's."""
    if _EXPRESS.fullmatch(arn) is not None:
        raise wrong_resource("express")
    if _EXECUTION.fullmatch(arn) is None:
        raise invalid_arn(arn)
    return arn
