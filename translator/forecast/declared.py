"""What a definition itself says of counts, and what is told where they are too much for one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.definition.model import WorkflowDefinition
from translator.diagnostics import Diagnostic, Severity
from translator.forecast.forecast import Forecast
from translator.graph import FlowNode

TOO_MANY_EVENTS: Final = "WF503"
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


def event_warnings(forecast: Forecast, nodes: Mapping[str, FlowNode]) -> Iterator[Diagnostic]:
    """Each declared bound that a run cannot reach, because its history has room for fewer."""
    for limit in forecast.limits:
        if limit.count.is_declared and limit.binds:
            hint = f"lower the bound of {limit.count.value:,}, or do more in each call of a function"
            if limit.count.kind == "items":
                hint = "run the items as executions of their own, with `mode: distributed`"
            position = nodes[limit.count.node].position
            yield Diagnostic(TOO_MANY_EVENTS, limit.to_text(), hint, position, Severity.WARNING)
