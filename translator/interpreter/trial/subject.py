"""The state that is to be tested, taken out of its machine or given alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from translator.interpreter.machine import StateMachine
from translator.interpreter.read import Reader
from translator.interpreter.states import Scope, State
from translator.json_value import JsonObject, JsonValue

NAME: Final = "StateName"
"""Recorded: what the service calls the state, also where the machine has a name for it."""
_DEFAULT: Final = "JSONPath"


@dataclass(frozen=True, slots=True)
class Subject:
    """The prepared state in a scope of its own, the fields it was read from, and their query language."""

    scope: Scope
    reader: Reader
    language: str

    @property
    def state(self) -> State:
        """The state itself."""
        return self.scope.states[NAME]

    @property
    def writes_results(self) -> bool:
        """Whether the state is a Map that writes its results elsewhere."""
        return "ResultWriter" in self.reader


def read_subject(definition: JsonObject, name: str | None) -> Subject | None:
    """The state `name` of a machine, at any depth, or without a name the state that the definition is.

    Returns None where the machine has no such state; raises InvalidDefinition.
    """
    if name is None:
        return _alone(definition, _DEFAULT)
    StateMachine.parse(definition)
    found = next((state for key, state in _states(definition) if key == name), None)
    language = definition.get("QueryLanguage")
    return None if found is None else _alone(found, language if isinstance(language, str) else _DEFAULT)


def _alone(fields: JsonObject, outer: str) -> Subject:
    """The state in a machine with nothing else but stand-ins for where it leads."""
    stand_ins: dict[str, JsonValue] = {target: {"Type": "Succeed"} for target in _targets(fields)}
    machine = StateMachine.parse(
        {"QueryLanguage": outer, "StartAt": NAME, "States": {**stand_ins, NAME: fields}}
    )
    language = fields.get("QueryLanguage")
    return Subject(
        machine.scope, Reader(fields, f"/States/{NAME}"), language if isinstance(language, str) else outer
    )


def _targets(fields: JsonObject) -> Iterator[str]:
    parts = [fields]
    for name in ("Choices", "Catch"):
        inner = fields.get(name)
        parts += [part for part in inner if isinstance(part, Mapping)] if isinstance(inner, list) else []
    for part in parts:
        yield from (target for key in ("Next", "Default") if isinstance(target := part.get(key), str))


def _states(scope: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    states = scope.get("States")
    for name, state in states.items() if isinstance(states, Mapping) else ():
        if not isinstance(state, Mapping):
            continue
        yield name, state
        branches = state.get("Branches")
        inner = list(branches) if isinstance(branches, list) else []
        for part in (*inner, state.get("ItemProcessor"), state.get("Iterator")):
            if isinstance(part, Mapping):
                yield from _states(part)
