"""ValidateStateMachineDefinition (Step Functions API reference)."""

from __future__ import annotations

from typing import Any

from infra.local.states.definition_diagnostics import diagnose
from infra.local.states.parameters import Parameters

_MOST = 100


def validate(parameters: Parameters) -> dict[str, Any]:
    """Every error of a definition, at most `maxResults` of them; a 0 there means 100.

    There are no warnings, so `severity` changes nothing.
    """
    limit = parameters.number("maxResults", _MOST, _MOST)
    text = parameters.required("definition")
    found = list(diagnose(text, express=parameters.text("type") == "EXPRESS", most=limit + 1))
    return {
        "result": "FAIL" if found else "OK",
        "diagnostics": [diagnostic.to_json() for diagnostic in found[:limit]],
        "truncated": len(found) > limit,
    }
