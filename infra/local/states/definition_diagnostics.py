"""All errors of a definition, where creating a machine stops at the first."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from infra.local.states.json_errors import json_error
from translator.interpreter import InvalidDefinition, StateMachine

_NUMBER: Final = re.compile(r"\[(\d+)\](?=/|$)")
_SCHEMA: Final = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One error; `location` is a path such as /States/Charge, or a place in text that is no JSON."""

    code: str
    message: str
    location: str | None = None

    def to_json(self) -> dict[str, str]:
        """As ValidateStateMachineDefinition tells it."""
        told = {"severity": "ERROR", "code": self.code, "message": self.message}
        return told if self.location is None else {**told, "location": self.location}


def diagnose(text: str, *, express: bool, most: int) -> Iterator[Finding]:
    """The errors of a definition, at most so many.

    After each one the state that it is in gives way to one that only leads on, so that the next is found.
    """
    try:
        definition = json.loads(text)
    except ValueError:
        message, place = json_error(text)
        yield Finding("INVALID_JSON_DESCRIPTION", f"{message}\n at {place}", place)
        return
    if not isinstance(definition, dict):
        yield Finding(_SCHEMA, "Definition must be a valid JSON object")
        return
    missing = [name for name in ("States", "StartAt") if name not in definition]
    if missing:
        yield Finding(_SCHEMA, f"These fields are required: [{', '.join(missing)}]", "/")
        return
    yield from _one_after_the_other(copy.deepcopy(definition), express=express, most=most)


def _one_after_the_other(definition: dict[str, Any], *, express: bool, most: int) -> Iterator[Finding]:
    seen: set[str] = set()
    for _ in range(most):
        try:
            machine = StateMachine.parse(definition)
            if express:
                machine.refuse_for_express()
        except InvalidDefinition as error:
            code, _, message = error.message.partition(": ")
            if error.location in seen:
                return
            yield Finding(code, message, error.location)
            seen.add(error.location)
            if not _replace_state(definition, error.location):
                return
        else:
            return


def _replace_state(definition: dict[str, Any], location: str) -> bool:
    """Whether the innermost state that the location lies in could be replaced."""
    states, name = _innermost(definition, location)
    if states is None or not isinstance(states.get(name), Mapping):
        return False
    old = states[name]
    targets = [target for target in _targets(old) if target in states]
    language = {"QueryLanguage": old["QueryLanguage"]} if "QueryLanguage" in old else {}
    if not targets:
        states[name] = {"Type": "Succeed", **language}
        return True
    jsonata = (old.get("QueryLanguage") or definition.get("QueryLanguage")) == "JSONata"
    test = {"Condition": "{% true %}"} if jsonata else {"Variable": "$", "IsPresent": True}
    choices = [{**test, "Next": target} for target in targets]
    states[name] = {"Type": "Choice", "Choices": choices, "Default": targets[-1], **language}
    return True


def _innermost(definition: Any, location: str) -> tuple[dict[str, Any] | None, str]:
    """The list of states and the state's name; names may have slashes, so the longest name counts."""
    found: tuple[dict[str, Any] | None, str] = (None, "")
    parts = _NUMBER.sub(r"/\1", location).removeprefix("/").split("/")
    here: Any = definition
    place = 0
    while place < len(parts) and isinstance(here, (dict, list)):
        name, used = _member(here, parts[place:])
        if used == 0:
            return found
        if parts[place - 1 : place] == ["States"] and isinstance(here, dict):
            found = (here, name)
        here = here[int(name)] if isinstance(here, list) else here[name]
        place += used
    return found


def _member(here: dict[str, Any] | list[Any], parts: list[str]) -> tuple[str, int]:
    if isinstance(here, list):
        return (parts[0], 1) if parts[0].isdecimal() and int(parts[0]) < len(here) else ("", 0)
    for used in range(len(parts), 0, -1):
        name = "/".join(parts[:used])
        if name in here:
            return name, used
    return "", 0


def _targets(value: Any) -> Iterator[str]:
    """What the state leads to, in any of its rules and catchers, but not within its own states."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in {"Next", "Default"} and isinstance(inner, str):
                yield inner
            elif name not in {"States", "Branches", "ItemProcessor", "Iterator"}:
                yield from _targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)
