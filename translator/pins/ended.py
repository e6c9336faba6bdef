"""Which edges a pinned node has taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translator.definition.model import Pin
from translator.error_classes import NAMES_OF_CLASS
from translator.graph import OUT, FlowEdge, FlowGraph
from translator.node_type import Choosing


def ended_edges(graph: FlowGraph, node: str, pin: Pin) -> tuple[FlowEdge, ...]:
    """The edges that it has taken; those with a `when` if it holds."""
    if pin.status == "failed":
        edge = error_edge_of(graph, node, pin)
        return () if edge is None else (edge,)
    port = port_of(graph, node, pin) if pin.status == "succeeded" else None
    return tuple(edge for edge in graph.outgoing[node] if edge.port == port)


def port_of(graph: FlowGraph, node: str, pin: Pin) -> Any:
    """The port that a node which succeeded has taken, None if its pin does not tell."""
    if not isinstance(graph.nodes[node].lowering, Choosing):
        return OUT
    return pin.output.get("port") if isinstance(pin.output, Mapping) else None


def error_edge_of(graph: FlowGraph, node: str, pin: Pin) -> FlowEdge | None:
    """The error edge that takes the failure of a pinned node, None if none does."""
    edges = (edge for edge in graph.outgoing[node] if edge.is_error)
    return next((edge for edge in edges if _takes(edge, pin.error or "")), None)


def _takes(edge: FlowEdge, error: str) -> bool:
    if error.startswith("Steploom."):
        return False
    return any(
        name in ("*", error) or error in NAMES_OF_CLASS.get(name, ()) for name in edge.errors or ("*",)
    )
