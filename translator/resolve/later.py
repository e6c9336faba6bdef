"""Refuses the parts of the language that this version reads but does not compile yet."""

from __future__ import annotations

from typing import Final

from translator.definition.model import WorkflowDefinition
from translator.resolve.report import Report

NOT_YET: Final = "WF290"


def refuse_what_comes_later(definition: WorkflowDefinition, report: Report) -> None:
    """Each such part is an error of its own: nothing is left out silently."""
    for index, node in enumerate(definition.nodes):
        pointer = f"/nodes/{index}"
        if node.compensate_with is not None:
            _refuse(report, f'`compensate_with` of node "{node.id}"', f"{pointer}/compensate_with")
    for index, trigger in enumerate(definition.triggers):
        if trigger.type == "event":
            _refuse(report, f'trigger "{trigger.id}" of type "{trigger.type}"', f"/triggers/{index}/type")
    _refuse_settings(definition, report)


def _refuse_settings(definition: WorkflowDefinition, report: Report) -> None:
    for name in ("on_end", "metrics"):
        if getattr(definition, name):
            _refuse(report, f"`{name}`", f"/{name}")


def _refuse(report: Report, what: str, pointer: str) -> None:
    report.error(NOT_YET, f"{what} is not compiled by this version", "remove it for now", pointer)
