"""Holds data against the models, and says in the author's own words where it does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from translator.definition import shape_messages as messages
from translator.definition.model import WorkflowDefinition
from translator.definition.positions import Positions, join_pointer
from translator.definition.shape_messages import Misfit
from translator.diagnostics.model import Diagnostic


def fit(data: Mapping[str, Any], positions: Positions) -> tuple[WorkflowDefinition | None, list[Diagnostic]]:
    """The definition, or every place where the data does not fit the models.

    Types are taken strictly, as in the published JSON Schema: `"10"` is not a number.
    """
    try:
        return WorkflowDefinition.model_validate_json(json.dumps(data), strict=True), []
    except ValidationError as error:
        found = (_misfit(data, detail) for detail in error.errors(include_url=False))
        return None, [_diagnostic(misfit, positions) for misfit in found if not _is_echo(misfit)]


def _is_echo(misfit: Misfit) -> bool:
    """Whether a list is called empty only because all its elements were refused already."""
    return misfit.kind == "too_short" and bool(misfit.value)


def _misfit(data: Mapping[str, Any], detail: Any) -> Misfit:
    parts = _parts(data, detail["loc"], detail["type"])
    return Misfit(detail["type"], detail.get("ctx") or {}, detail["input"], tuple(parts), data)


def _parts(data: Any, location: Sequence[str | int], kind: str) -> list[str | int]:
    """The path through the data: pydantic's own also names the form that it tried in a union."""
    parts: list[str | int] = []
    current = data
    for number, part in enumerate(location):
        is_tag = number == 2 and location[0] == "triggers" and isinstance(location[1], int)
        if is_tag and kind not in {"union_tag_invalid", "union_tag_not_found"}:
            continue
        if _has(current, part):
            current = current[part]
            parts.append(part)
        elif kind == "missing" and number == len(location) - 1:
            parts.append(part)
    return parts


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, Mapping) and part in value


_BUILDERS: Final[Mapping[str, Callable[[Misfit], messages.Finding]]] = {
    "extra_forbidden": messages.unknown_field,
    "missing": messages.missing_field,
    "literal_error": messages.not_a_choice,
    "union_tag_invalid": messages.no_form,
    "union_tag_not_found": messages.no_form,
    "string_pattern_mismatch": messages.pattern,
    "greater_than_equal": messages.out_of_range,
    "less_than_equal": messages.out_of_range,
    "too_short": messages.length,
    "string_too_short": messages.length,
    "string_too_long": messages.length,
}


def _diagnostic(misfit: Misfit, positions: Positions) -> Diagnostic:
    finding = _BUILDERS.get(misfit.kind, messages.wrong_type)(misfit)
    pointer = ""
    for part in misfit.parts:
        pointer = join_pointer(pointer, part)
    at_key = misfit.kind == "extra_forbidden" or finding.about_key
    position = positions.key_at(pointer) if at_key else positions.at(pointer)
    return Diagnostic(finding.code, finding.message, finding.hint, position)
