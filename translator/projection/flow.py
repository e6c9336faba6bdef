"""Follows what is wanted of values from where they are looked at, through transforms, to where they begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from translator.definition.model import WorkflowDefinition
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.node_type import Ending, Invoking, Iterating, Lowering, Passing, Repeating, Starting
from translator.projection.reading import read_wants
from translator.projection.views import NOBODY, Answering, find_views
from translator.projection.want import NOTHING, PASSED, SHAPE, WHOLE, Want


@dataclass(frozen=True, slots=True)
class Reader:
    """A template that is evaluated: its value is that of the name `of`, or else `want` is wanted of it."""

    template: JsonValue
    want: Want = WHOLE
    of: str | None = None
    field: str | None = None
    """Of the name's value it is only this field."""

    def wanted(self, found: Mapping[str, Want]) -> Want:
        """What is wanted of its value, by what is known of names."""
        if self.of is None:
            return self.want
        want = found.get(self.of, NOTHING)
        return want if self.field is None else want.at(self.field)


def find_wants(
    definition: WorkflowDefinition, nodes: Mapping[str, FlowNode], leaves: Iterable[str], kept: Iterable[str]
) -> Mapping[str, Want]:
    """By name of a node, of a variable and of `$trigger`: what the state machine itself wants of its value.

    A name that is not there is never read. A view is there by its text, if something wants it. `leaves` are
    the nodes of the default output, `kept` those that anything may look into.
    """
    readers = list(_readers(definition, nodes, leaves))
    readers.append(Reader([f"{{% ${name} %}}" for name in kept]))
    functions = answering(nodes)
    found: dict[str, Want] = {}
    giving: dict[str, list[Reader]] = {}
    for reader in readers:
        if reader.of is not None:
            giving.setdefault(reader.of, []).append(reader)
    known: dict[int, Want] = {}
    pending = list(readers)
    while pending:
        reader = pending.pop()
        want = reader.wanted(found)
        if known.get(id(reader)) == want:
            continue
        known[id(reader)] = want
        for name, wanted in template_wants(reader.template, want, functions):
            joined = found[name].joined(wanted) if name in found else wanted
            if found.get(name) != joined:
                found[name] = joined
                pending += giving.get(name, ())
    return found


def answering(nodes: Mapping[str, FlowNode]) -> Answering:
    """The nodes whose outputs functions answer; of a `for_each` those that gather what executions gave."""
    working = frozenset(name for name, node in nodes.items() if isinstance(node.lowering, Invoking))
    gathering = frozenset(name for name, node in nodes.items() if _is_gathered(node.lowering))
    return Answering(working | gathering, gathering)


def _is_gathered(lowering: Lowering) -> bool:
    return isinstance(lowering, Iterating) and lowering.children is not None


def views_by_node(wants: Mapping[str, Want]) -> Mapping[str, Mapping[str, str]]:
    """By node and by text, what each view of its output is called in a reference."""
    found: dict[str, dict[str, str]] = {}
    for text in sorted(text for text in wants if text.startswith("$")):
        (node,) = parse_expression(text).free_names
        own = found.setdefault(node, {})
        own[text] = f"view_{len(own) + 1}"
    return found


def _readers(
    definition: WorkflowDefinition, nodes: Mapping[str, FlowNode], leaves: Iterable[str]
) -> Iterator[Reader]:
    for node in nodes.values():
        yield from _of_node(node)
    for edge in definition.edges:
        yield Reader(edge.when)
    for metric in definition.metrics:
        yield Reader(metric.value)
    if definition.settings.concurrency is not None:
        yield Reader(definition.settings.concurrency.key)
    default: JsonValue = [f"{{% ${leaf} %}}" for leaf in leaves]
    yield Reader(default if definition.output is None else definition.output, PASSED)


def _of_node(node: FlowNode) -> Iterator[Reader]:
    match node.lowering:
        case Passing(output, assign):
            yield Reader(output, of=node.id)
            for name, value in assign.items():
                yield Reader(value, of=name)
        case Invoking(parameters, is_evaluation=True):
            yield _of_names(parameters)
        case Invoking(parameters):
            yield Reader(parameters, PASSED)
        case Starting(body=body):
            yield Reader(body, PASSED)
        case Ending(_, output, error, cause):
            yield Reader(output, PASSED)
            yield Reader([error, cause])
        case Iterating(items, result) as iterating:
            if iterating.is_read:
                yield _of_names(items)
            else:
                yield Reader(items, SHAPE)
                yield Reader(items, of="item")
            yield Reader(result, of=node.id, field="items" if iterating.tolerates else None)
        case Repeating(condition, result):
            yield Reader(condition)
            yield Reader(result, of=node.id)
        case _:
            yield Reader(node.definition.parameters)


def _of_names(template: JsonValue) -> Reader:
    """Of a template that a function evaluates: it only gets the values of the names."""
    names = {name for name, _ in template_wants(template, WHOLE)}
    return Reader([f"{{% ${name} %}}" for name in sorted(names)], PASSED)


def template_wants(
    template: JsonValue, want: Want, functions: Answering = NOBODY
) -> Iterator[tuple[str, Want]]:
    """What a JSON template wants of the names in it, if `want` is wanted of its value."""
    if isinstance(template, str):
        yield from _text_wants(template, want, functions)
    elif isinstance(template, Mapping):
        for name, inner in template.items():
            yield from template_wants(inner, want.at(name), functions)
    elif isinstance(template, (list, tuple)):
        for inner in template:
            yield from template_wants(inner, want, functions)


def _text_wants(text: str, want: Want, functions: Answering) -> Iterator[tuple[str, Want]]:
    template = parse_template(text)
    wanted = want if template.whole is not None else WHOLE
    for part in template.expressions:
        tree = parse_expression(part.source)
        yield from read_wants(tree, wanted, find_views(tree, functions)).items()
