"""Holds data against the models, and says in the author's own words where it does not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from translator.definition.mending import mended
from translator.definition.model import WorkflowDefinition
from translator.definition.positions import Positions, join_pointer
from translator.definition.shape_messages import Misfit, find_words
from translator.diagnostics.model import Diagnostic
from translator.diagnostics.nearest import nearest


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of the data: the whole `definition`, or the `rest` of it without what does not fit."""

    definition: WorkflowDefinition | None
    rest: WorkflowDefinition | None
    misfits: tuple[Diagnostic, ...]


def fit(data: Mapping[str, Any], positions: Positions) -> Fit:
    """The definition, or every place where the data does not fit the models.

    Types are taken strictly, as in the published JSON Schema: `"10"` is not a number.
    """
    try:
        definition = _validated(data)
    except ValidationError as error:
        found = [_misfit(data, detail) for detail in error.errors(include_url=False)]
        misfits = without_echoes(found)
        return Fit(None, _rest(data, found), tuple(_diagnostic(misfit, positions) for misfit in misfits))
    return Fit(definition, definition, ())


def _validated(data: Mapping[str, Any]) -> WorkflowDefinition:
    return WorkflowDefinition.model_validate_json(json.dumps(data), strict=True)


def _rest(data: Mapping[str, Any], misfits: Sequence[Misfit]) -> WorkflowDefinition | None:
    left = mended(data, misfits)
    if left is None:
        return None
    try:
        return _validated(left)
    except ValidationError:
        return None


def without_echoes(misfits: Sequence[Misfit]) -> list[Misfit]:
    """The misfits that are mistakes of their own.

    A list is called empty when all its elements were refused, and a field missing when it is misspelt.
    """
    unknown = [misfit.parts for misfit in misfits if misfit.kind == "extra_forbidden"]
    return [misfit for misfit in misfits if not _is_echo(misfit, unknown)]


def _is_echo(misfit: Misfit, unknown: Sequence[tuple[str | int, ...]]) -> bool:
    if misfit.kind == "too_short":
        return bool(misfit.value)
    beside = [str(parts[-1]) for parts in unknown if parts[:-1] == misfit.parts[:-1]]
    return misfit.kind == "missing" and any(nearest(name, [misfit.field]) for name in beside)


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


def _diagnostic(misfit: Misfit, positions: Positions) -> Diagnostic:
    finding = find_words(misfit)
    pointer = ""
    for part in misfit.parts:
        pointer = join_pointer(pointer, part)
    if misfit.kind == "union_tag_invalid" and misfit.is_trigger:
        pointer = join_pointer(pointer, "type")
    at_key = misfit.kind == "extra_forbidden" or finding.about_key
    position = positions.key_at(pointer) if at_key else positions.at(pointer)
    return Diagnostic(finding.code, finding.message, finding.hint, position)
