"""What keeps a definition from being created although each of its states could run.

Rules and texts as the service was found to have them (validate-state-machine-definition, 2026-08).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.local.states.definition_walk import Container, containers, expressions, targets
from infra.local.states.finding import SCHEMA, Finding
from translator.expressions.parsing import ExpressionSyntaxError, parse
from translator.expressions.scoping import bind_names

_TARGET: Final = "MISSING_TRANSITION_TARGET"
_TEXT: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
_BARE: Final = re.compile(r"(?<![\w$.])(?!(?:and|or|in|true|false|null|function)\b)[A-Za-z_`]|\$(?!\w)|[*%]")
"""What may be a field's name, `$` or a wildcard that stands by itself."""
_SIGNS: Final = {"wildcard": "*", "descendant": "**", "parent": "%"}


def broken_rules(definition: Mapping[str, Any]) -> list[Finding]:
    """The errors of a definition beside those for which it cannot be read as a machine."""
    try:
        return list(_broken_rules(definition))
    except RecursionError:
        return [Finding(SCHEMA, "The definition is nested too deeply", "/")]


def _broken_rules(definition: Mapping[str, Any]) -> Iterator[Finding]:
    found = list(containers(definition, ""))
    yield from _languages(found, definition.get("QueryLanguage") == "JSONata")
    yield from _references(definition, found)
    if not any(_ends(state) for container in found for state in container.states.values()):
        yield Finding("MISSING_END_STATE", "Workflow has no terminal state")
        return
    for container in found:
        yield from _unreachable(container)


def _languages(found: list[Container], jsonata: bool) -> Iterator[Finding]:
    for container in found:
        for name, state in container.states.items():
            if jsonata and state.get("QueryLanguage") == "JSONPath":
                message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
                yield Finding(SCHEMA, message, f"{container.place}/States/{name}")


def _references(definition: Mapping[str, Any], found: list[Container]) -> Iterator[Finding]:
    """Names that an expression reads from nothing, each once in a field."""
    whole = definition.get("QueryLanguage")
    for container in found:
        for name, state in container.states.items():
            if state.get("QueryLanguage", whole) != "JSONata":
                continue
            for place, source in expressions(state, f"{container.place}/States/{name}"):
                for read in _read_from_nothing(source):
                    message = f"Reference to '{read}' at the top level is not supported."
                    yield Finding("UNSUPPORTED_JSONATA_EXPRESSION", message, place)


def _read_from_nothing(source: str) -> Iterator[str]:
    # Parsing takes a millisecond, and large machines have thousands of expressions without any such name.
    if _BARE.search(_TEXT.sub('""', source)) is None:
        return
    try:
        nodes = bind_names(parse(source), source).contextless
    except ExpressionSyntaxError:
        return
    names = (
        f"${node.name}" if node.kind == "variable" else _SIGNS.get(node.kind, node.name) for node in nodes
    )
    yield from dict.fromkeys(names)


def _ends(state: Mapping[str, Any]) -> bool:
    return state.get("End") is True or state.get("Type") in {"Succeed", "Fail"}


def _unreachable(container: Container) -> Iterator[Finding]:
    led_to = {target for state in container.states.values() for target in targets(state)}
    for name in container.states:
        if name != container.start and name not in led_to:
            message = f'State "{name}" is not reachable.'
            yield Finding(_TARGET, message, f"{container.place}/States/{name}")
