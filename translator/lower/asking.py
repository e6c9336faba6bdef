"""Edges' own conditions that may fail: evaluated where a handler can take the failure, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.asl import Origin
from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.certainty import source_may_fail
from translator.graph import ENTRY, FlowEdge, FlowNode
from translator.json_value import JsonValue
from translator.lower.context import Context
from translator.lower.draft import END, Draft, DraftScope, Transition
from translator.lower.errors import retriers
from translator.lower.handled import with_handlers
from translator.lower.node import caught
from translator.node_type import Branching, Invoking, Iterating, Starting

if TYPE_CHECKING:
    from translator.lower.frame import Frame


def can_fail(context: Context, edge: FlowEdge) -> bool:
    """Whether evaluating the edge's own condition may be an error."""
    return edge.when is not None and source_may_fail(context.when_source(edge))


def is_settled_before(frame: Frame, edge: FlowEdge) -> bool:
    """Whether the condition is a flag already where a Choice could ask for it: a Choice has no Catch."""
    return _is_watched(frame) and can_fail(frame.context, edge)


def condition_of(frame: Frame, edge: FlowEdge) -> str:
    """What a Choice asks for where nothing but the edge's own condition is open."""
    context = frame.context
    return context.taken(edge) if is_settled_before(frame, edge) else context.when_source(edge)


def guarded(frame: Frame, edges: tuple[FlowEdge, ...], way: Transition) -> Transition:
    """The way of a port; conditions that may fail are evaluated by a state of their own where they must be.

    The source has succeeded by then, so its error edges and retries must not take the failure. A Task
    without such evaluates them itself, and its handlers take it.
    """
    context = frame.context
    open_flags = {context.flag(edge) for edge in edges if can_fail(context, edge)}
    asked = {
        name: value for name, value in way.then.items() if name in open_flags and not isinstance(value, bool)
    }
    if not asked or edges[0].source == ENTRY:
        return way
    node = context.graph.nodes[edges[0].source]
    takes_it_itself = _is_watched(frame) and not isinstance(node.lowering, Invoking)
    if not takes_it_itself and not _takes_failures(context, node):
        return way
    rest = {name: value for name, value in way.then.items() if name not in asked}
    return Transition(_ask(frame, node, edges[0], asked, Transition(way.target, way.assign, rest)))


def _ask(frame: Frame, node: FlowNode, edge: FlowEdge, asked: dict[str, JsonValue], way: Transition) -> str:
    key, origin = f"ask:{frame.scope.part}{edge.index}", Origin(node.id, "when")
    inner = Draft(f"asking:{key}", f"{node.name}: where to?", origin, "pass")
    inner.success = Transition(END, assign=asked)
    draft = Draft(key, f"{node.name}: where to, guarded", origin, "parallel", success=way)
    draft.branches = [DraftScope(inner.key, {inner.key: inner})]
    return frame.scope.add(with_handlers(frame.scope, draft))


def _is_watched(frame: Frame) -> bool:
    """Whether a handler waits for failing expressions in this scope; in a branch its Parallel fails."""
    here = (each for each in frame.scope.catching if each.path == frame.scope.path)
    return any(EXPRESSION_FAILED in each.errors for each in here)


def _takes_failures(context: Context, node: FlowNode) -> bool:
    """Whether the node's own Catch or Retry would take a failure of what is evaluated with its success."""
    if isinstance(node.lowering, Starting | Iterating | Branching):
        return True
    errors = [edge.errors for edge in context.graph.outgoing[node.id] if edge.is_error]
    if any(EXPRESSION_FAILED in caught(names, context.own_errors) for names in errors):
        return True
    if not isinstance(node.lowering, Invoking):
        return False
    return any(EXPRESSION_FAILED in each.errors for each in retriers(node.definition, context.own_errors))
