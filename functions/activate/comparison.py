"""Tells what one version of a workflow does otherwise than another."""

from __future__ import annotations

from typing import cast

from functions.activate.activation import Activator
from functions.activate.compilation import compile_whole
from layers.runtime.json_value import JsonValue
from layers.runtime.problems import workflow_not_found
from layers.runtime.store.versions import find_definition
from layers.runtime.store.workflows import find_draft
from layers.runtime.version_problems import version_not_found
from translator.compiler import Compilation
from translator.difference.breaking import breaking_changes
from translator.difference.parts import changes
from translator.difference.states import state_changes

DRAFT = "draft"
_SIGNS = {"+": "added", "-": "removed", "~": "changed"}


def compare(activator: Activator, workflow: str, old: str, new: str) -> dict[str, JsonValue]:
    """The difference of two versions, each a number or `draft`; raises RequestError 404 or 422."""
    before, after = (_compiled(activator, workflow, name) for name in (old, new))
    return {
        "workflow": workflow,
        "old": old,
        "new": new,
        "changes": [
            {"change": _SIGNS[one.sign], "kind": one.kind, "name": one.name, "details": list(one.details)}
            for one in changes(before.definition, after.definition)
        ],
        "states": [
            {"change": _SIGNS[one.sign], "name": one.name, "node": one.node, "fields": list(one.fields)}
            for one in state_changes(before, after)
        ],
        "breaking": list(breaking_changes(before, after)),
    }


def _compiled(activator: Activator, workflow: str, name: str) -> Compilation:
    text, form = _definition(activator, workflow, name)
    whole = compile_whole(activator.compile, text, form, activator.store.project)
    return cast("Compilation", whole.compilation)


def _definition(activator: Activator, workflow: str, name: str) -> tuple[str, str]:
    if name == DRAFT:
        draft = find_draft(activator.store, workflow)
        if draft is None:
            raise workflow_not_found(workflow)
        return draft.text, draft.format
    found = find_definition(activator.store, workflow, int(name)) if name.isdecimal() else None
    if found is None:
        raise version_not_found(workflow, name)
    return found
