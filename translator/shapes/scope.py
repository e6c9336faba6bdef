"""What every name of a workflow stands for, as far as it is known before a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from translator.analyses.succeeded import Succeeded, find_succeeded, reverse_postorder
from translator.definition.model import Variable, WorkflowDefinition
from translator.graph import FlowGraph, FlowNode
from translator.json_value import JsonValue
from translator.node_type import Passing
from translator.resolve.bodies import Body
from translator.resolve.nesting import Nesting, find_nesting
from translator.shapes import kinds
from translator.shapes.bodies import body_output, iteration_name
from translator.shapes.expression import Inferred, infer, unknown_name
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.literal import shape_of
from translator.shapes.shape import (
    ANYTHING,
    ARRAY,
    BOOLEAN,
    JSON,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    Shape,
    array_of,
    join,
    join_all,
    meet,
    object_of,
    text_of,
)
from translator.shapes.template import template_shape

_OF_ITERATIONS: Final = frozenset({"item", "index"})
TYPES: Final[Mapping[str, Shape]] = {
    "string": TEXT,
    "number": NUMBER,
    "integer": NUMBER,
    "boolean": BOOLEAN,
    "object": OBJECT,
    "array": ARRAY,
}
_ERROR: Final = object_of(
    {
        "error": TEXT,
        "cause": TEXT.or_nothing,
        "node": TEXT,
        "iteration": JSON.or_nothing,
        "retry_after": NUMBER.or_nothing,
    }
)


@dataclass(frozen=True)
class Scope:
    """The shapes of outputs, variables, `$trigger`, `$run` and `$error`, for whichever node reads them."""

    definition: WorkflowDefinition
    graphs: tuple[FlowGraph, ...]
    """The normal part, and what handles failures."""
    outputs: Mapping[str, Shape]
    """By node: what it gives if it succeeds."""

    def inferred(self, source: str, reader: str, *, is_edge: bool = False) -> Inferred:
        """What is known of an expression where `reader`, of an edge its source, evaluates it."""
        return infer(source, lambda name: self.name(name, reader, is_edge=is_edge))

    def name(self, name: str, reader: str, *, is_edge: bool = False) -> Shape:
        """What `$name` is there; the output of a node that may have been skipped may be null."""
        if name in self.outputs:
            has_succeeded = any(part.surely(name, reader) for part in self._succeeded)
            has_succeeded = has_succeeded or (is_edge and name == reader)
            return self.outputs[name] if has_succeeded else join(self.outputs[name], NULL)
        if name in self.variables:
            return self.variables[name]
        body = self._nodes.get(self._nesting.giver(reader, name) or "") if name in _OF_ITERATIONS else None
        if body is not None:
            return iteration_name(name, body, self.given)
        return self._fixed.get(name, ANYTHING)

    def given(self, template: JsonValue, reader: str) -> Shape:
        """What a template gives where a node evaluates it."""
        return template_shape(template, lambda source: self.inferred(source, reader).shape)

    @cached_property
    def variables(self) -> Mapping[str, Shape]:
        """By variable: its first value and whatever is set, within its declared type."""
        assigned: dict[str, list[JsonValue]] = {}
        for node in (node for graph in self.graphs for node in graph.nodes.values()):
            if isinstance(node.lowering, Passing):
                for name, template in node.lowering.assign.items():
                    assigned.setdefault(name, []).append(template)
        return {
            variable.name: _variable(variable, assigned.get(variable.name, []))
            for variable in self.definition.variables
        }

    @cached_property
    def _nodes(self) -> Mapping[str, FlowNode]:
        return {name: node for graph in self.graphs for name, node in graph.nodes.items()}

    @cached_property
    def _nesting(self) -> Nesting:
        return find_nesting(self.definition)

    @cached_property
    def _succeeded(self) -> tuple[Succeeded, ...]:
        return tuple(find_succeeded(graph) for graph in self.graphs)

    @cached_property
    def _fixed(self) -> Mapping[str, Shape]:
        workflow = text_of(self.definition.id)
        run = {"id": TEXT, "workflow": workflow, "version": NUMBER.or_nothing, "started_at": TEXT}
        return {
            "trigger": join_all(_triggers(self.definition)),
            "run": object_of(run),
            "error": join(_ERROR, NULL),
        }


def scope_of(
    definition: WorkflowDefinition, graphs: tuple[FlowGraph, ...], bodies: Mapping[str, Body]
) -> Scope:
    """The scope of a workflow; in a loop a node knows nothing of the outputs of those behind it.

    What a body gives is known only when its nodes are, and these read what is outside: so it goes over
    everything once more where there are bodies.
    """
    outputs: dict[str, Shape] = {node: JSON for graph in graphs for node in graph.nodes}
    scope = Scope(definition, graphs, outputs)
    passes = [graphs, tuple(reversed(graphs)), graphs] if bodies else [graphs]
    for graph in (graph for found in passes for graph in found):
        for node in reverse_postorder(graph):
            outputs[node] = _output(graph.nodes[node], scope, bodies)
    return scope


def _output(node: FlowNode, scope: Scope, bodies: Mapping[str, Body]) -> Shape:
    if node.id in bodies:
        found = body_output(node, bodies[node.id], scope.outputs, scope.given)
        if found is not None:
            return found
    if isinstance(node.lowering, Passing):
        return scope.given(node.lowering.output, node.id)
    schema = node.type.output_schema(node.definition.parameters)
    return JSON if schema is None else shape_of_schema(schema)


def _variable(variable: Variable, assigned: list[JsonValue]) -> Shape:
    """Where a value is not known the declared type is; a first value that says nothing is no knowledge."""
    first = shape_of(variable.value)
    declared = TYPES.get(variable.type)
    if not assigned and variable.value is None:
        return JSON if declared is None else join(declared, NULL)
    given = [template_shape(template, _without_names) for template in assigned]
    found = _widened(join_all([first, *given]))
    if declared is None:
        return found
    met = meet(found.without(kinds.NULL), declared)
    met = met if met.kinds else declared
    return join(met, NULL) if found.kinds & kinds.NULL else met


def _without_names(source: str) -> Shape:
    return infer(source, unknown_name).shape


def _widened(shape: Shape) -> Shape:
    """Without the texts themselves: who starts a run may give a variable another value."""
    items = None if shape.items is None else _widened(shape.items)
    fields = shape.fields
    if fields is None:
        return Shape(shape.kinds, None, items)
    known = {name: _widened(inner) for name, inner in fields.known.items()}
    widened = object_of(known, _widened(fields.rest), is_loose=fields.is_loose)
    return Shape(shape.kinds, None, items, widened.fields)


def _triggers(definition: WorkflowDefinition) -> Iterator[Shape]:
    """What `$trigger` may be, one trigger after the other."""
    body = JSON if definition.input is None else shape_of_schema(definition.input)
    if not definition.triggers:
        yield object_of({"id": TEXT, "type": TEXT, "body": body.or_nothing})
    for trigger in definition.triggers:
        fired = {"id": text_of(trigger.id), "type": text_of(trigger.type), "body": body}
        if trigger.type == "manual":
            yield object_of(fired)
        elif trigger.type == "webhook":
            yield object_of({**fired, **_REQUEST})
        else:
            yield object_of({**fired, "body": JSON.or_nothing}, JSON)


_REQUEST: Final[Mapping[str, Shape]] = {
    "method": TEXT,
    "path": TEXT,
    "headers": object_of({}, TEXT),
    "query": object_of({}, join(TEXT, array_of(TEXT))),
    "received_at": TEXT.or_nothing,
    "body_is_base64": BOOLEAN.or_nothing,
}
