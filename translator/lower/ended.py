"""A node of a loop that ended before the run in the iteration that is under way: there it is passed by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from translator.asl import Origin
from translator.graph import EndedBefore, FlowEdge, FlowNode
from translator.lower.context import Context
from translator.lower.draft import Draft, Transition, expression
from translator.lower.pinning import PINS
from translator.lower.values import round_of

Follow = Callable[[tuple[FlowEdge, ...]], Transition]
"""Where a port of the node with these edges leads."""


def passed_by(context: Context, node: FlowNode, drafts: list[Draft], follow: Follow) -> list[Draft]:
    """The node's states behind a Choice that knows which iteration it has ended in already."""
    if node.ended is None:
        return drafts
    first, *others = drafts
    first = replace(first, key=f"again:{node.id}")
    condition = " and ".join(f"${round_of(header)} = {count}" for header, count in node.ended.rounds)
    choose = Draft(f"node:{node.id}", f"{node.name}: ended before?", Origin("", "entry"), "choice")
    choose.rules = [(condition, _behind(context, node, node.ended, follow))]
    choose.success = Transition(first.key)
    return [choose, first, *others]


def _behind(context: Context, node: FlowNode, ended: EndedBefore, follow: Follow) -> Transition:
    edges = dict(context.graph.ports_of(node.id)).get(ended.port or "", ())
    transition = follow(edges)
    if ended.status == "succeeded":
        transition.assign[node.id] = expression(f"{PINS}.{node.id}")
    elif ended.status == "failed":
        transition.assign[context.names.caught] = expression(f"{PINS}.{node.id}")
    return transition
