"""What answers show of definitions, inputs and outputs, and what they leave out if they are asked to."""

from __future__ import annotations

import json
from typing import Any

from infra.local.states.machine import Machine, Revision
from infra.local.states.machine_options import filled
from infra.local.states.parameters import Parameters
from infra.local.states.variable_references import variable_references


def includes_data(parameters: Parameters) -> bool:
    """Whether a request wants more than METADATA_ONLY."""
    return parameters.text("includedData") != "METADATA_ONLY"


def described_definition(
    machine: Machine, revision: Revision, text: str, *, with_data: bool
) -> dict[str, Any]:
    """The definition and what goes with it; without data it is `{}` (API reference: DescribeStateMachine)."""
    references = variable_references(json.loads(text)) if with_data else {}
    return {
        "definition": text if with_data else "{}",
        **filled(revision.options),
        **revision_id(machine, revision),
        **({"variableReferences": references} if references else {}),
    }


def revision_id(machine: Machine, revision: Revision) -> dict[str, str]:
    """The id of a revision; the one that a machine was created with has none (recorded)."""
    return {"revisionId": revision.identity} if revision.updated_at != machine.created_at else {}


def without_included(answer: dict[str, Any]) -> dict[str, Any]:
    """An execution without input and output."""
    kept = {name: value for name, value in answer.items() if name not in {"input", "output"}}
    cut = [name for name in ("inputDetails", "outputDetails") if name in kept]
    return {**kept, **{name: {"included": False} for name in cut}}
