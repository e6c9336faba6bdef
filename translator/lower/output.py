"""The run's output, as an expression wherever the run can end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from translator.asl import Origin
from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import source_of
from translator.graph import FlowGraph
from translator.json_value import JsonObject, JsonValue
from translator.lower.draft import END, HANDLED, Draft, DraftScope, Result, Transition, expression
from translator.lower.passage import drafts
from translator.lower.presence import At, Presence, Tracing
from translator.lower.starting import EVERYTHING
from translator.lower.values import Names, ran_flag


def end_apart(scope: DraftScope, declared: JsonValue, names: Names) -> None:
    """Lets a run whose declared output may fail end in a state that catches nothing.

    All nodes have succeeded by then, so no error edge, retry or handler must take that failure.
    """
    source = source_of(names.value(declared))
    if source is None or not source_may_fail(source):
        return
    end = Draft("end:", "End", Origin("", "join"), "succeed", success=Transition(END))
    for draft in list(scope.states.values()):
        if draft.success is not None and draft.success.target == END and _takes_failing_expressions(draft):
            draft.success.target = end.key
            scope.states.setdefault(end.key, end)


def _takes_failing_expressions(draft: Draft) -> bool:
    taken = [errors for errors, _ in draft.catches] + [each.errors for each in draft.retry]
    return any({EXPRESSION_FAILED, EVERYTHING} & set(errors) for errors in taken)


def run_outputs(
    leaves_of_parts: Sequence[Sequence[str]], scope: DraftScope, declared: JsonValue, names: Names
) -> Mapping[int, JsonValue]:
    """By transition that ends the machine (its identity): the run's output there.

    What the definition declares, or an object of the outputs of those leaves that succeeded: of the normal
    part, or of the part that handled a failure where the run ends there (`leaves_of_parts` in this order).
    Where only the run can tell whether one did, a flag does.
    """
    if declared is not None:
        value = names.value(declared)
        every = (each for draft in scope.states.values() for each in draft.transitions())
        return {id(transition): value for transition in every if transition.target == END}
    normal, handling = leaves_of_parts[0], leaves_of_parts[-1]
    everywhere = {*normal, *handling}
    tracing = Tracing.with_branches(scope, everywhere)
    ends = tracing.at_end(scope)
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


def body_outputs(scope: DraftScope) -> dict[int, JsonValue]:
    """By transition that ends a scope of a body: what it gives there."""
    found: dict[int, JsonValue] = {}
    for draft in drafts(scope):
        if draft.body is not None:
            for branch, result in zip(draft.branches, draft.body.results, strict=True):
                given = run_outputs([list(result.leaves)], branch, result.declared, result.names)
                found.update((end, _boxed(value, result)) for end, value in given.items())
    return found


def _boxed(value: JsonValue, result: Result) -> JsonValue:
    if result.key is None:
        return value
    index: JsonObject = {} if result.index is None else {"index": expression(f"${result.index}")}
    return {**index, result.key: [value]}


def give_iteration_results(scope: DraftScope) -> None:
    """Makes the result of an iteration a variable where it leads back to the `while`.

    What leaves a `while` says itself that its result is there, so one look at each scope is enough.
    """
    for inner in reversed([scope, *(branch for draft in drafts(scope) for branch in draft.branches)]):
        repeating = [draft for draft in inner.states.values() if draft.again is not None]
        leaves = {leaf for draft in repeating if draft.again for leaf in draft.again.result.leaves}
        tracing = Tracing.with_branches(inner, leaves) if repeating else Tracing()
        entry = tracing.on_entry(inner) if repeating else {}
        for draft in repeating:
            _give_results(inner, draft, tracing, entry)


def _give_results(scope: DraftScope, draft: Draft, tracing: Tracing, entry: Mapping[str, At]) -> None:
    again = draft.again
    assert again is not None
    first = f"node:{again.variable}"
    ends = [
        (transition, behind)
        for key in again.states
        if key in scope.states
        for transition, behind in tracing.outcomes(scope.states[key], entry[key])
        if transition.target == first
    ]
    leaves, names = list(again.result.leaves), again.result.names
    if again.result.declared is None:
        maybe = {leaf for leaf in leaves for _, at in ends if tracing.presence(at, leaf) == Presence.MAYBE}
        if maybe:
            _add_flags(scope, maybe)
    for transition, behind in ends:
        declared = again.result.declared
        value = _of_leaves(leaves, behind, tracing, {}) if declared is None else names.value(declared)
        transition.then[again.variable] = value


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
