"""The lower phase as a whole: regions in, typed states out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from translator.asl import Machine
from translator.definition.model import RetryPreset, WorkflowDefinition
from translator.error_classes import NAMES_OF_CLASS
from translator.graph import FlowGraph
from translator.json_value import JsonValue
from translator.lower.context import ENDED, Context
from translator.lower.control import draft_machine
from translator.lower.draft import reads
from translator.lower.errors import ANY
from translator.lower.liveness import drop_unread, find_liveness, write_resets
from translator.lower.output import leaves, run_outputs
from translator.lower.passage import drafts
from translator.lower.pinning import Pinning
from translator.lower.place import place
from translator.lower.typed import typed_states
from translator.lower.values import CAUGHT, Names
from translator.projection.flow import find_wants
from translator.projection.want import PASSED
from translator.regions import Regions
from translator.resolve.handling import Handler


@dataclass(frozen=True)
class Lowered:
    """A machine whose states are called by keys, and the name that each would like to have."""

    machine: Machine
    wishes: Mapping[str, str]
    trigger_keep: JsonValue = "reference"
    """What of `$trigger` the machine itself looks at, as a Task's `keep` says it of an output."""


@dataclass(frozen=True)
class Part:
    """A structured part of a workflow: the normal one, or the one that handles failures."""

    graph: FlowGraph
    regions: Regions
    back: frozenset[int]
    """The edges that repeat a loop, by index."""
    pinned: Pinning | None = None
    """What stands for nodes that ended before the run."""

    @property
    def leaves(self) -> Sequence[str]:
        """The nodes whose outputs are the run's where it declares none."""
        return leaves(self.graph, self.back) if self.pinned is None else self.pinned.leaves


def lower(
    definition: WorkflowDefinition,
    normal: Part,
    handling: Part | None,
    handlers: tuple[Handler, ...],
    project: str,
) -> Lowered:
    """Every state with its expressions, assignments and transitions."""
    variables = {variable.name: variable.value for variable in definition.variables}
    parts = [normal] if handling is None else [normal, handling]
    known = frozenset(node.id for node in definition.nodes) | frozenset(variables) | {"error"}
    names = Names(definition.id, known, {} if normal.pinned is None else normal.pinned.texts)
    own = own_errors(definition)
    leaves_of_parts = [part.leaves for part in parts]
    nodes = {name: node for part in parts for name, node in part.graph.nodes.items()}
    wants = find_wants(definition, nodes, chain.from_iterable(leaves_of_parts))
    contexts = [Context(project, part.graph, part.regions, part.back, names, own, wants) for part in parts]
    scope = draft_machine(contexts[0], contexts[1] if handling else None, handlers)
    outputs = run_outputs(leaves_of_parts, scope, definition.output, names)
    drop_unread(scope, frozenset().union(*(reads(output) for output in outputs.values())))
    liveness = find_liveness(scope, lambda transition: reads(outputs.get(id(transition))))
    write_resets(scope, liveness)
    defaults = {**variables, CAUGHT: None, ENDED: None}
    placed = place(scope, liveness, defaults, outputs)
    states = typed_states(placed)
    wishes = {draft.key: draft.name for draft in drafts(scope)}
    comment = definition.name or definition.id
    machine = Machine(comment, states, definition.settings.timeout_seconds)
    return Lowered(machine, wishes, wants.get("trigger", PASSED).to_json())


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
    return tuple(sorted(mentioned - NAMES_OF_CLASS.keys() - {ANY}))
