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
    _refuse_settings(definition, report)


def _refuse_settings(definition: WorkflowDefinition, report: Report) -> None:
    if definition.metrics:
        _refuse(report, "`metrics`", "/metrics")


def _refuse(report: Report, what: str, pointer: str) -> None:
    report.error(NOT_YET, f"{what} is not compiled by this version", "remove it for now", pointer)
