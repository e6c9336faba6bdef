"""The run's output, as an expression wherever the run can end."""

from __future__ import annotations

from collections.abc import Mapping

from translator.graph import FlowGraph
from translator.json_value import JsonValue
from translator.lower.draft import DraftScope, Transition, expression
from translator.lower.liveness import drafts
from translator.lower.presence import At, Presence, at_end, succeeded
from translator.lower.values import Names, ran_flag


def run_outputs(
    graph: FlowGraph, back: frozenset[int], scope: DraftScope, declared: JsonValue, names: Names
) -> Mapping[int, JsonValue]:
    """By transition that ends the machine (its identity): the run's output there.

    What the definition declares, or an object of the outputs of those nodes that succeeded and that no edge
    but one that repeats a loop (`back`) leaves. Where only the run can tell whether one did, a flag of its own does.
    """
    ends = at_end(scope, succeeded)
    if declared is not None:
        value = names.value(declared)
        return {id(transition): value for _, transition, _ in ends}
    leaves = [node for node in graph.nodes if all(edge.index in back for edge in graph.outgoing[node])]
    unsure = {leaf for leaf in leaves for _, _, behind in ends if behind.get(leaf) == Presence.MAYBE}
    _add_flags(scope, unsure)
    return {id(transition): _of_leaves(leaves, behind) for _, transition, behind in ends}


def _add_flags(scope: DraftScope, nodes: set[str]) -> None:
    for draft in drafts(scope):
        for transition in draft.transitions():
            _flag(transition, nodes)


def _flag(transition: Transition, nodes: set[str]) -> None:
    for node in nodes.intersection(transition.assign):
        transition.then[ran_flag(node)] = True


def _of_leaves(leaves: list[str], behind: At) -> JsonValue:
    sure: dict[str, JsonValue] = {}
    unsure: list[str] = []
    for leaf in leaves:
        presence = behind.get(leaf, Presence.NO)
        if presence == Presence.YES:
            sure[leaf] = expression(f"${leaf}")
        elif presence == Presence.MAYBE:
            unsure.append(leaf)
    if not unsure:
        return sure
    pairs = [f'"{leaf}": ${leaf}' for leaf in sure]
    pairs += [f'"{leaf}": (${ran_flag(leaf)} ? ${leaf})' for leaf in unsure]
    return expression("{" + ", ".join(pairs) + "}")
