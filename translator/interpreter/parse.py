"""Prepare the states of a scope and check that they hold together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from translator.interpreter.parse_fields import Surroundings
from translator.interpreter.parse_jsonata import JSONATA_PARSERS, Parser
from translator.interpreter.parse_jsonpath import JSONPATH_PARSERS
from translator.interpreter.read import Reader
from translator.interpreter.states import ChoiceState, MapState, ParallelState, Scope, State, TaskState

_MAXIMUM_NAME: Final = 80
_PARSERS: Final[Mapping[str, Mapping[str, Parser]]] = MappingProxyType(
    {"JSONata": JSONATA_PARSERS, "JSONPath": JSONPATH_PARSERS}
)
_ONLY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "JSONata": ("Arguments", "Output", "Items"),
        "JSONPath": (
            *("InputPath", "Parameters", "Result", "ResultSelector", "ResultPath", "OutputPath"),
            *("SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath"),
            *("CausePath", "ItemsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath"),
            "ToleratedFailurePercentagePath",
        ),
    }
)
"""Fields of states that there are in one query language only."""


def parse_scope(reader: Reader, language: str, outer: frozenset[str]) -> Scope:
    """Prepare the states of one scope; `outer` are the variables that enclosing scopes assign."""
    states = reader.object("States")
    if not states.fields:
        raise reader.refuse("States", "States must not be empty")
    start = reader.required_text("StartAt")
    if start not in states:
        raise reader.refuse_target("StartAt", start)
    readers = {name: states.object(name) for name in states.fields}
    assigned = frozenset(name for state in readers.values() for name in _assigned_names(state))
    _refuse_names(readers, outer)
    prepared = {
        name: _parse_state(name, state, language, outer | assigned, frozenset(states.fields))
        for name, state in readers.items()
    }
    return Scope(start, MappingProxyType(prepared))


def _assigned_names(state: Reader) -> set[str]:
    names: set[str] = set()
    for part in (state, *state.objects("Catch"), *state.objects("Choices")):
        assign = part.fields.get("Assign")
        if isinstance(assign, Mapping):
            names.update(name.removesuffix(".$") for name in assign)
    return names


def _refuse_names(readers: Mapping[str, Reader], outer: frozenset[str]) -> None:
    for state in readers.values():
        for name in sorted(_assigned_names(state)):
            if name in outer:
                problem = f"The variable '{name}' is assigned in an outer scope and cannot be assigned here"
                raise state.refuse("Assign", problem)
            if name == "states" or len(name) > _MAXIMUM_NAME or not name.isidentifier():
                raise state.refuse("Assign", f"'{name}' is not a name that a variable can have")


def _parse_state(
    name: str, reader: Reader, language: str, assigned: frozenset[str], targets: frozenset[str]
) -> State:
    if len(name) > _MAXIMUM_NAME:
        raise reader.refuse("", f"The state's name is longer than {_MAXIMUM_NAME} characters")
    own_language = reader.text("QueryLanguage") or language
    parsers = _PARSERS.get(own_language)
    if parsers is None:
        raise reader.refuse("QueryLanguage", f"There is no query language '{own_language}'")
    _refuse_other_language(reader, own_language)
    kind = reader.required_text("Type")
    parse = parsers.get(kind)
    if parse is None:
        raise reader.refuse("Type", f"'{kind}' is not a type of state")
    state = parse(reader, Surroundings(name, kind, language, assigned, parse_scope))
    _check_targets(reader, state, targets)
    return state


def _refuse_other_language(reader: Reader, language: str) -> None:
    for other, fields in _ONLY.items():
        for field in fields if other != language else ():
            if field in reader:
                supported = f"field '{field}' is only supported for the '{other}' QueryLanguage"
                raise reader.refuse("", f"The QueryLanguage is set to '{language}', but {supported}")


def _check_targets(reader: Reader, state: State, targets: frozenset[str]) -> None:
    wanted: list[tuple[str, str]] = [] if state.next is None else [("Next", state.next)]
    if isinstance(state, ChoiceState):
        wanted += [(f"Choices[{index}]/Next", rule.next) for index, rule in enumerate(state.rules)]
        wanted += [] if state.default is None else [("Default", state.default)]
    if isinstance(state, TaskState | ParallelState | MapState):
        wanted += [(f"Catch[{index}]/Next", catcher.next) for index, catcher in enumerate(state.catchers)]
    for field, target in wanted:
        if target not in targets:
            raise reader.refuse_target(field, target)
