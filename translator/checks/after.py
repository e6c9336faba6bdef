"""WF681 to WF683: workflow triggers that go round in a circle, or say what means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.definition.asking import WorkflowTrigger
from translator.diagnostics import Diagnostic, Severity
from translator.node_type import Starting

AFTER_ITSELF: Final = "WF681"
STARTS_WHAT_IT_FOLLOWS: Final = "WF682"
IDLE: Final = "WF683"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with each workflow trigger."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if isinstance(trigger, WorkflowTrigger):
            yield from _circles(facts, trigger, f"/triggers/{index}/after")
            yield from _idle(facts, trigger, f"/triggers/{index}")


def _circles(facts: Facts, trigger: WorkflowTrigger, pointer: str) -> Iterator[Diagnostic]:
    own, started = facts.resolved.definition.id, _started(facts)
    for place, workflow in enumerate(trigger.after):
        position = facts.resolved.positions.at(f"{pointer}/{place}")
        if workflow == own:
            message = f'trigger "{trigger.id}" starts "{own}" after "{own}" itself: there would be no end'
            yield Diagnostic(
                AFTER_ITSELF, message, "name another workflow, or repeat inside a loop", position
            )
        elif workflow in started:
            message = (
                f'trigger "{trigger.id}" starts a run after "{workflow}", which {started[workflow]} of that '
                "run starts again"
            )
            hint = "put a condition before it that comes to an end, or remove one of the two"
            yield Diagnostic(STARTS_WHAT_IT_FOLLOWS, message, hint, position, Severity.WARNING)


def _started(facts: Facts) -> dict[str, str]:
    """The workflows that a run starts, each with what starts it."""
    nodes = [node for _, node in facts.numbered_nodes()]
    by_node = {
        node.lowering.workflow: f'node "{node.id}"' for node in nodes if isinstance(node.lowering, Starting)
    }
    at_end = {one.start: "`on_end`" for one in facts.resolved.definition.on_end if one.start is not None}
    return {**at_end, **by_node}


def _idle(facts: Facts, trigger: WorkflowTrigger, pointer: str) -> Iterator[Diagnostic]:
    positions = facts.resolved.positions
    for place, workflow in enumerate(trigger.after):
        if workflow in trigger.after[:place]:
            message = f'trigger "{trigger.id}" names "{workflow}" twice'
            yield Diagnostic(
                IDLE, message, "remove one", positions.at(f"{pointer}/after/{place}"), Severity.WARNING
            )
    if trigger.when == "all" and len(trigger.after) > 1:
        return
    for field in ("key", "within_seconds"):
        if field in trigger.model_fields_set:
            message = f'"{field}" of trigger "{trigger.id}" does nothing: it fires at each single end'
            hint = "remove it, or wait for several workflows with `when: all`"
            yield Diagnostic(IDLE, message, hint, positions.at(f"{pointer}/{field}"), Severity.WARNING)
