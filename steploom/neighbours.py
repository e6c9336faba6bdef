"""The other workflows of a project: the definitions that stand in the same folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from functions.node_task.sub_runs import OtherWorkflow
from steploom.definition_file import SUFFIXES, compile_file
from translator.definition.model import WorkflowDefinition
from translator.diagnostics import DiagnosticsError


class Neighbours:
    """Finds the machine of a workflow by its id, among the files beside one."""

    def __init__(self, file: Path) -> None:
        self._folder = file.parent
        self._known: dict[str, Mapping[str, Any] | None] = {}

    def machine(self, workflow: str) -> Mapping[str, Any] | None:
        """Its state machine, None if no file has that id; raises DiagnosticsError if it does not compile."""
        if workflow not in self._known:
            file = self._files.get(workflow)
            self._known[workflow] = None if file is None else compile_file(file).whole_machine
        return self._known[workflow]

    def asked(self, workflow: str) -> OtherWorkflow | None:
        """What it asks of its runs, None if no file has that id; raises DiagnosticsError."""
        file = self._files.get(workflow)
        if file is None:
            return None
        compilation = compile_file(file)
        manifest, is_express = compilation.manifest, compilation.machine_type == "EXPRESS"
        return OtherWorkflow(compilation.definition.input, manifest.trigger_keep, is_express)

    def certain_sub_runs(self, workflow: str) -> frozenset[str]:
        """The workflows that every run of that one starts, none if it is not there or is wrong."""
        file = self._files.get(workflow)
        try:
            return frozenset() if file is None else compile_file(file).certain_sub_runs
        except DiagnosticsError:
            return frozenset()

    def definition(self, workflow: str) -> WorkflowDefinition | None:
        """Its definition, None if no file has that id or what has it is none."""
        file = self._files.get(workflow)
        try:
            return None if file is None else compile_file(file).definition
        except DiagnosticsError:
            return None

    @property
    def ids(self) -> list[str]:
        """The ids of all definitions of the folder."""
        return [name for name in self._files if name]

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        found: dict[str, Path] = {}
        for file in sorted(self._folder.iterdir(), reverse=True):
            if file.suffix in SUFFIXES:
                found[_id_of(file)] = file
        return found


def _id_of(file: Path) -> str:
    """The id that a definition says it has, empty if it is none."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    return str(document.get("id", "")) if isinstance(document, Mapping) else ""
