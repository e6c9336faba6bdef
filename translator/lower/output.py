"""The run's output, as an expression wherever the run can end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from translator.graph import FlowGraph
from translator.json_value import JsonValue
from translator.lower.draft import HANDLED, DraftScope, Transition, expression, source_of
from translator.lower.passage import drafts
from translator.lower.presence import At, Presence, Tracing
from translator.lower.values import Names, ran_flag


def run_outputs(
    leaves_of_parts: Sequence[Sequence[str]], scope: DraftScope, declared: JsonValue, names: Names
) -> Mapping[int, JsonValue]:
    """By transition that ends the machine (its identity): the run's output there.

    What the definition declares, or an object of the outputs of those leaves that succeeded: of the normal
    part, or of the part that handled a failure where the run ends there (`leaves_of_parts` in this order).
    Where only the run can tell whether one did, a flag does.
    """
    tracing = Tracing.with_branches(scope)
    ends = tracing.at_end(scope)
    if declared is not None:
        value = names.value(declared)
        return {id(transition): value for _, transition, _ in ends}
    normal, handling = leaves_of_parts[0], leaves_of_parts[-1]
    everywhere = {*normal, *handling}
    unsure = {
        leaf
        for leaf in everywhere
        for _, _, behind in ends
        if tracing.presence(behind, leaf) == Presence.MAYBE
    }
    _add_flags(scope, unsure)
    return {
        id(transition): _of_leaves(
            handling if draft.key.startswith(HANDLED) else normal, behind, tracing, names.pinned
        )
        for draft, transition, behind in ends
    }


def leaves(graph: FlowGraph, back: frozenset[int]) -> list[str]:
    """The nodes that no edge leaves, but for those that repeat a loop."""
    return [node for node in graph.nodes if all(edge.index in back for edge in graph.outgoing[node])]


def _add_flags(scope: DraftScope, nodes: set[str]) -> None:
    for draft in drafts(scope):
        for transition in draft.transitions():
            _flag(transition, nodes)


def _flag(transition: Transition, nodes: set[str]) -> None:
    for node in nodes.intersection(transition.assign):
        transition.then[ran_flag(node)] = True


def _of_leaves(leaves: Sequence[str], behind: At, tracing: Tracing, pinned: Mapping[str, str]) -> JsonValue:
    sure: dict[str, JsonValue] = {leaf: expression(pinned[leaf]) for leaf in leaves if leaf in pinned}
    unsure: list[str] = []
    for leaf in leaves:
        presence = tracing.presence(behind, leaf)
        if presence == Presence.YES:
            sure[leaf] = expression(f"${leaf}")
        elif presence == Presence.MAYBE:
            unsure.append(leaf)
    if not unsure:
        return sure
    pairs = [f'"{leaf}": {source_of(value)}' for leaf, value in sure.items()]
    pairs += [f'"{leaf}": (${ran_flag(leaf)} ? ${leaf})' for leaf in unsure]
    return expression("{" + ", ".join(pairs) + "}")
