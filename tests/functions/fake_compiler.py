"""A compiler that is quick: it reads JSON, and its machines only look like ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from layers.runtime.json_value import JsonValue
from translator.definition.model import WorkflowDefinition
from translator.diagnostics import Diagnostic, DiagnosticsError, Position


@dataclass(frozen=True)
class FakeSourceMap:
    """Every node is one Task state of its name."""

    definition: WorkflowDefinition

    def to_json(self) -> Any:
        nodes = {node.id: node.name or node.id for node in self.definition.nodes}
        return {
            "workflow": self.definition.id,
            "states": {name: {"node": node, "role": "task"} for node, name in nodes.items()},
            "nodes": {
                node: {"name": name, "type": "function", "states": [name]} for node, name in nodes.items()
            },
        }


@dataclass(frozen=True)
class FakeManifest:
    """What of `$trigger` a machine reads: what stands in the description, else all of it."""

    trigger_keep: JsonValue


@dataclass(frozen=True)
class FakeCompilation:
    """Reads JSON by the definition's models, and makes a machine that only looks like one."""

    text: str

    @cached_property
    def definition(self) -> WorkflowDefinition:
        try:
            return WorkflowDefinition.model_validate_json(self.text)
        except ValidationError as error:
            raise DiagnosticsError(
                [
                    Diagnostic("WF101", problem["msg"], "correct it", Position(1, 1, str(problem["loc"])))
                    for problem in error.errors()
                ]
            ) from error

    @property
    def sent_text(self) -> str:
        names = [node.name or node.id for node in self.definition.nodes]
        return json.dumps({"Resource": "${NodeTaskFunction}", "States": names})

    @property
    def sent_parts(self) -> dict[str, str]:
        return {"main-order-part-1": "${NodeTaskFunction}"} if self.definition.description == "split" else {}

    @property
    def machine_type(self) -> str:
        return "EXPRESS" if self.definition.settings.type == "express" else "STANDARD"

    @property
    def source_map(self) -> FakeSourceMap:
        return FakeSourceMap(self.definition)

    @property
    def manifest(self) -> FakeManifest:
        said = self.definition.description
        return FakeManifest(json.loads(said) if said.startswith("{") else True)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return ()


def fake_compile(text: str, *, file_name: str, project: str) -> FakeCompilation:
    return FakeCompilation(text)
