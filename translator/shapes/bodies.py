"""The shapes of what bodies give, and of `$item` and `$index` inside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from translator.analyses.order import find_cycle
from translator.graph import FlowGraph, FlowNode
from translator.json_value import JsonValue
from translator.node_type import Branching, Iterating, Repeating
from translator.resolve.bodies import Body
from translator.resolve.nesting import RESULT_OF
from translator.shapes import kinds
from translator.shapes.reading import elements
from translator.shapes.shape import ANYTHING, NULL, NUMBER, TEXT, Shape, array_of, join, object_of

Given: TypeAlias = Callable[[JsonValue, str], Shape]
"""What a template gives where a node evaluates it."""
_FAILED: Final = array_of(object_of({"error": TEXT, "index": NUMBER}))


def body_output(node: FlowNode, body: Body, outputs: Mapping[str, Shape], given: Given) -> Shape | None:
    """What a node with a body gives, None if it has none."""
    lowering = node.lowering
    if isinstance(lowering, Branching):
        found = object_of({name: _of_leaves(graph, outputs) for name, graph in body.parts.items()})
    elif isinstance(lowering, Iterating | Repeating):
        (graph,) = body.parts.values()
        declared = lowering.result
        result = _of_leaves(graph, outputs) if declared is None else given(declared, f"{RESULT_OF}{node.id}")
        found = join(result, NULL) if isinstance(lowering, Repeating) else _of_all(lowering, result)
    else:
        return None
    is_resolved = body.handling is not None and any(each.resolve for each in body.handling.handlers)
    return join(found, NULL) if is_resolved else found


def _of_all(lowering: Iterating, result: Shape) -> Shape:
    every = array_of(result.without(kinds.NOTHING))
    return object_of({"items": every, "failed": _FAILED}) if lowering.tolerates else every


def _of_leaves(graph: FlowGraph, outputs: Mapping[str, Shape]) -> Shape:
    """By the rule for runs: what the nodes without outgoing edges gave, as far as they ran."""
    leaves = [node for node in graph.nodes if not graph.outgoing[node]]
    following = {node: [edge.target for edge in graph.outgoing[node]] for node in graph.nodes}
    # What only leads back to a loop's beginning is a leaf as well.
    has_loops = bool(find_cycle(following))
    return object_of({leaf: outputs[leaf].or_nothing for leaf in leaves}, is_loose=has_loops)


def iteration_name(name: str, body: FlowNode, given: Given) -> Shape:
    """`$item` or `$index` in the body of a `for_each`."""
    if not isinstance(body.lowering, Iterating):
        return ANYTHING
    if name == "index":
        return NUMBER
    found = elements(given(body.lowering.items, body.id))
    return found if found.kinds else ANYTHING
