"""The lower phase as a whole: regions in, typed states out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from translator.asl import Machine
from translator.definition.model import RetryPreset, WorkflowDefinition
from translator.error_classes import NAMES_OF_CLASS
from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.lower.context import ENDED, TOO_MANY_FAILED, TOO_MANY_ITERATIONS
from translator.lower.control import draft_machine
from translator.lower.draft import batch_key, reads
from translator.lower.errors import ANY
from translator.lower.liveness import find_liveness, write_resets
from translator.lower.making import Making
from translator.lower.output import body_outputs, end_apart, give_iteration_results, run_outputs
from translator.lower.part import BodyParts, Part
from translator.lower.passage import drafts
from translator.lower.place import place
from translator.lower.typed import typed_states
from translator.lower.unread import drop_unread
from translator.lower.values import CAUGHT, Names, round_of
from translator.node_type import Branching
from translator.projection.flow import answering, find_wants, views_by_node
from translator.projection.want import PASSED


@dataclass(frozen=True)
class Lowered:
    """A machine whose states are called by keys, and the name that each would like to have."""

    machine: Machine
    wishes: Mapping[str, str]
    trigger_keep: JsonValue = "reference"
    """What of `$trigger` the machine itself looks at, as a Task's `keep` says it of an output."""
    pins_keep: Mapping[str, JsonValue] = field(default_factory=dict)
    """The same of the outputs of pinned nodes, by node."""


def lower(
    definition: WorkflowDefinition, whole: BodyParts, bodies: Mapping[str, BodyParts], project: str
) -> Lowered:
    """Every state with its expressions, assignments and transitions."""
    variables = {variable.name: variable.value for variable in definition.variables}
    parts = [*whole.parts.values(), *([whole.handling] if whole.handling else [])]
    pinned = parts[0].pinned
    known = frozenset(node.id for node in definition.nodes) | frozenset(variables)
    nodes = {name: node for part in [*parts, *_inner(bodies)] for name, node in part.graph.nodes.items()}
    leaves_of_parts = [part.leaves for part in parts]
    merged = {each.name: each.merge for each in definition.variables if each.merge is not None}
    kept = chain(_kept_whole(bodies, nodes), sorted(merged))
    wants = find_wants(definition, nodes, chain.from_iterable(leaves_of_parts), kept)
    names = Names(
        definition.id,
        known | {"error", "item", "index"},
        {} if pinned is None else pinned.texts,
        functions=answering(nodes),
        views=views_by_node(wants),
    )
    making = Making(project, own_errors(definition), nodes, bodies, wants, merged)
    contexts = [making.context(part, names) for part in parts]
    scope = draft_machine(contexts[0], contexts[1] if whole.handling else None, whole.handlers)
    end_apart(scope, definition.output, names)
    give_iteration_results(scope)
    outputs = {**run_outputs(leaves_of_parts, scope, definition.output, names), **body_outputs(scope)}
    drop_unread(scope, frozenset().union(*(reads(output) for output in outputs.values())))
    liveness = find_liveness(scope, lambda transition: reads(outputs.get(id(transition))), merged)
    write_resets(scope, liveness)
    rounds = {} if pinned is None else {round_of(header): count for header, count in pinned.rounds.items()}
    defaults = {**variables, **rounds, CAUGHT: None, ENDED: None}
    placed = place(scope, liveness, defaults, outputs)
    states = typed_states(placed)
    wishes = {draft.key: draft.name for draft in drafts(scope)}
    wishes |= {batch_key(draft.key): f"{draft.name}: batch" for draft in drafts(scope) if draft.kind == "map"}
    comment = definition.name or definition.id
    machine = Machine(comment, states, definition.settings.timeout_seconds)
    keep = {name: wants.get(name, PASSED).to_json() for name in names.pinned}
    return Lowered(machine, wishes, wants.get("trigger", PASSED).to_json(), keep)


def _inner(bodies: Mapping[str, BodyParts]) -> list[Part]:
    found = [part for body in bodies.values() for part in body.parts.values()]
    return found + [body.handling for body in bodies.values() if body.handling is not None]


def _kept_whole(bodies: Mapping[str, BodyParts], nodes: Mapping[str, FlowNode]) -> Iterator[str]:
    """What a body gives if it declares no result: expressions outside may look into any of it."""
    for node, body in bodies.items():
        lowering = nodes[node].lowering if node in nodes else None
        if isinstance(lowering, Branching) or getattr(lowering, "result", "") is None:
            for part in body.parts.values():
                yield from part.leaves


def own_errors(definition: WorkflowDefinition) -> tuple[str, ...]:
    """The error names that the definition mentions and that are no class of ours."""
    mentioned: set[str] = set()
    for edge in definition.edges:
        mentioned.update(edge.errors or ())
    for handler in definition.error_handlers:
        mentioned.update(handler.errors)
    for node in definition.nodes:
        if not isinstance(node.retry_policy, RetryPreset):
            for entry in node.retry_policy or ():
                mentioned.update(entry.errors)
    return tuple(sorted(mentioned - NAMES_OF_CLASS.keys() - {ANY, TOO_MANY_ITERATIONS, TOO_MANY_FAILED}))
