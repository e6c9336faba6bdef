"""What a definition may have but hardly means (API reference: ValidateStateMachineDefinitionDiagnostic)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from infra.local.states.definition_walk import Container, containers
from infra.local.states.finding import WARNING, Finding

_PATH: Final = re.compile(r"\$\$?(?:[.\[].*)?", re.DOTALL)
_CALL: Final = re.compile(r"States\.\w+\(.*\)", re.DOTALL)
_TEMPLATES: Final = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
_TEXTS: Final = ("Error", "Cause")
_COMPARED: Final = re.compile(r"(?:String|Timestamp)(?:Equals|LessThan|GreaterThan)(?:Equals)?")


def warnings(definition: Mapping[str, Any]) -> list[Finding]:
    """The warnings of a definition; none where it is nested too deeply to be read."""
    try:
        return [found for container in containers(definition, "") for found in _of(definition, container)]
    except RecursionError:
        return []


def _of(definition: Mapping[str, Any], container: Container) -> Iterator[Finding]:
    for name, state in container.states.items():
        if state.get("QueryLanguage", definition.get("QueryLanguage")) == "JSONata":
            continue
        place = f"{container.place}/States/{name}"
        for field in _TEMPLATES:
            yield from _without_dollar(state.get(field), field, f"{place}/{field}")
        yield from _static_result(state, f"{place}/Result")
        if state.get("Type") == "Fail":
            yield from _without_path(state, _TEXTS, place)
        for index, rule in enumerate(_rules(state.get("Choices"))):
            yield from _without_path_in(rule, f"{place}/Choices[{index}]")


def _rules(choices: Any) -> list[Any]:
    return choices if isinstance(choices, list) else []


def _without_dollar(value: Any, field: str, place: str) -> Iterator[Finding]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not str(name).endswith(".$"):
                yield from _without_dollar(inner, str(name), f"{place}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _without_dollar(inner, field, f"{place}[{index}]")
    elif isinstance(value, str) and (_PATH.fullmatch(value) or _CALL.fullmatch(value)):
        message = f"The value of the field '{field}' is taken as it stands: '{field}.$' would evaluate it"
        yield Finding("NO_DOLLAR", message, place, WARNING)


def _static_result(state: Mapping[str, Any], place: str) -> Iterator[Finding]:
    if state.get("Type") == "Pass" and _looks_dynamic(state.get("Result")):
        message = "The Result of a Pass state is taken as it stands: use Parameters to evaluate paths"
        yield Finding("PASS_RESULT_IS_STATIC", message, place, WARNING)


def _looks_dynamic(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(str(name).endswith(".$") or _looks_dynamic(inner) for name, inner in value.items())
    if isinstance(value, list):
        return any(map(_looks_dynamic, value))
    return isinstance(value, str) and _PATH.fullmatch(value) is not None


def _without_path_in(rule: Any, place: str) -> Iterator[Finding]:
    if not isinstance(rule, Mapping):
        return
    yield from _without_path(rule, [name for name in rule if _COMPARED.fullmatch(str(name))], place)
    for join in ("And", "Or"):
        for index, part in enumerate(_rules(rule.get(join))):
            yield from _without_path_in(part, f"{place}/{join}[{index}]")
    yield from _without_path_in(rule.get("Not"), f"{place}/Not")


def _without_path(fields: Mapping[str, Any], names: Iterable[str], place: str) -> Iterator[Finding]:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and _PATH.fullmatch(value):
            message = f"The value of the field '{name}' looks like a path, which '{name}Path' would follow"
            yield Finding("NO_PATH", message, f"{place}/{name}", WARNING)
