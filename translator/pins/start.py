"""What stands in a graph for nodes that have ended: where the run goes on, and where a way ends."""

from __future__ import annotations

from typing import Final

from translator import nodes as node_types
from translator.definition.model import Node
from translator.diagnostics import Position
from translator.graph import OUT, FlowNode
from translator.node_type import Resuming

START: Final = "pins__start"
"""The node behind all that has ended; its edges are those that pinned nodes took."""


def start_node(caught: str | None) -> FlowNode:
    """Where the run goes on, behind the failure of a node if there is one."""
    if caught is None:
        return _silent(START, "Go on", None)
    return _silent(f"{caught}__pinned", f"Go on after {caught}", caught)


def sink_node(source: str, number: int) -> FlowNode:
    """Where a failure is caught whose edge leads to what has ended already."""
    return _silent(f"{source}__caught{number}", f"{source} is caught", None)


def _silent(name: str, title: str, caught: str | None) -> FlowNode:
    node_type = node_types.load("transform")
    definition = Node.model_construct(id=name, type=node_type.name)
    lowering = Resuming(caught)
    return FlowNode(name, title, definition, node_type, lowering, (OUT,), Position(0, 0, ""))
