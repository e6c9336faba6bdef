"""All errors of a definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.local.states.data import parse_data
from infra.local.states.definition_rules import broken_rules
from infra.local.states.definition_walk import targets as leads_to
from infra.local.states.finding import SCHEMA, Finding
from infra.local.states.json_errors import NotJsonError
from translator.interpreter import InvalidDefinition, StateMachine

_NUMBER: Final = re.compile(r"\[(\d+)\](?=/|$)")


def diagnose(text: str, *, express: bool, most: int) -> Iterator[Finding]:
    """The errors of a definition; at most so many of those for which it cannot be read as a machine.

    After each of these the state in it gives way to one that only leads on, so that the next is found.
    """
    try:
        definition = parse_data(text)
    except NotJsonError as error:
        yield Finding("INVALID_JSON_DESCRIPTION", f"{error}\n at {error.place}", error.place)
        return
    if not isinstance(definition, dict):
        yield Finding(SCHEMA, "Definition must be a valid JSON object")
        return
    missing = [name for name in ("States", "StartAt") if name not in definition]
    if missing:
        yield Finding(SCHEMA, f"These fields are required: [{', '.join(missing)}]", "/")
        return
    told: set[str | None] = set()
    for finding in _one_after_the_other(parse_data(text), express=express, most=most):
        told.add(finding.location)
        yield finding
    yield from (finding for finding in broken_rules(definition) if finding.location not in told)


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
    targets = [target for target in leads_to(old) if target in states]
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
