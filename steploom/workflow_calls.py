"""Compares what nodes run with the workflows beside them in the folder, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steploom.neighbours import Neighbours
from translator.compiler import Compilation
from translator.definition.model import Node, WorkflowDefinition
from translator.diagnostics import Diagnostic, Severity
from translator.diagnostics.nearest import nearest

CODE: Final = "workflow"
"""Not of the catalogue: the translator knows one workflow at a time, only the folder knows others."""
_MANUAL: Final = "manual"


def misfits(compilation: Compilation, neighbours: Neighbours) -> Iterator[Diagnostic]:
    """A warning for each sub-run of a workflow that seems misspelt, or by a trigger that it does not have.

    A workflow that is not in the folder may be somewhere else in the project.
    """
    for index, node in enumerate(compilation.definition.nodes):
        if node.type != "workflow":
            continue
        pointer = f"/nodes/{index}/parameters"
        found = _misfit(compilation.definition.id, node, neighbours)
        if found is not None:
            field, message, hint = found
            position = compilation.source.positions.at(f"{pointer}/{field}")
            yield Diagnostic(CODE, message, hint, position, Severity.WARNING)


def _misfit(own: str, node: Node, neighbours: Neighbours) -> tuple[str, str, str] | None:
    workflow, trigger = str(node.parameters["workflow"]), str(node.parameters.get("trigger", _MANUAL))
    other = neighbours.definition(workflow)
    if other is None:
        near = nearest(workflow, [name for name in neighbours.ids if name != own])
        message = f'node "{node.id}" runs the workflow "{workflow}", which is not in the folder'
        return None if near is None else ("workflow", message, f'did you mean "{near}"?')
    triggers = _triggers(other)
    if trigger in triggers:
        return None
    message = f'node "{node.id}" fires the trigger "{trigger}", which the workflow "{workflow}" does not have'
    return "trigger", message, f"it has: {', '.join(triggers)}"


def _triggers(definition: WorkflowDefinition) -> list[str]:
    return [trigger.id for trigger in definition.triggers] or [_MANUAL]
