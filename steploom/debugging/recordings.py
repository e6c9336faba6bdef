"""How a session begins on the history of a run in the account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from layers.runtime.objects import ObjectsError
from layers.runtime.references import BrokenReferenceError
from steploom.debugging.beginning import Wanted, compiled, outside_of
from steploom.definition_file import read
from steploom.large_values import ValuesInMemory
from translator.compiler import Compilation
from translator.debugger import Debugger, DebuggerError
from translator.debugger.recording import Recorded, differences, read_export
from translator.debugger.recording.rebuild import project_of, rebuild
from translator.interpreter import InvalidDefinition
from translator.json_value import JsonValue


class TolerantValues(ValuesInMemory):
    """Values of a recorded run: a reference to what lies in the account stays a reference."""

    def whole(self, value: JsonValue) -> JsonValue:
        """A value with all that it refers to, as far as that is here."""
        try:
            return super().whole(value)
        except (ObjectsError, BrokenReferenceError):
            return value


@dataclass(frozen=True)
class Ground:
    """A recorded run and the machine that ran, if another one than FILE compiles to is given."""

    recorded: Recorded
    deployed: Mapping[str, Any] | None = None


def ground_of(history: Path, definition: Path | None) -> Ground:
    """What the files hold; raises click's error for one that cannot be used."""
    try:
        recorded = Recorded(read_export(_text(history)))
    except DebuggerError as mistake:
        raise click.UsageError(f'"{history}": {mistake.to_text()}') from mistake
    return Ground(recorded, None if definition is None else _machine(definition))


def compiled_for(wanted: Wanted, ground: Ground) -> Compilation:
    """The definition as it was activated: for the run's project, at its own level."""
    return compiled(wanted, project_of(ground.recorded))


def recorded_debugger(wanted: Wanted, ground: Ground, compilation: Compilation) -> Debugger:
    """A session at the end of the recorded run; raises DiagnosticsError, click's error."""
    values = TolerantValues(compilation.manifest.trigger_keep)
    outside = outside_of(wanted.file, values, wanted.test_case(compilation.definition))
    try:
        return rebuild(compilation, ground.recorded, outside, ground.deployed, file_name=str(wanted.file))
    except DebuggerError as mistake:
        raise click.UsageError(mistake.to_text()) from mistake
    except InvalidDefinition as invalid:
        raise click.UsageError(f"the machine given with --definition is none: {invalid}") from invalid


def told(ground: Ground, compilation: Compilation) -> list[str]:
    """What differs between the machine that ran and the one that the definition compiles to now."""
    if ground.deployed is None:
        return []
    found = differences(ground.deployed, compilation.machine)
    return [f"note: {sentence}" for sentence in found] or ["the definition compiles to the machine that ran"]


def _text(path: Path) -> str:
    return read(path)


def _machine(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(_text(path))
        # `--output json` of the AWS CLI gives the definition as a text, or inside the whole answer.
        if isinstance(found, Mapping) and isinstance(found.get("definition"), str):
            found = found["definition"]
        if isinstance(found, str):
            found = json.loads(found)
    except ValueError as error:
        raise click.UsageError(f'"{path}" holds no state machine: {error}') from error
    if not isinstance(found, Mapping) or not isinstance(found.get("States"), Mapping):
        raise click.UsageError(f'"{path}" holds no state machine: there are no "States" in it')
    return found
