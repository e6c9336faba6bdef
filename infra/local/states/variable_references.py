"""Which variables each state of a definition refers to (API reference: DescribeStateMachine)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.expressions.syntax import parse_expression

_IN_PATH: Final = re.compile(r"(?<![\w$.\]])\$([A-Za-z_]\w*)")
_EXPRESSION: Final = re.compile(r"\{%(.*)%\}", re.DOTALL)
_CONTAINERS: Final = ("ItemProcessor", "Iterator")


def variable_references(definition: Mapping[str, Any]) -> dict[str, list[str]]:
    """By state the names of its variables, sorted; states without any are left out."""
    language = str(definition.get("QueryLanguage", "JSONPath"))
    return dict(_of_scope(definition, language))


def _of_scope(scope: Mapping[str, Any], language: str) -> Iterator[tuple[str, list[str]]]:
    for name, state in (scope.get("States") or {}).items():
        own = str(state.get("QueryLanguage", language))
        inner = [*(state.get("Branches") or ()), *(state[part] for part in _CONTAINERS if part in state)]
        outer = {key: value for key, value in state.items() if key not in {"Branches", *_CONTAINERS}}
        found = set(_in_expressions(outer) if own == "JSONata" else _in_paths("", outer))
        if found:
            yield name, sorted(found)
        for part in inner:
            yield from _of_scope(part, language)


def _in_expressions(value: Any) -> Iterator[str]:
    for text in _texts(value):
        written = _EXPRESSION.fullmatch(text.strip())
        if written is not None:
            yield from parse_expression(written[1]).free_names - {"states"}


def _in_paths(field: str, value: Any) -> Iterator[str]:
    """Paths stand in fields that end with `Path` or `.$`, and in `Variable`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _in_paths(name, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_paths("", inner)
    elif isinstance(value, str) and (field == "Variable" or field.endswith(("Path", ".$"))):
        yield from _IN_PATH.findall(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
