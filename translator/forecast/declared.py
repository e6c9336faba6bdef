"""What a definition itself says of counts."""

from __future__ import annotations

from typing import Final

from translator.definition.model import WorkflowDefinition

_BOUNDS: Final = {"while": "max_iterations", "for_each": "max_items"}
"""By node type the parameter that says how often its body runs at most."""


def declared_counts(definition: WorkflowDefinition) -> dict[str, int]:
    """By node how often its body runs at most, where the definition says it."""
    found: dict[str, int] = {}
    for node in definition.nodes:
        bound = node.parameters.get(_BOUNDS.get(node.type, ""))
        if isinstance(bound, int):
            found[node.id] = bound
    return found
