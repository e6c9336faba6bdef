"""All state machines, each in a file of its own that is replaced whole with every change."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Final

from infra.local.files import file_stem, write_whole
from infra.local.states.arn import parse_machine
from infra.local.states.definitions import Definitions
from infra.local.states.machine import Machine, Version
from infra.local.states.service_error import no_such_machine, quota_exceeded

_MOST_VERSIONS: Final = 1000
"""Of a state machine (AWS: Step Functions quotas)."""


class Machines:
    """Machines by name; every change goes through `change`, one at a time."""

    def __init__(self, folder: Path, definitions: Definitions) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.definitions = definitions
        self._lock = threading.RLock()
        self._machines = {machine.name: machine for machine in map(_read, sorted(folder.glob("*.json")))}

    def all(self) -> list[Machine]:
        """Every machine, by name."""
        with self._lock:
            return [self._machines[name] for name in sorted(self._machines)]

    def find(self, name: str) -> Machine | None:
        """The machine of a name."""
        return self._machines.get(name)

    def get(self, arn: str) -> Machine:
        """The machine that an ARN names, whatever its qualifier. Raises StateMachineDoesNotExist."""
        machine = self._machines.get(parse_machine(arn).name)
        if machine is None:
            raise no_such_machine(arn)
        return machine

    def version(self, arn: str) -> tuple[Machine, Version]:
        """The version that an ARN names. Raises StateMachineDoesNotExist."""
        number = parse_machine(arn).version
        machine = self.get(arn)
        version = None if number is None else machine.version(number)
        if version is None:
            raise no_such_machine(arn)
        return machine, version

    def locked(self) -> AbstractContextManager[bool]:
        """Nothing else changes a machine meanwhile."""
        return self._lock

    def keep(self, machine: Machine) -> Machine:
        """Write a machine, new or changed."""
        with self._lock:
            write_whole(self._path(machine.name), json.dumps(machine.to_json()).encode())
            self._machines[machine.name] = machine
            return machine

    def change(self, arn: str, change: Callable[[Machine], Machine]) -> Machine:
        """Replace a machine by what the function makes of it. Raises StateMachineDoesNotExist."""
        with self._lock:
            return self.keep(change(self.get(arn)))

    def remove(self, name: str) -> None:
        """Forget a machine with its versions and aliases; its executions stay."""
        with self._lock:
            self._path(name).unlink(missing_ok=True)
            self._machines.pop(name, None)

    def _path(self, name: str) -> Path:
        return self._folder / f"{file_stem(name)}.json"


def publish(machine: Machine, description: str, now: float) -> tuple[Machine, Version]:
    """The machine with its revision published; a revision that is published already keeps its version.

    Raises ServiceError ServiceQuotaExceededException.
    """
    latest = machine.versions[-1] if machine.versions else None
    if latest is not None and latest.revision.identity == machine.revision.identity:
        return machine, latest
    if len(machine.versions) >= _MOST_VERSIONS:
        raise quota_exceeded(f"A state machine has at most {_MOST_VERSIONS} versions")
    version = Version(machine.next_version, machine.revision, description, now)
    published = replace(machine, versions=(*machine.versions, version), next_version=version.number + 1)
    return published, version


def _read(path: Path) -> Machine:
    return Machine.from_json(json.loads(path.read_bytes()))
