"""Compares what nodes run with the workflows beside them in the folder, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from steploom.neighbours import Neighbours
from translator.compiler import Compilation
from translator.definition.asking import WorkflowTrigger
from translator.definition.model import Node, Trigger, WorkflowDefinition
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


def endless(compilation: Compilation, neighbours: Neighbours) -> Iterator[Diagnostic]:
    """A warning where every run starts runs that come to start this workflow again; WF376 tells of itself."""
    own = compilation.definition.id
    ways: list[tuple[str, ...]] = [(name,) for name in sorted(compilation.certain_sub_runs - {own})]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        following = neighbours.certain_sub_runs(way[-1])
        if own in following:
            by = ", ".join(f'"{name}"' for name in way)
            message = f"every run starts another one of this same workflow, by way of {by}: there is no end"
            position = compilation.source.positions.at("/nodes")
            yield Diagnostic(CODE, message, "put a condition before one of them", position, Severity.WARNING)
            return
        ways += [(*way, name) for name in sorted(following)]


def circles(compilation: Compilation, neighbours: Neighbours) -> Iterator[Diagnostic]:
    """An error for each trigger by which the workflow comes after itself, by way of others."""
    definition = compilation.definition
    for index, trigger in enumerate(definition.triggers):
        way = _way_back(definition.id, trigger, neighbours)
        if way:
            told = ", which comes after ".join(f'"{name}"' for name in (definition.id, *way))
            message = f'trigger "{trigger.id}" closes a circle of workflows: {told}'
            hint = "remove one of their triggers: each run would start another one, without end"
            yield Diagnostic(CODE, message, hint, compilation.source.positions.at(f"/triggers/{index}/after"))


def _way_back(own: str, trigger: Trigger, neighbours: Neighbours) -> tuple[str, ...]:
    ways: list[tuple[str, ...]] = [(name,) for name in _after([trigger]) if name != own]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == own:
            return way
        other = neighbours.definition(way[-1]) if way[-1] not in seen else None
        seen.add(way[-1])
        ways += [(*way, name) for name in _after(other.triggers if other else ())]
    return ()


def _after(triggers: Sequence[Trigger]) -> list[str]:
    return [name for one in triggers if isinstance(one, WorkflowTrigger) for name in one.after]


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
