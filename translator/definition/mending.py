"""Leaves out what does not fit, so that one mistake in the shape does not hide those behind it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from translator.definition.shape_messages import Misfit
from translator.diagnostics.nearest import nearest

_LEANED_ON: Final = (
    *("id", "name", "type", "from", "to", "port", "entry", "parameters"),
    *("nodes", "edges", "triggers", "variables", "error_handlers"),
)
"""Fields that other places rely on: without one of them what is right there would be a mistake, too."""
_FIELD_DEPTH: Final = 3
"""A field of an element of a list: nodes, its index, the field."""


def mended(data: Mapping[str, Any], misfits: Sequence[Misfit]) -> dict[str, Any] | None:
    """The data without the fields that do not fit; None if that would make mistakes of its own.

    Only fields of objects go: no element of a list, so that every pointer still says what it said.
    """
    whole = copy.deepcopy(dict(data))
    for misfit in misfits:
        if not _may_go(misfit):
            return None
        _leave_out(whole, misfit.parts)
    return whole


def _may_go(misfit: Misfit) -> bool:
    if misfit.kind == "missing" or not misfit.parts or not isinstance(misfit.parts[-1], str):
        return False
    if misfit.kind == "extra_forbidden":
        return not nearest(misfit.parts[-1], _LEANED_ON)
    return len(misfit.parts) >= _FIELD_DEPTH and misfit.parts[-1] not in _LEANED_ON


def _leave_out(data: Any, parts: Sequence[str | int]) -> None:
    *path, last = parts
    for part in path:
        if isinstance(data, dict) and part not in data:
            return  # it went with what it stands in
        data = data[part]
    data.pop(last, None)
