"""ValidateStateMachineDefinition (Step Functions API reference)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.states.data import parse_data
from infra.local.states.definition_diagnostics import diagnose
from infra.local.states.definition_warnings import warnings
from infra.local.states.finding import WARNING, Finding
from infra.local.states.json_errors import NotJsonError
from infra.local.states.parameters import Parameters

_MOST = 100


def validate(parameters: Parameters) -> dict[str, Any]:
    """Every error of a definition, and its warnings where the severity asks for them.

    At most `maxResults` of them; a 0 there means 100.
    """
    limit = parameters.number("maxResults", _MOST, _MOST)
    text = parameters.required("definition")
    found = list(diagnose(text, express=parameters.text("type") == "EXPRESS", most=limit + 1))
    failed = bool(found)
    if parameters.text("severity") == WARNING:
        found += _warnings(text)
    return {
        "result": "FAIL" if failed else "OK",
        "diagnostics": [diagnostic.to_json() for diagnostic in found[:limit]],
        "truncated": len(found) > limit,
    }


def _warnings(text: str) -> list[Finding]:
    try:
        definition = parse_data(text)
    except NotJsonError:
        return []
    return warnings(definition) if isinstance(definition, Mapping) else []
